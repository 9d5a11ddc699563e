using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>The public reads from a standby that is allowed to be far behind; while it replays nothing, who reads what is seen.</summary>
public sealed class when_the_public_reads_from_replicas(ReplicatedDistrict<FarBehind> replicated)
    : IClassFixture<ReplicatedDistrict<FarBehind>>
{
    readonly District district = replicated.District;
    readonly PostgresStandby standby = replicated.Standby;

    [Fact]
    public async Task the_public_reads_what_the_standby_has_and_who_has_a_token_what_the_database_has()
    {
        await standby.Pause();
        try
        {
            await district.Catalog.Post(Tokens.OpennessOffice, "subjects", new { code = "YHJT", name = "优化交通" }, 201);
            Assert.DoesNotContain("YHJT", await Subjects());
            Assert.Contains("YHJT", await Subjects(s => s.As(Tokens.Supervision)));
            // Who does not want what was kept somewhere reads the database.
            Assert.Contains("YHJT", await Subjects(s => s.WithRequestHeader("Cache-Control", "no-cache")));
            // What the standby does not find is looked for in the database.
            Assert.Equal("优化交通", (await district.Catalog.Get(null, "subjects/YHJT")).GetProperty("name").GetString());
            Assert.DoesNotContain("YHJT", await Subjects());
        }
        finally
        {
            await standby.GoOn();
        }
        await Calls.Eventually(async () => (await Subjects()).Contains("YHJT") ? true : (bool?)null);
    }

    [Fact]
    public async Task who_wrote_sees_what_was_written()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "后见之明办法")).Id();
        await replicated.IsRead(consultation);
        await standby.Pause();
        try
        {
            var written = await consultation.Scenario(s =>
            {
                s.Post.Json(
                        new
                        {
                            position = "support",
                            text = "同意。",
                            kind = "citizen",
                        }
                    )
                    .ToUrl($"/api/v1/consultations/{id}/comments");
                s.StatusCodeShouldBe(201);
            });
            var position = written.Context.Response.Headers["Read-Position"].ToString();
            Assert.Matches("^consultation=\"[0-9A-F]+/[0-9A-F]+\"$", position);

            Assert.Equal(0, await Received(null));
            Assert.Equal(1, await Received(position));
            // The position of another service says nothing of this one; one that nobody understands is none that a standby could have.
            Assert.Equal(0, await Received("catalog=\"FFFFFFFF/FFFFFFFF\""));
            Assert.Equal(1, await Received("consultation=yesterday"));
            Assert.Equal(1, await Received($"catalog=\"0/1\", {position}"));
            // The receipt leads to one's own, wherever others read.
            var receipt = (await written.Json()).GetProperty("receipt").GetString();
            Assert.Equal("received", (await consultation.Get(null, $"comments/{receipt}")).GetProperty("state").GetString());
        }
        finally
        {
            await standby.GoOn();
        }
        await Calls.Eventually(async () => await Received(null) == 1 ? true : (bool?)null);

        async Task<int> Received(string? position)
        {
            var read = await consultation.Scenario(s =>
            {
                if (position is not null)
                    s.WithRequestHeader("Read-Position", position);
                s.Get.Url($"/api/v1/consultations/{id}");
            });
            return (await read.Json()).GetProperty("counts").GetProperty("received").GetInt32();
        }
    }

    [Fact]
    public async Task nobody_who_has_the_newest_is_shown_an_older_one()
    {
        var id = await district.Documents.Publish(await district.Documents.Draft(title: "条件办法"), "测试发〔2026〕7号");
        var path = $"/api/v1/documents/{id}";
        await replicated.IsRead(district.Documents);
        await standby.Pause();
        try
        {
            var old = await Read(_ => { });
            await district.Documents.Post(
                Tokens.OpennessOffice,
                $"documents/{id}/expiry",
                new { expiresOn = "2030-01-01", reason = "有效期届满。" }
            );
            var newer = await Read(s => s.WithRequestHeader("Cache-Control", "no-cache"));
            Assert.NotEqual(old, newer);
            Assert.Equal(old, await Read(_ => { }));
            // As caches and browsers ask, with what they have; messages of other services may still change the document.
            await Calls.Eventually(async () =>
            {
                newer = await Read(s => s.WithRequestHeader("Cache-Control", "no-cache"));
                return await Asked(newer) is 304 ? true : (bool?)null;
            });
            Assert.Equal(304, await Asked(old));
            Assert.NotEqual(old, await Read(s => s.WithRequestHeader("If-None-Match", "\"another\"")));
        }
        finally
        {
            await standby.GoOn();
        }

        async Task<int> Asked(string tag) => (
                await district.Documents.Scenario(s =>
                {
                    s.WithRequestHeader("If-None-Match", tag);
                    s.Get.Url(path);
                    s.IgnoreStatusCode();
                })
            ).Context.Response.StatusCode;

        async Task<string> Read(Action<Scenario> how) =>
            (
                await district.Documents.Scenario(s =>
                {
                    s.Get.Url(path);
                    how(s);
                })
            ).Context.Response.Headers.ETag.ToString();
    }

    async Task<string> Subjects(Action<Scenario>? how = null)
    {
        var read = await district.Catalog.Scenario(s =>
        {
            s.Get.Url("/api/v1/subjects");
            how?.Invoke(s);
        });
        return await read.ReadAsTextAsync();
    }
}
