using Alba;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Library;

public sealed class when_looking_into_the_library(District district) : IClassFixture<District>, IAsyncLifetime
{
    static int made;

    IAlbaHost Documents => district.Documents;

    public async ValueTask InitializeAsync()
    {
        if (Interlocked.Exchange(ref made, 1) == 1)
            return;
        for (var n = 1; n <= 5; n++)
            await Documents.Publish(
                await Documents.Draft("第一条 按时供热。", $"第{n}号供热办法"),
                $"测政发〔2026〕{n}号",
                new
                {
                    publishedOn = $"2026-05-2{n}",
                    effectiveFrom = n == 5 ? "2026-12-01" : null,
                    expiresOn = n == 1 ? "2026-05-31" : null,
                }
            );
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void titles_stand_in_the_order_in_which_people_look_for_them() =>
        Assert.Equal(
            ["2号办法", "10号办法", "B法", "按时供热", "北湖第2期", "北湖第10期", "济南", "张三", "甪直"],
            new[] { "张三", "10号办法", "济南", "甪直", "北湖第10期", "2号办法", "按时供热", "北湖第2期", "B法" }.Order(
                Comparer<string>.Create(TitleOrder.Compare)
            )
        );

    [Theory]
    [InlineData("q=测政发[2026]第3号", 1)]
    [InlineData("q=供热 4号", 1)]
    [InlineData("q=不存在", 0)]
    [InlineData("issuer=370114-ZJ&subject=CXJS&kind=other&year=2026", 5)]
    [InlineData("issuer=370114-JY", 0)]
    [InlineData("year=2025", 0)]
    [InlineData("validity=notYetInForce", 1)]
    [InlineData("validity=expired", 1)]
    [InlineData("validity=inForce", 3)]
    public async Task filters_find_what_they_name(string query, int total) =>
        Assert.Equal(
            total,
            (
                await Documents.Get(
                    null,
                    $"library?{query.Replace("[", "%5B", StringComparison.Ordinal).Replace("]", "%5D", StringComparison.Ordinal)}"
                )
            )
                .GetProperty("total")
                .GetInt32()
        );

    [Theory]
    [InlineData("publishedOn", "1 2 3 4 5")]
    [InlineData("-publishedOn", "5 4 3 2 1")]
    [InlineData("title", "1 2 3 4 5")]
    [InlineData("-title", "5 4 3 2 1")]
    public async Task pages_follow_the_order_asked_for(string sort, string order)
    {
        List<string> seen = [];
        for (string? token = ""; token is not null; )
        {
            var page = await Documents.Get(null, $"library?sort={sort}&pageSize=2&pageToken={token}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("title").GetString()![1..2]));
            token = page.GetProperty("nextPageToken").GetString();
        }
        Assert.Equal(order, string.Join(' ', seen));
    }

    [Fact]
    public async Task all_wrong_parameters_are_named_at_once() =>
        Assert.Equal(
            ["pageSize", "sort", "year", "kind", "validity"],
            (await Documents.Get(null, "library?pageSize=0&sort=size&year=25&kind=law&validity=valid", 422)).Pointers()
        );
}
