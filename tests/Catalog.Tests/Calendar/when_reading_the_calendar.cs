using Grpc.Core;
using Grpc.Net.Client;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Calendar;

public sealed class when_reading_the_calendar(District district) : IClassFixture<District>
{
    [Fact]
    public async Task a_deadline_is_counted_over_http_and_grpc_with_its_explanation()
    {
        var counted = await district.Catalog.Get(null, "calendar/working-days?from=2026-06-15&days=5");
        Assert.Equal(("2026-06-23", true), (counted.GetProperty("dueOn").GetString(), counted.GetProperty("certain").GetBoolean()));
        Assert.Contains(
            counted.GetProperty("counted").EnumerateArray(),
            d =>
                d.GetProperty("date").GetString() == "2026-06-19"
                && d.GetProperty("why").GetString() == "端午节"
                && d.GetProperty("number").ValueKind is System.Text.Json.JsonValueKind.Null
        );

        using var channel = GrpcChannel.ForAddress("http://catalog.test", new() { HttpHandler = district.Catalog.Server.CreateHandler() });
        var client = new Contracts.Catalog.V1.Catalog.CatalogClient(channel);
        var answer = await client.CountDaysAsync(
            new()
            {
                From = "2026-06-15",
                Days = 5,
                WorkingDays = true,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(
            (counted.GetProperty("dueOn").GetString(), counted.GetProperty("explanation").GetString()),
            (answer.DueOn, answer.Explanation)
        );
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.CountDaysAsync(new() { From = "morgen", Days = 0 }, cancellationToken: TestContext.Current.CancellationToken)
        );
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task what_cannot_be_counted_is_said_at_once() =>
        Assert.Equal(
            ["days", "from"],
            (await district.Catalog.Get(null, "calendar/working-days?from=2026-13-01&days=5000", 422)).Pointers()
        );

    [Fact]
    public async Task the_notice_of_a_year_is_set_when_it_is_announced()
    {
        Assert.False((await district.Catalog.Get(null, "calendar/2027")).GetProperty("announced").GetBoolean());
        Assert.Contains(
            "not announced yet",
            (await district.Catalog.Get(null, "calendar/2031", 404)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a year that is past",
            (await district.Catalog.Get(null, "calendar/2001", 404)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        var notice = new
        {
            source = "关于2027年部分节假日安排的通知",
            daysOff = new Dictionary<string, string> { ["2027-01-01"] = "元旦" },
            workdays = new Dictionary<string, string> { ["2027-01-03"] = "元旦" },
        };
        await district.Catalog.Put(Tokens.DraftingHousing, "calendar/2027", notice, 403);
        Assert.Equal(
            ["/source", "/daysOff/2026-01-01", "/workdays/2027-01-04"],
            (
                await district.Catalog.Put(
                    Tokens.OpennessOffice,
                    "calendar/2027",
                    new
                    {
                        daysOff = new Dictionary<string, string> { ["2026-01-01"] = "元旦" },
                        workdays = new Dictionary<string, string> { ["2027-01-04"] = "元旦" },
                    },
                    422
                )
            ).Pointers()
        );
        await district.Catalog.Put(Tokens.OpennessOffice, "calendar/2027", notice, 200);
        var counted = await district.Catalog.Get(null, "calendar/working-days?from=2026-12-31&days=1");
        Assert.Equal(("2027-01-03", true), (counted.GetProperty("dueOn").GetString(), counted.GetProperty("certain").GetBoolean()));
    }
}
