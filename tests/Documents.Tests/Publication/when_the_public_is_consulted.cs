using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Alba;
using Grpc.Core;
using Grpc.Net.Client;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Publication;

/// <summary>征求意见: what a draft hears of the consultations about it (M 14–18).</summary>
public sealed partial class when_the_public_is_consulted(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task a_draft_goes_through_its_consultation_to_publication()
    {
        var consultation = await district.StartConsultation();
        var id = await Documents.Draft();
        var opened = await consultation.Consult(id);
        await StateIs(id, "inConsultation");
        Assert.Equal(["publicParticipation"], await Participation(id));

        await Documents.Revise(id, "第一条 根据意见改过的。");
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{opened}/revisions", new { note = "修改了第一条。" });
        await Happened(id, "consultationContinued");
        // A review is not held up, a signature is.
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        var refused = await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { }, 409);
        Assert.Equal(
            ("document.gate.open", "publicParticipation"),
            (refused.Code(), Assert.Single(refused.GetProperty("gates").EnumerateArray()).Code())
        );
        Assert.Contains($"{opened}", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await consultation.Complete(opened);
        await Happened(id, "consultationFinished");
        Assert.Empty(await Participation(id));
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Exempt(id);
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = "测政发〔2026〕601号", writtenOn = "2026-05-20" }
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });

        // Once the document is public its history leads to what the public was asked.
        var told = (await Documents.Get(null, $"documents/{id}/history")).GetProperty("items").EnumerateArray().Reverse().ToArray();
        Assert.Equal(
            ["consultationBegan", "consultationContinued", "consultationFinished", "published"],
            told.Select(e => e.GetProperty("what").GetString())
        );
        Assert.All(told[..3], e => Assert.Equal($"/api/v1/consultations/{opened}", e.GetProperty("link").GetString()));
        Assert.Equal("Public consultation completed on 2026-06-01", told[2].GetProperty("summary").GetString());

        // And so does its page, for ever: to the consultation, its summary, and the groups that changed a clause.
        var shown = Assert.Single((await Documents.Get(null, $"documents/{id}/page")).GetProperty("consultations").EnumerateArray());
        Assert.Equal(
            (
                "completed",
                2,
                $"/api/v1/consultations/{opened}",
                $"/api/v1/consultations/{opened}/summary",
                $"/api/v1/documents/{id}/consultations/groups"
            ),
            (
                shown.GetProperty("state").GetString(),
                shown.GetProperty("revision").GetInt32(),
                shown.GetProperty("link").GetString(),
                shown.GetProperty("summary").GetString(),
                shown.GetProperty("groups").GetString()
            )
        );
        foreach (var way in new[] { "link", "summary", "groups" })
            await consultation.Get(null, shown.GetProperty(way).GetString()!["/api/v1/".Length..]);
    }

    [Fact]
    public async Task what_is_heard_twice_late_or_in_another_order_is_recorded_once()
    {
        var id = await Documents.Draft();
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var version = await Version(id);
        await Documents.Hears(Opened(first, id, 3, 1));
        await Documents.Hears(Opened(first, id, 1, 1));
        await Documents.Hears(Opened(first, id, 3, 1));
        Assert.Equal(version + 1, await Version(id));
        // The end of another one comes before its beginning.
        await Documents.Hears(new ConsultationEndedMessage(second, id, 5, true, new(2026, 6, 1), 0));
        await Documents.Hears(Opened(second, id, 1, 1));
        await Documents.Hears(new ConsultationEndedMessage(second, id, 5, true, new(2026, 6, 1), 0));
        Assert.Equal(version + 2, await Version(id));
        await StateIs(id, "inConsultation");
        Assert.Equal(["publicParticipation"], await Participation(id));
        await Documents.Hears(new ConsultationEndedMessage(first, id, 6, true, new(2026, 6, 1), 0));
        await StateIs(id, "drafting");
        Assert.Equal(version + 3, await Version(id));
        // Of what is no document here nothing is kept.
        await Documents.Hears(Opened(Guid.CreateVersion7(), Guid.CreateVersion7(), 1, 1));
    }

    [Fact]
    public async Task a_consultation_on_a_draft_that_was_given_up_meanwhile_is_given_up()
    {
        var consultation = await district.StartConsultation();
        var id = await Documents.Draft();
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/withdraw", new { reason = "不再制定" });
        // It was opened at the same moment, and the withdrawal was heard of before it.
        var opened = await OpenedUnheard(id);
        await Documents.Hears(Opened(opened, id, 1, 1));
        await Calls.Eventually<bool>(async () =>
            (await consultation.Get(null, $"consultations/{opened}")).GetProperty("state").GetString() == "givenUp" ? true : null
        );
        await Happened(id, "consultationFinished");
        await StateIs(id, "withdrawn");
        Assert.Equal(2, (await consultation.Get(null, $"consultations/{opened}")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task whoever_is_faster_than_the_message_is_not_refused()
    {
        var consultation = await district.StartConsultation();
        var id = await Documents.Draft();
        var opened = await consultation.Consult(id);
        await StateIs(id, "inConsultation");
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        long version;
        await using (await district.HoldBack("documents", id))
        {
            await consultation.Complete(opened);
            await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
            Assert.Equal(["consultationFinished", "signed"], (await What(id)).TakeLast(2));
            version = await Version(id);
        }
        await Documents.Hears(new ConsultationEndedMessage(opened, id, 9, true, new(2026, 6, 1), 0));
        Assert.Equal(version, await Version(id));
    }

    [Fact]
    public async Task what_is_required_is_asked_for_and_waits_while_nobody_answers()
    {
        var consultation = await district.StartConsultation();
        var id = await Documents.Draft();
        await Documents.Hears(new DecisionItemLinkedMessage(id, "2026/61", 1, ["publicParticipation"]));
        await using (await district.HoldBack("documents", id))
        {
            // Nothing is heard of it here, neither that it began nor that it was completed.
            var opened = await consultation.Consult(id);
            await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
            Assert.Equal("document.gate.open", (await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { }, 409)).Code());
            await consultation.Complete(opened);
            await district.StopConsultation();
            // Nobody here knows that it is completed: not that something is missing is told, but to come again.
            Assert.Equal("service.unavailable", (await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { }, 503)).Code());
            // What waits for no consultation waits for no service.
            await Documents.Publish(await Documents.Draft(), "测政发〔2026〕602号");
            await district.StartConsultation();
            await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        }
    }

    [Fact]
    public async Task the_public_sees_nothing_of_the_draft_but_the_consultation()
    {
        var consultation = await district.StartConsultation();
        var id = await Documents.Draft("第一条 不公开的征求意见稿。", "不公开的征求意见稿");
        var hidden = await SeenByThePublic(id);
        Assert.NotEmpty(hidden);
        Assert.All(
            hidden.Where(h => h.Key.StartsWith($"/api/v1/documents/{id}", StringComparison.Ordinal)),
            h => Assert.StartsWith("404", h.Value, StringComparison.Ordinal)
        );

        var opened = await consultation.Consult(id);
        await StateIs(id, "inConsultation");
        Assert.Equal(hidden, await SeenByThePublic(id));
        // What was put up is read there, and no other text of the draft.
        await Documents.Revise(id, "第一条 还没有公开的第二稿。");
        Assert.DoesNotContain("第二稿", (await consultation.Get(null, $"consultations/{opened}")).GetRawText(), StringComparison.Ordinal);
        await consultation.Get(null, $"consultations/{opened}/revisions/2", 404);
        Assert.Equal(hidden, await SeenByThePublic(id));
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{opened}/revisions", new { note = "第二次征求意见。" });
        await Happened(id, "consultationContinued");
        Assert.Equal(hidden, await SeenByThePublic(id));
        await consultation.Complete(opened);
        await Happened(id, "consultationFinished");
        Assert.Equal(hidden, await SeenByThePublic(id));

        using var channel = GrpcChannel.ForAddress("http://documents.test", new() { HttpHandler = Documents.Server.CreateHandler() });
        var client = new Contracts.Documents.V1.Documents.DocumentsClient(channel);
        var cancellation = TestContext.Current.CancellationToken;
        Assert.False((await client.DocumentExistsAsync(new() { Id = $"{id}" }, cancellationToken: cancellation)).Exists);
        Assert.Empty((await client.WhichArePublicAsync(new() { Ids = { $"{id}" } }, cancellationToken: cancellation)).Documents);
        Assert.Equal(
            StatusCode.NotFound,
            (
                await Assert.ThrowsAsync<RpcException>(async () =>
                    await client.GetRevisionBlocksAsync(new() { Id = $"{id}", Revision = 1 }, cancellationToken: cancellation)
                )
            ).StatusCode
        );
    }

    // Every read of the service, as somebody without a token gets it: status, tag and body without the number of the trace.
    async Task<SortedDictionary<string, string>> SeenByThePublic(Guid id)
    {
        var seen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pattern in Documents.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (
                pattern.RoutePattern.RawText is not { } raw
                || !raw.StartsWith("/api/v1/", StringComparison.Ordinal)
                || pattern.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") is not true
            )
                continue;
            var path = Parameter()
                .Replace(
                    raw,
                    m =>
                        m.Groups[1].Value == "id" ? $"{id}"
                        : m.Groups[1].Value == "blockId" ? "b1"
                        : "1"
                );
            string[] queries =
                path.EndsWith("/comparison", StringComparison.Ordinal) ? ["?from=1&to=1"]
                : path.StartsWith("/api/v1/library", StringComparison.Ordinal) ? ["", "?q=征求意见稿"]
                : [""];
            foreach (var query in queries)
            {
                var answer = await Documents.Scenario(s =>
                {
                    s.Get.Url(path + query);
                    s.IgnoreStatusCode();
                });
                var body = await answer.ReadAsTextAsync();
                if (answer.Context.Response.ContentType?.Contains("problem+json", StringComparison.Ordinal) is true)
                {
                    var problem = JsonNode.Parse(body)!.AsObject();
                    problem.Remove("traceId");
                    body = problem.ToJsonString();
                }
                seen[path + query] = $"{answer.Context.Response.StatusCode} {answer.Context.Response.Headers.ETag} {body}";
            }
        }
        return seen;
    }

    [GeneratedRegex(@"\{([a-zA-Z0-9]+)[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();

    static ConsultationOpenedMessage Opened(Guid consultation, Guid document, long version, int revision) =>
        new(
            consultation,
            document,
            version,
            revision,
            "测试办法",
            "370114-ZJ",
            ["370114-ZJ"],
            "CXJS",
            new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero),
            new(2026, 7, 1),
            []
        );

    // A consultation that Consultation has, and told nobody of.
    async Task<Guid> OpenedUnheard(Guid document)
    {
        var id = Guid.CreateVersion7();
        await using var session = district.Consultation!.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.StartStream<PublicConsultation>(
            id,
            new ConsultationOpened(
                id,
                document,
                "测试办法",
                ["370114-ZJ"],
                "CXJS",
                1,
                new("为了测试。", "信函", "测试科"),
                new(2026, 7, 1),
                "",
                null,
                false,
                Consultation.Periods.ShowingOfComments.AfterRelease,
                0,
                12,
                [],
                new Actor("openness-office", "370114-ZWGK"),
                district.Clock.GetUtcNow()
            )
        );
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        return id;
    }

    async Task<string[]> Participation(Guid id) =>
        [
            .. (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}"))
                .GetProperty("gates")
                .EnumerateArray()
                .Select(g => g.Code())
                .Where(c => c == "publicParticipation"),
        ];

    async Task<long> Version(Guid id) => (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}")).GetProperty("version").GetInt64();

    async Task<string[]> What(Guid id) =>
        [
            .. (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}/history"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(e => e.GetProperty("what").GetString()!)
                .Reverse(),
        ];

    Task<bool> Happened(Guid id, string what) => Calls.Eventually<bool>(async () => (await What(id)).Contains(what) ? true : null);

    Task<bool> StateIs(Guid id, string state) =>
        Calls.Eventually<bool>(async () =>
            (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}")).GetProperty("state").GetString() == state ? true : null
        );
}
