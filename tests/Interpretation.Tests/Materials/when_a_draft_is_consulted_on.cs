using System.Collections.Concurrent;
using System.Text.Json;
using Alba;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Materials;

/// <summary>发布前解读: what explains the draft that the public is asked about becomes public with it, in the same instant.</summary>
public sealed class when_a_draft_is_consulted_on(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_explains_it_is_public_from_the_instant_of_the_consultation_while_the_message_is_on_its_way()
    {
        var consultation = await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var id = await Documents.Draft(title: "先行解读的办法");
        var (plan, material) = await interpretation.SignedBeforeIssuance(id);
        Assert.Equal(404, await interpretation.Status($"interpretations/{material}"));
        Assert.Empty(await Listed(id));

        Guid opened;
        await using (await district.HoldBack("interpretation", id))
        {
            opened = await consultation.Consult(id);
            Assert.Equal(
                [material],
                (await consultation.Get(null, $"consultations/{opened}"))
                    .GetProperty("interpretations")
                    .EnumerateArray()
                    .Select(i => i.GetGuid())
            );
            Assert.Equal(JsonValueKind.Null, (await Read(material, opened)).GetProperty("publishedAt").ValueKind);
            Assert.Equal([material], await Listed(id));
            Assert.Contains(
                $"{material}",
                (await interpretation.Get(null, "interpretations?pageSize=200&phase=preIssuance")).GetRawText(),
                StringComparison.Ordinal
            );
            Assert.Equal(
                [$"{material}"],
                (await Client().ListByDocumentAsync(new() { DocumentId = $"{id}" }, cancellationToken: Cancelled)).Interpretations.Select(
                    i => i.Id
                )
            );
        }
        await Calls.Eventually<bool>(async () =>
            (await Read(material, opened)).GetProperty("publishedAt").ValueKind is JsonValueKind.String ? true : null
        );
        Assert.Equal("carried", await State(plan));
        Assert.Equal([material], await Listed(id));
        var version = (await Read(material, opened)).GetProperty("version").GetInt64();
        await interpretation.Hears(Opened(opened, id, 1, 1, material));
        Assert.Equal(version, (await Read(material, opened)).GetProperty("version").GetInt64());

        // Where its text is read: nothing else of the draft is public.
        var document = await interpretation.Get(null, $"interpretations/{material}/document");
        Assert.Equal(
            ($"/api/v1/consultations/{opened}", $"/api/v1/consultations/{opened}/revisions/1"),
            (document.GetProperty("consultation").GetString(), document.GetProperty("text").GetString())
        );
        await consultation.Get(null, document.GetProperty("text").GetString()!["/api/v1/".Length..]);
        // It is no interpretation of the document that comes of it (三同步).
        Assert.Contains(
            "interpretation",
            (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}")).GetProperty("gates").EnumerateArray().Select(g => g.Code())
        );
    }

    [Fact]
    public async Task nobody_sees_the_one_without_the_other()
    {
        var consultation = await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var pairs = new List<(Guid Document, Guid Material)>();
        for (var i = 0; i < 4; i++)
        {
            var id = await Documents.Draft(title: $"同时公开的办法{i}");
            pairs.Add((id, (await interpretation.SignedBeforeIssuance(id)).Material));
        }
        var contradictions = new ConcurrentBag<string>();
        using var over = new CancellationTokenSource();
        var readers = pairs
            .Select(async pair =>
            {
                while (!over.IsCancellationRequested)
                {
                    var consulted = await Consulted(pair.Document);
                    var listed = (await Listed(pair.Document)).Contains(pair.Material);
                    if (consulted && !listed)
                        contradictions.Add($"{pair.Document} was consulted on without its interpretation.");
                    var material = await interpretation.Status($"interpretations/{pair.Material}") == 200;
                    if (listed && !material)
                        contradictions.Add($"{pair.Material} was listed and not readable.");
                    if (material && !await Consulted(pair.Document))
                        contradictions.Add($"{pair.Material} was public without its draft.");
                }
            })
            .ToArray();
        foreach (var (document, _) in pairs)
            await consultation.Consult(document);
        foreach (var (_, material) in pairs)
            await Calls.Eventually<bool>(async () =>
                (await interpretation.Get(Tokens.OpennessOffice, $"interpretations/{material}")).GetProperty("publishedAt").ValueKind
                is JsonValueKind.String
                    ? true
                    : null
            );
        await over.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Empty(contradictions);

        async Task<bool> Consulted(Guid document) =>
            (await consultation.Get(null, $"documents/{document}/consultations")).GetProperty("items").GetArrayLength() == 1;
    }

    [Fact]
    public async Task only_what_is_signed_for_the_revision_that_is_put_up_is_shown()
    {
        var consultation = await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var id = await Documents.Draft();
        var (plan, first) = await interpretation.SignedBeforeIssuance(id, "第一稿解读");
        var unsigned = await interpretation.Material(plan, "没有签发的解读");
        // What waits for a consultation can be changed, and is signed anew.
        var changed = await interpretation.Material(plan, "签发后又改的解读");
        await interpretation.Sign(changed);
        await interpretation.Rewrite(changed);
        await Documents.Revise(id, "第一条 第二稿。");
        var (_, second) = await interpretation.SignedBeforeIssuance(id, "第二稿解读");

        var opened = await consultation.Consult(id, 1);
        Assert.Equal([first], await Listed(id));
        foreach (var hidden in new[] { unsigned, changed, second })
            Assert.Equal(404, await interpretation.Status($"interpretations/{hidden}"));

        await consultation.Post(Tokens.OpennessOffice, $"consultations/{opened}/revisions", new { note = "第二次征求意见。" });
        Assert.Equal([first, second], (await Listed(id)).Order());

        // What everybody reads is not signed for a text that nobody reads yet.
        await Documents.Revise(id, "第一条 第三稿。");
        await Rewrite(first, 3);
        Assert.Equal("interpretation.revision.old", (await interpretation.Sign(first, 409)).Code());
        Assert.Equal("本办法这样用。", (await Read(first, opened)).GetProperty("text").GetString());
        await Rewrite(first, 2);
        await interpretation.Sign(first);
        Assert.Equal("第2稿改过的解读。", (await Read(first, opened)).GetProperty("text").GetString());

        Task Rewrite(Guid material, int revision) =>
            interpretation.Put(
                Tokens.DraftingHousing,
                $"interpretations/{material}",
                new
                {
                    title = "改过的解读",
                    text = $"第{revision}稿改过的解读。",
                    revision,
                }
            );
    }

    [Fact]
    public async Task a_material_that_is_signed_for_a_later_text_after_it_was_named_waits_for_that_text()
    {
        await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var id = await Documents.Draft();
        await Documents.Revise(id, "第一条 第二稿。");
        var (_, material) = await interpretation.SignedBeforeIssuance(id);
        // It was named for revision 1, signed for revision 2 before the consultation was there.
        await interpretation.Hears(Opened(Guid.CreateVersion7(), id, 1, 1, material));
        Assert.Equal(404, await interpretation.Status($"interpretations/{material}"));
        var consultation = Guid.CreateVersion7();
        await interpretation.Hears(Opened(consultation, id, 1, 2, material));
        await Read(material, consultation);
    }

    [Fact]
    public async Task it_stays_public_when_the_document_is_published()
    {
        var consultation = await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var id = await Documents.Draft();
        var (_, material) = await interpretation.SignedBeforeIssuance(id);
        var opened = await consultation.Consult(id);
        await Calls.Eventually<bool>(async () =>
            (await Read(material, opened)).GetProperty("publishedAt").ValueKind is JsonValueKind.String ? true : null
        );
        await Calls.Eventually<bool>(async () =>
            (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}")).GetProperty("state").GetString() == "inConsultation"
                ? true
                : null
        );
        await consultation.Complete(opened);
        // Whoever goes on at once need not wait for the message.
        await Documents.Publish(id, "测政发〔2026〕611号");
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetGuid() == id)
                ? true
                : null
        );
        await Read(material, opened);
        Assert.Equal([material], await Listed(id));
    }

    [Fact]
    public async Task a_draft_that_is_given_up_takes_back_what_nobody_was_shown()
    {
        await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var id = await Documents.Draft();
        var (plan, material) = await interpretation.SignedBeforeIssuance(id);
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/withdraw", new { reason = "不再制定" });
        await Calls.Eventually<bool>(async () => await State(plan) == "closed" ? true : null);
        Assert.False((await interpretation.Get(Tokens.OpennessOffice, $"interpretations/{material}")).GetProperty("isSigned").GetBoolean());
    }

    [Fact]
    public async Task while_consultation_is_away_nobody_is_told_that_there_is_none()
    {
        await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var id = await Documents.Draft();
        var (_, material) = await interpretation.SignedBeforeIssuance(id);
        await district.StopConsultation();
        Assert.Equal(503, await interpretation.Status($"interpretations/{material}"));
        Assert.Equal(503, await interpretation.Status($"documents/{id}/interpretations"));
        Assert.Equal(200, await interpretation.Status("interpretations"));
        await district.StartConsultation();
        Assert.Equal(404, await interpretation.Status($"interpretations/{material}"));
    }

    [Fact]
    public async Task what_waits_is_told_to_those_who_work_on_it()
    {
        await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var id = await Documents.Draft();
        var (_, material) = await interpretation.SignedBeforeIssuance(id);
        foreach (
            var (token, revision, told) in new[]
            {
                (null, 1, false),
                (Tokens.Integration, 1, false),
                (Tokens.DraftingEducation, 1, false),
                (Tokens.DraftingHousing, 1, true),
                (Tokens.OpennessOffice, 1, true),
                (Tokens.OpennessOffice, 2, false),
            }
        )
            Assert.Equal(
                told ? [$"{material}"] : [],
                (
                    await Client()
                        .ListSignedForConsultationAsync(
                            new() { DocumentId = $"{id}", Revision = revision },
                            token is null ? [] : new Metadata { { "Authorization", $"Bearer {token}" } },
                            cancellationToken: Cancelled
                        )
                ).Interpretations
            );
        Assert.Equal(
            StatusCode.InvalidArgument,
            (
                await Assert.ThrowsAsync<RpcException>(async () =>
                    await Client().ListSignedForConsultationAsync(new() { DocumentId = "x" }, cancellationToken: Cancelled)
                )
            ).StatusCode
        );
    }

    Contracts.Interpretation.V1.Interpretation.InterpretationClient Client() =>
        new(GrpcChannel.ForAddress("http://interpretation.test", new() { HttpHandler = district.Interpretation!.Server.CreateHandler() }));

    // As the public reads it: with the way back to the consultation.
    async Task<JsonElement> Read(Guid material, Guid consultation)
    {
        var read = await district.Interpretation!.Get(null, $"interpretations/{material}");
        Assert.Equal($"/api/v1/consultations/{consultation}", read.GetProperty("consultation").GetString());
        return read;
    }

    async Task<Guid[]> Listed(Guid document) =>
        [
            .. (await district.Interpretation!.Get(null, $"documents/{document}/interpretations"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(m => m.GetProperty("id").GetGuid()),
        ];

    async Task<string?> State(Guid plan) =>
        (await district.Interpretation!.Get(Tokens.OpennessOffice, $"interpretation-plans/{plan}")).GetProperty("state").GetString();

    static ConsultationOpenedMessage Opened(Guid consultation, Guid document, long version, int revision, params Guid[] interpretations) =>
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
            interpretations
        );
}
