using System.Text.Json;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Obligations;

public sealed class when_names_change_on_a_day(District district) : IClassFixture<District>
{
    [Fact]
    public async Task names_beside_codes_change_the_tag_on_the_day_on_which_they_change()
    {
        await Item("燃气许可结果", null);
        var body = "370114-N7";
        await district.Catalog.Post(
            Tokens.OpennessOffice,
            "organisations",
            new
            {
                code = body,
                name = "旧局",
                type = "department",
            },
            201
        );
        var id = (
            await district.Catalog.Post(
                Tokens.Integration,
                "obligations",
                new
                {
                    source = "行政许可系统",
                    reference = "XK-7",
                    title = "燃气许可",
                    item = "district/01-07",
                    body,
                    formedOn = "2026-06-01",
                },
                201
            )
        ).GetProperty("id").GetString();
        var today = OfficialTime.DateIn(district.Clock.GetUtcNow());
        await Item("改了名称的事项", today.AddDays(1));
        await district.Catalog.Scenario(x =>
            x.As(Tokens.OpennessOffice)
                .Patch.Json(new { name = "新局", effectiveFrom = today.AddDays(2) })
                .ToUrl($"/api/v1/organisations/{body}")
        );
        foreach (var (item, name) in new[] { ("改了名称的事项", "旧局"), ("改了名称的事项", "新局") })
        {
            var known = await Read(null);
            Assert.Equal(304, (await Read(known.ETag)).Status);
            district.Clock.Advance(TimeSpan.FromDays(1));
            var read = await Read(known.ETag);
            Assert.Equal(200, read.Status);
            Assert.NotEqual(known.ETag, read.ETag);
            var shown = JsonDocument.Parse(read.Body).RootElement;
            Assert.Equal((item, name), (shown.GetProperty("itemName").GetString(), shown.GetProperty("bodyNames")[0].GetString()));
        }

        Task<JsonElement> Item(string called, DateOnly? effectiveFrom) =>
            district.Catalog.Put(
                Tokens.OpennessOffice,
                "disclosure-catalogues/district/items/01-07",
                new
                {
                    content = new
                    {
                        category = "许可",
                        name = called,
                        content = new[] { "许可结果" },
                        legalBasis = "《中华人民共和国政府信息公开条例》第二十条",
                        bodies = new[] { "370114-ZJ" },
                    },
                    effectiveFrom,
                }
            );

        async Task<(int Status, string ETag, string Body)> Read(string? known)
        {
            var answer = await district.Catalog.Scenario(s =>
            {
                s.As(Tokens.OpennessOffice).Get.Url($"/api/v1/obligations/{id}");
                if (known is not null)
                    s.WithRequestHeader("If-None-Match", known);
                s.IgnoreStatusCode();
            });
            return (
                answer.Context.Response.StatusCode,
                answer.Context.Response.Headers.ETag.ToString(),
                answer.Context.Response.StatusCode == 200 ? await answer.ReadAsTextAsync() : ""
            );
        }
    }
}
