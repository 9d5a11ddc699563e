using System.Net;
using System.Net.Http.Json;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>What can be written over HTTP can be written over gRPC, through the gateway, by the same rules.</summary>
[Collection(SampledPlatform.Shared)]
public sealed class when_writing_over_grpc(SampledPlatform sampled) : IDisposable
{
    RunningPlatform Platform => sampled.Platform;

    readonly GrpcChannel channel = GrpcChannel.ForAddress($"http://localhost:{sampled.Platform.Port + 1}");

    Contracts.Documents.V1.Documents.DocumentsClient Documents => new(channel);

    public void Dispose() => channel.Dispose();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    async Task<CallOptions> As(string client, params (string Name, string Value)[] others)
    {
        var metadata = new Metadata { { "authorization", $"Bearer {await Platform.Token(client)}" } };
        foreach (var (name, value) in others)
            metadata.Add(name, value);
        return new(metadata, cancellationToken: Cancellation);
    }

    static CallOptions Nobody => new(cancellationToken: Cancellation);

    static async Task<(StatusCode Code, ErrorInfo Info, BadRequest? Places)> Refused<T>(AsyncUnaryCall<T> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        var status = refused.GetRpcStatus()!;
        return (refused.StatusCode, status.GetDetail<ErrorInfo>(), status.GetDetail<BadRequest>());
    }

    [Fact]
    public async Task a_document_is_drafted_revised_and_published_and_each_call_that_is_repeated_is_made_once()
    {
        var key = Guid.NewGuid().ToString();
        var draft = new DraftDocumentRequest
        {
            Title = "云泽区夜间停车办法",
            Kind = DocumentKind.Other,
            Issuers = { "370114-ZJ" },
            Subject = "CXJS",
            Disclosure = new() { Attribute = DisclosureKind.Proactive },
            Blocks =
            {
                new TextBlock { Text = "第一条 夜间停车免费。" },
                new TextBlock { Kind = BlockKind.Table, Rows = { new TextRow { Cells = { "时段", "费用" } } } },
            },
            ChangeNote = "起草",
            Files =
            {
                new TextFile { Name = "form.txt", Content = Google.Protobuf.ByteString.CopyFromUtf8("表") },
            },
        };
        var drafted = await Documents.DraftDocumentAsync(draft, await As("drafting-housing", ("idempotency-key", key)));
        Assert.Equal((2, 1), (drafted.Version, drafted.Revision));
        using var again = Documents.DraftDocumentAsync(draft, await As("drafting-housing", ("idempotency-key", key)));
        Assert.Equal(drafted, await again);
        var said = await again.ResponseHeadersAsync;
        Assert.Equal(
            ("\"2\"", $"/api/v1/documents/{drafted.Id}", "true"),
            (said.GetValue("etag"), said.GetValue("location"), said.GetValue("idempotency-replayed"))
        );
        // Another request with that key, whichever way it comes.
        var reused = await Refused(
            Documents.DraftDocumentAsync(new(draft) { Title = "另一" }, await As("drafting-housing", ("idempotency-key", key)))
        );
        Assert.Equal((StatusCode.InvalidArgument, "idempotency.key.reused"), (reused.Code, reused.Info.Reason));

        var revision = new RecordRevisionRequest
        {
            Id = drafted.Id,
            Text = "第一条 夜间停车免费。\n第二条 本办法自2026年3月1日起施行。",
            Significance = Significance.Minor,
        };
        var stale = await Refused(Documents.RecordRevisionAsync(revision, await As("drafting-housing", ("if-match", "\"1\""))));
        Assert.Equal(
            (StatusCode.Aborted, "precondition.version.stale", "2"),
            (stale.Code, stale.Info.Reason, stale.Info.Metadata["currentVersion"])
        );
        var recorded = await Documents.RecordRevisionAsync(revision, await As("drafting-housing", ("if-match", "\"2\"")));
        Assert.Equal((3, 2), (recorded.Version, recorded.Revision));
        var token = await Platform.Token("drafting-housing");
        var kept = await Platform.Get(token, $"documents/{drafted.Id}/revisions/2");
        Assert.Equal("form.txt", Assert.Single(kept.GetProperty("files").EnumerateArray()).GetProperty("name").GetString());
        await Documents.RecordRevisionAsync(new(revision) { Files = new() }, await As("drafting-housing"));
        Assert.Empty((await Platform.Get(token, $"documents/{drafted.Id}/revisions/3")).GetProperty("files").EnumerateArray());

        // What is missing on the way is told as over HTTP.
        var early = await Refused(Documents.PublishDocumentAsync(new() { Id = drafted.Id }, await As("openness-office")));
        Assert.Equal((StatusCode.InvalidArgument, "document.elements.missing"), (early.Code, early.Info.Reason));
        Assert.Contains("\"code\":\"review\"", early.Info.Metadata["gates"], StringComparison.Ordinal);
        await Platform.Post(token, $"documents/{drafted.Id}/review", new { });
        await Platform.Post(await Platform.Token("signing"), $"documents/{drafted.Id}/sign", new { });
        var office = await Platform.Token("openness-office");
        await Platform.Post(office, $"documents/{drafted.Id}/interpretation/exemption", new { reason = "只调整内部分工。" });
        await Platform.Post(
            office,
            $"documents/{drafted.Id}/issue",
            new { documentNumber = "云泽政发[2026]第071号", writtenOn = "2026-01-05" }
        );
        var published = await Documents.PublishDocumentAsync(
            new() { Id = drafted.Id },
            await As("openness-office", ("idempotency-key", Guid.NewGuid().ToString()))
        );
        Assert.Equal(("2026-03-01", false), (published.EffectiveFrom, published.HasExpiresOn));
        Assert.Contains("2026-03-01", published.TakenFromText.Words, StringComparison.Ordinal);
        var document = await Documents.GetDocumentAsync(new() { Id = drafted.Id }, cancellationToken: Cancellation);
        Assert.Equal(DocumentState.Published, document.DocumentState);
#pragma warning disable CS0612 // Whoever came before the enums reads the words.
        Assert.Equal("published", document.State);
#pragma warning restore CS0612
        Assert.Equal(published.Version, document.Version);
    }

    [Fact]
    public async Task who_may_not_and_what_is_wrong_is_told_as_over_http()
    {
        var request = new DraftDocumentRequest
        {
            Issuers = { "370114-ZJ", "NO-SUCH" },
            Subject = "NONE",
            ChangeNote = new('长', 5000),
        };
        var unknown = await Refused(Documents.DraftDocumentAsync(request, Nobody));
        Assert.Equal((StatusCode.Unauthenticated, "identity.token.invalid"), (unknown.Code, unknown.Info.Reason));
        var forbidden = await Refused(Documents.DraftDocumentAsync(request, await As("signing")));
        Assert.Equal((StatusCode.PermissionDenied, "identity.role.missing"), (forbidden.Code, forbidden.Info.Reason));

        var over = await Refused(Documents.DraftDocumentAsync(request, await As("drafting-housing")));
        Assert.Equal((StatusCode.InvalidArgument, "request.invalid"), (over.Code, over.Info.Reason));
        using var http = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents")
        {
            Content = JsonContent.Create(
                new
                {
                    issuers = request.Issuers,
                    subject = request.Subject,
                    changeNote = request.ChangeNote,
                }
            ),
            Headers = { Authorization = new("Bearer", await Platform.Token("drafting-housing")) },
        };
        using var answer = await Platform.Api.SendAsync(http, Cancellation);
        var same = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancellation);
        Assert.True(same.Pointers().Length > 3);
        Assert.Equal(same.Pointers(), over.Places!.FieldViolations.Select(v => v.Field));

        // What a type cannot hold is a place as well, and an id that is none.
        var id = Guid.NewGuid().ToString();
        var malformed = await Refused(
            Documents.PublishDocumentAsync(new() { Id = id, EffectiveFrom = "2026-13-01" }, await As("openness-office"))
        );
        Assert.Equal(
            (StatusCode.InvalidArgument, "/effectiveFrom"),
            (malformed.Code, Assert.Single(malformed.Places!.FieldViolations).Field)
        );
        malformed = await Refused(
            Documents.PublishDocumentAsync(
                new()
                {
                    Id = id,
                    PublishAt = new() { Seconds = long.MaxValue },
                },
                await As("openness-office")
            )
        );
        Assert.Equal((StatusCode.InvalidArgument, "/publishAt"), (malformed.Code, Assert.Single(malformed.Places!.FieldViolations).Field));
        malformed = await Refused(Documents.PublishDocumentAsync(new() { Id = "x" }, await As("openness-office")));
        Assert.Equal((StatusCode.InvalidArgument, "id"), (malformed.Code, Assert.Single(malformed.Places!.FieldViolations).Field));
        var missing = await Refused(Documents.PublishDocumentAsync(new() { Id = id }, await As("openness-office")));
        Assert.Equal((StatusCode.NotFound, "document.notFound"), (missing.Code, missing.Info.Reason));
        var many = new ImportDocumentsRequest();
        many.Documents.AddRange(Enumerable.Range(0, 500).Select(_ => new GivenDocument { PublishedOn = "yesterday" }));
        var all = await Refused(Documents.ImportDocumentsAsync(many, await As("integration")));
        Assert.Equal(StatusCode.InvalidArgument, all.Code);
        // As many as every client takes in headers.
        Assert.InRange(all.Places!.FieldViolations.Count, 20, 200);
        Assert.InRange(all.Places.CalculateSize(), 2_000, 5_000);
        // As much as over HTTP, and no more.
        var file = new TextFile
        {
            Name = "large.txt",
            Content = Google.Protobuf.ByteString.CopyFrom(
                new byte[8_000_000]
                    .Select(_ => (byte)'a')
                    .ToArray()
            ),
        };
        var large = new DraftDocumentRequest
        {
            Title = "云泽区附件办法",
            Text = "第一条 甲。",
            Files = { file },
        };
        await Documents.DraftDocumentAsync(large, await As("drafting-housing"));
        large.Files.AddRange([file, file]);
        var beyond = await Assert.ThrowsAsync<RpcException>(async () =>
            await Documents.DraftDocumentAsync(large, await As("drafting-housing"))
        );
        Assert.Equal(StatusCode.ResourceExhausted, beyond.StatusCode);
        var tooLong = await Refused(Documents.DraftDocumentAsync(new() { Text = new('长', 1_000_001) }, await As("drafting-housing")));
        Assert.Equal((StatusCode.ResourceExhausted, "document.text.tooLong"), (tooLong.Code, tooLong.Info.Reason));
    }

    [Fact]
    public async Task a_key_is_one_key_over_grpc_and_over_http()
    {
        var key = Guid.NewGuid().ToString();
        var drafted = await Documents.DraftDocumentAsync(
            new() { Title = "云泽区键值办法", Text = "第一条 甲。" },
            await As("drafting-housing", ("idempotency-key", key))
        );
        async Task<HttpResponseMessage> Post(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents")
            {
                Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
                Headers = { Authorization = new("Bearer", await Platform.Token("drafting-housing")) },
            };
            request.Headers.Add("Idempotency-Key", key);
            return await Platform.Api.SendAsync(request, Cancellation);
        }
        // In a browser, over HTTP/1.1.
        using var web = GrpcChannel.ForAddress(
            Platform.Api.BaseAddress!,
            new()
            {
                HttpVersion = HttpVersion.Version11,
                HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWebText, new HttpClientHandler()),
            }
        );
        Assert.Equal(
            drafted,
            await new Contracts.Documents.V1.Documents.DocumentsClient(web).DraftDocumentAsync(
                new() { Title = "云泽区键值办法", Text = "第一条 甲。" },
                await As("drafting-housing", ("idempotency-key", key))
            )
        );
        // The same request was carried out already; another one is refused, and neither is made twice.
        using var same = await Post("""{"title":"云泽区键值办法","text":"第一条 甲。"}""");
        Assert.Equal(
            drafted.Id,
            (await same.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancellation)).GetProperty("id").GetString()
        );
        using var other = await Post("""{"title":"云泽区键值办法","text":"第一条 乙。"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task documents_are_imported_and_each_is_reported_on()
    {
        var request = new ImportDocumentsRequest
        {
            Issuer = "370114-ZJ",
            Subject = "CXJS",
            Kind = DocumentKind.Normative,
            Documents =
            {
                new GivenDocument
                {
                    Title = "云泽区绿化管理办法",
                    PublishedOn = "2024-03-01",
                    Revisions =
                    {
                        new GivenRevision { Text = "第一条 植树。", EffectiveFrom = "2024-03-01" },
                        new GivenRevision
                        {
                            Markdown = "第一条 多植树。",
                            EffectiveFrom = "2025-03-01",
                            Note = "修改",
                        },
                    },
                },
                new GivenDocument { Title = "云泽区无文办法" },
            },
        };
        var forbidden = await Refused(Documents.ImportDocumentsAsync(request, await As("drafting-housing")));
        Assert.Equal(StatusCode.PermissionDenied, forbidden.Code);
        var key = Guid.NewGuid().ToString();
        var started = await Documents.ImportDocumentsAsync(request, await As("integration", ("idempotency-key", key)));
        Assert.Equal(2, started.Total);
        Assert.Equal(started, await Documents.ImportDocumentsAsync(request, await As("integration", ("idempotency-key", key))));
        var integration = await As("integration");
        async Task<Operation> Now() => await Documents.GetOperationAsync(new() { Id = started.Id }, integration);
        await Calls.Eventually<bool>(async () => (await Now()).State is OperationState.Done ? true : null);
        var done = await Now();
        Assert.Equal([(ImportOutcome.Created, 1), (ImportOutcome.Refused, 1)], done.Outcomes.Select(o => (o.Outcome, o.Count)).Order());
        var first = await Documents.ReadImportReportAsync(new() { Id = started.Id, PageSize = 1 }, integration);
        var created = Assert.Single(first.Items);
        Assert.Equal((1, ImportOutcome.Created, 2), (created.Number, created.Outcome, created.Recorded));
        var second = await Documents.ReadImportReportAsync(
            new()
            {
                Id = started.Id,
                PageSize = 1,
                PageToken = first.NextPageToken,
            },
            integration
        );
        Assert.False(second.HasNextPageToken);
        Assert.Equal("/revisions", Assert.Single(Assert.Single(second.Items).Errors).Pointer);
        var refused = await Documents.ReadImportReportAsync(new() { Id = started.Id, Outcome = ImportOutcome.Refused }, integration);
        Assert.Equal(second.Items, refused.Items);
        var document = await Documents.GetDocumentAsync(new() { Id = created.DocumentId }, cancellationToken: Cancellation);
        Assert.Equal((DocumentValidity.Amended, "CXJS"), (document.DocumentValidity, document.Subject));
        var others = await Refused(Documents.GetOperationAsync(new() { Id = Guid.NewGuid().ToString() }, integration));
        Assert.Equal(StatusCode.NotFound, others.Code);
    }

    [Fact]
    public async Task a_ticket_of_the_hotline_comes_in_once()
    {
        var interpretation = new Contracts.Interpretation.V1.Interpretation.InterpretationClient(channel);
        var request = new ReceiveTicketRequest
        {
            TicketId = $"G-{Guid.NewGuid():N}",
            Question = "夜间停车收费吗？电话13800138000",
            ReceivedAt = new() { Seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60 },
        };
        var forbidden = await Refused(interpretation.ReceiveTicketAsync(request, await As("signing")));
        Assert.Equal((StatusCode.PermissionDenied, "identity.role.missing"), (forbidden.Code, forbidden.Info.Reason));
        var wrong = await Refused(
            interpretation.ReceiveTicketAsync(new() { TicketId = "a/b", Blocks = { "b1" } }, await As("integration"))
        );
        Assert.Equal(
            new HashSet<string> { "/ticketId", "/question", "/documentId" },
            [.. wrong.Places!.FieldViolations.Select(v => v.Field)]
        );

        var key = Guid.NewGuid().ToString();
        var received = await interpretation.ReceiveTicketAsync(request, await As("hotline", ("idempotency-key", key)));
        Assert.Equal(
            (request.TicketId, TicketState.Received, 1, request.ReceivedAt),
            (received.Ticket.TicketId, received.Ticket.State, received.Ticket.Version, received.Ticket.ReceivedAt)
        );
        Assert.DoesNotContain("13800138000", received.Ticket.Question, StringComparison.Ordinal);
        Assert.Equal(received, await interpretation.ReceiveTicketAsync(request, await As("hotline", ("idempotency-key", key))));
        var taken = await Refused(interpretation.ReceiveTicketAsync(new(request) { Question = "别的问题" }, await As("hotline")));
        Assert.Equal(StatusCode.FailedPrecondition, taken.Code);
    }

    [Fact]
    public async Task anybody_comments_once_and_reads_with_the_receipt_what_became_of_it()
    {
        // At an address of its own, over both.
        using var elsewhere = GrpcChannel.ForAddress(
            $"http://localhost:{Platform.Port + 1}",
            new() { HttpHandler = RunningPlatform.HandlerFrom("127.0.0.8", Platform.Port + 1) }
        );
        using var http = Platform.From("127.0.0.8");
        var consultations = new Contracts.Consultation.V1.Consultation.ConsultationClient(elsewhere);
        var listed = await consultations.ListConsultationsAsync(
            new()
            {
                State = ConsultationState.Open,
                Subject = "CXJS",
                PageSize = 200,
            },
            Nobody
        );
        var opened = await consultations.GetConsultationAsync(
            new() { Id = listed.Items.First(c => c.Title.StartsWith("云泽区供热退费办法", StringComparison.Ordinal)).Id },
            Nobody
        );
        var block = opened.Blocks.First(b => b.Text.StartsWith("第三条", StringComparison.Ordinal));
        Assert.Equal((ShowingOfComments.AtOnce, "370114-ZJ"), (opened.Showing, opened.Body));
        Assert.NotEmpty(opened.Announcement.Explanation);

        var device = Guid.NewGuid().ToString();
        var comment = new SubmitCommentRequest
        {
            Id = opened.Id,
            Anchor = new()
            {
                Block = block.Id,
                Start = 0,
                End = 3,
            },
            Position = Position.Suggest,
            Text = "建议十五日。电话13800138000",
            Kind = CommenterKind.Citizen,
            Region = "370114",
            Name = "王女士",
            DeviceToken = device,
        };
        var key = Guid.NewGuid().ToString();
        var guessable = await Refused(consultations.SubmitCommentAsync(comment, Keyed("1")));
        Assert.Equal((StatusCode.InvalidArgument, "idempotency.key.guessable"), (guessable.Code, guessable.Info.Reason));
        var taken = await consultations.SubmitCommentAsync(comment, Keyed(key));
        Assert.Equal(CommentState.Shown, taken.State);
        using var again = consultations.SubmitCommentAsync(comment, Keyed(key));
        Assert.Equal(taken, await again);
        Assert.Equal("true", (await again.ResponseHeadersAsync).GetValue("idempotency-replayed"));

        var own = await consultations.ReadCommentAsync(new() { Receipt = taken.Receipt }, Nobody);
        Assert.Equal(
            (taken.Id, opened.Id, ConsultationState.Open, "第三条", false),
            (own.Id, own.ConsultationId, own.ConsultationState, own.Anchor.Quote, own.HasGroup)
        );
        Assert.DoesNotContain("13800138000", own.Text, StringComparison.Ordinal);
        Assert.Equal(
            own.Text,
            (await http.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/v1/comments/{taken.Receipt}", Cancellation))
                .GetProperty("text")
                .GetString()
        );
        var unknown = await Refused(consultations.ReadCommentAsync(new() { Receipt = Guid.NewGuid().ToString("N") }, Nobody));
        Assert.Equal((StatusCode.NotFound, "comment.notFound"), (unknown.Code, unknown.Info.Reason));

        // What is wrong is told at the same places, and a device counts once, whichever way it comes.
        var wrong = await Refused(
            consultations.SubmitCommentAsync(
                new()
                {
                    Id = opened.Id,
                    Anchor = new() { Block = block.Id, Start = 1 },
                    Region = "x",
                },
                Nobody
            )
        );
        using var same = await http.PostAsJsonAsync(
            $"/api/v1/consultations/{opened.Id}/comments",
            new { anchor = new { block = block.Id, start = 1 }, region = "x" },
            Cancellation
        );
        Assert.Equal(
            (await same.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancellation)).Pointers(),
            wrong.Places!.FieldViolations.Select(v => v.Field)
        );
        Assert.Equal(
            StatusCode.NotFound,
            (await Refused(consultations.SubmitCommentAsync(new(comment) { Id = Guid.NewGuid().ToString() }, Nobody))).Code
        );
        HttpStatusCode status;
        var sent = 0;
        do
        {
            using var more = await http.PostAsJsonAsync(
                $"/api/v1/consultations/{opened.Id}/comments",
                new
                {
                    position = "support",
                    text = $"支持{sent++}。",
                    deviceToken = device,
                },
                Cancellation
            );
            status = more.StatusCode;
        } while (status is HttpStatusCode.Created && sent < 20);
        var tooMany = await Refused(consultations.SubmitCommentAsync(comment, Nobody));
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, StatusCode.ResourceExhausted, "request.tooMany"),
            (status, tooMany.Code, tooMany.Info.Reason)
        );

        static CallOptions Keyed(string key) => new(new Metadata { { "idempotency-key", key } }, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task who_has_no_token_and_pages_of_other_origins_are_held_off_as_over_http()
    {
        // What does not read by its name writes.
        string[] reading =
        [
            "Get",
            "List",
            "Read",
            "Find",
            "Search",
            "Match",
            "Resolve",
            "Count",
            "Compare",
            "Describe",
            "Which",
            "DocumentExists",
        ];
        var methods = new[]
        {
            Contracts.Catalog.V1.Catalog.Descriptor,
            Contracts.Documents.V1.Documents.Descriptor,
            Contracts.Interpretation.V1.Interpretation.Descriptor,
            Contracts.Consultation.V1.Consultation.Descriptor,
        }.SelectMany(service => service.Methods);
        foreach (var method in methods)
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, $"/{method.Service.FullName}/{method.Name}")
            {
                Headers = { { "Origin", "https://elsewhere.test" }, { "Access-Control-Request-Method", "POST" } },
            };
            using var answer = await Platform.Api.SendAsync(preflight, Cancellation);
            Assert.Equal(
                (method.Name, reading.Any(method.Name.StartsWith)),
                (method.Name, answer.Headers.Contains("Access-Control-Allow-Origin"))
            );
        }

        // At an address of its own, whose limits are nobody else's.
        using var elsewhere = GrpcChannel.ForAddress(
            $"http://localhost:{Platform.Port + 1}",
            new() { HttpHandler = RunningPlatform.HandlerFrom("127.0.0.7", Platform.Port + 1) }
        );
        var documents = new Contracts.Documents.V1.Documents.DocumentsClient(elsewhere);
        var refusals = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Refused(documents.DraftDocumentAsync(new(), Nobody))));
        Assert.Contains(refusals, r => r.Info.Reason == "identity.token.invalid");
        Assert.Contains(refusals, r => (r.Code, r.Info.Reason) == (StatusCode.ResourceExhausted, "request.tooMany"));
        // What needs no token is counted with it: so few alone would not be refused.
        var consultations = new Contracts.Consultation.V1.Consultation.ConsultationClient(elsewhere);
        var comment = new SubmitCommentRequest { Id = Guid.NewGuid().ToString() };
        var comments = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Refused(consultations.SubmitCommentAsync(comment, Nobody))));
        Assert.Contains(comments, r => r.Info.Reason == "request.tooMany");
    }
}
