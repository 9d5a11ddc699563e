using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>A standby that is too far behind, or gone, is not read from; nobody who reads notices.</summary>
public sealed class when_a_replica_is_behind_or_away(ReplicatedDistrict<Fresh> replicated) : IClassFixture<ReplicatedDistrict<Fresh>>
{
    readonly District district = replicated.District;
    readonly PostgresStandby standby = replicated.Standby;

    [Fact]
    public async Task one_that_is_too_far_behind_is_left_out_until_it_has_caught_up()
    {
        await standby.Pause();
        try
        {
            await district.Catalog.Post(Tokens.OpennessOffice, "subjects", new { code = "HBJC", name = "环境保护" }, 201);
            await Calls.Eventually(async () => await Reads("HBJC") ? true : (bool?)null);
            await IsTold("behind");
            await replicated.Ready(district.Catalog, 0);
        }
        finally
        {
            await standby.GoOn();
        }
        await IsTold(null);
        await replicated.IsRead(district.Catalog);
        await IsReadFrom();
    }

    [Fact]
    public async Task one_that_is_gone_is_done_without_and_comes_back_by_itself()
    {
        await IsReadFrom();
        await standby.Stop();
        try
        {
            // Of those that it was about to answer, too, none fails.
            for (var i = 0; i < 20; i++)
                Assert.True(await Reads("CXJS"));
            await IsTold("does not answer");
            await district.Catalog.Post(Tokens.OpennessOffice, "subjects", new { code = "SNGZ", name = "三农工作" }, 201);
            Assert.True(await Reads("SNGZ"));
        }
        finally
        {
            await standby.Start();
        }
        await IsTold(null);
        await IsReadFrom();
    }

    async Task<bool> Reads(string code) =>
        (await district.Catalog.Get(null, "subjects"))
            .GetProperty("items")
            .EnumerateArray()
            .Any(s => s.GetProperty("code").GetString() == code);

    async Task IsReadFrom()
    {
        var before = await standby.Reads(district.Database, "mt_doc_subject");
        await Calls.Eventually(async () =>
        {
            await Reads("CXJS");
            return await standby.Reads(district.Database, "mt_doc_subject") > before ? true : (bool?)null;
        });
    }

    async Task IsTold(string? wrong) =>
        await Calls.Eventually(async () =>
        {
            var ready = await (
                await district.Catalog.Scenario(s =>
                {
                    s.Get.Url("/health/ready");
                    s.StatusCodeShouldBe(200);
                })
            ).Json();
            var check = ready.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "replicas");
            var detail = check.GetProperty("detail").GetString();
            var isTold = wrong is null
                ? detail is null
                : check.GetProperty("status").GetString() == "degraded" && detail?.Contains(wrong, StringComparison.Ordinal) is true;
            return isTold ? true : (bool?)null;
        });
}
