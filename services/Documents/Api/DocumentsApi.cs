using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Search;
using Block = PolicyPlatform.Contracts.Documents.V1.Block;
using ChangeKind = PolicyPlatform.Documents.Text.ChangeKind;

namespace PolicyPlatform.Documents.Api;

/// <summary>
/// What other services and integrating systems ask over gRPC. The same eyes as over HTTP: without a token, what is public. What writes is the
/// call over HTTP.
/// </summary>
sealed class DocumentsApi(IQuerySession session, RevisionTexts texts, IndexedLibrary library, EndpointCalls calls, TimeProvider time)
    : Contracts.Documents.V1.Documents.DocumentsBase
{
    /// <inheritdoc/>
    public override async Task<Document> GetDocument(GetDocumentRequest request, ServerCallContext context)
    {
        var (document, caller) = await Find(request.Id, context);
        var answer = new Document
        {
            Id = document.Id.ToString(),
            Version = document.Version,
            Title = caller.SeesInside(document) ? document.TitleOn(time.Today()) : document.PublicTitleOn(time.Today()),
            DocumentNumber = document.Number?.ToString() ?? "",
            Subject = document.Subject ?? "",
            DocumentState = document.State.In<Contracts.Documents.V1.DocumentState>(),
            DocumentValidity = document.ValidityOn(time.Today()).In<DocumentValidity>(),
            CurrentRevision = Visibility.CurrentRevision(document, time.Today()),
            ExpiresOn = Day(document.ExpiresOn),
            PublishedOn = Day(document.PublishedOn),
            NewestRevision = caller.SeesInside(document) ? document.Revision : 0,
            Proactive = document.Disclosure is { Attribute: DisclosureKind.Proactive },
        };
        answer.Issuers.AddRange(document.Issuers);
#pragma warning disable CS0612 // Whoever came before the enums reads the words.
        answer.State = answer.DocumentState.GivenWord();
        answer.Validity = answer.DocumentValidity.GivenWord() ?? "";
#pragma warning restore CS0612
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<RevisionBlocks> GetRevisionBlocks(GetRevisionBlocksRequest request, ServerCallContext context)
    {
        var (document, caller) = await Find(request.Id, context);
        var revision = request.Revision == 0 ? Visibility.CurrentRevision(document, time.Today()) : request.Revision;
        if (
            !caller.SeesRevision(document, revision)
            || await texts.Find(session, document, revision, context.CancellationToken) is not { } text
        )
            throw caller.NoRevision(document, revision).ToRpcException();
        var answer = new RevisionBlocks { Id = document.Id.ToString(), Revision = revision };
        foreach (var block in text.Blocks)
        {
            var sent = new Block
            {
                Id = block.Id,
                BlockKind = block.Kind.In<Contracts.Documents.V1.BlockKind>(),
                ParentId = block.ParentId ?? "",
                Label = block.Label ?? "",
                Text = block.Text,
            };
#pragma warning disable CS0612 // Whoever came before the enums reads the words.
            sent.Kind = sent.BlockKind.GivenWord();
#pragma warning restore CS0612
            sent.ResponsibleBodies.AddRange(block.ResponsibleBodies ?? []);
            answer.Blocks.Add(sent);
        }
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<DocumentExistsResponse> DocumentExists(DocumentExistsRequest request, ServerCallContext context) =>
        new()
        {
            Exists = Caller
                .From(context.GetHttpContext().User)
                .Sees(await session.LoadAsync<PolicyDocument>(Id(request.Id), context.CancellationToken)),
        };

    /// <inheritdoc/>
    public override async Task<WhichArePublicResponse> WhichArePublic(WhichArePublicRequest request, ServerCallContext context)
    {
        if (request.Ids.Count > MostIds)
            throw new Invalid().Add("ids", "ids.tooMany", $"At most {MostIds} documents are asked for at once.").Problem!.ToRpcException();
        var found = await session.LoadManyAsync<PolicyDocument>(context.CancellationToken, [.. request.Ids.Select(Id)]);
        var answer = new WhichArePublicResponse();
        answer.Documents.AddRange(
            found
                .Where(d => d.IsPublic)
                .Select(d => new PublicDocument
                {
                    Id = d.Id.ToString(),
                    Version = d.Version,
                    Title = d.PublicTitleOn(time.Today()),
                    DocumentNumber = d.Number?.ToString() ?? "",
                    Revision = Visibility.CurrentRevision(d, time.Today()),
                    PublishedOn = Day(d.PublishedOn),
                    ExpiresOn = Day(d.ExpiresOn),
                    DocumentValidity = d.ValidityOn(time.Today()).In<DocumentValidity>(),
                })
        );
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<FindErasedResponse> FindErased(FindErasedRequest request, ServerCallContext context)
    {
        var answer = new FindErasedResponse();
        answer.Revisions.AddRange((await session.LoadAsync<PolicyDocument>(Id(request.Id), context.CancellationToken))?.Erased ?? []);
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<ListChangedBlocksResponse> ListChangedBlocks(ListChangedBlocksRequest request, ServerCallContext context)
    {
        // Names alone, and no words: who explains a document that is taken from the public is told that it changes.
        var (document, caller) = await Find(request.Id, context, withDown: true);
        var before = await Text(request.From);
        var after = await Text(request.To);
        var answer = new ListChangedBlocksResponse();
        answer.Blocks.AddRange(
            TextComparison
                .Compare(before, after, typography: false)
                .Where(c => c.Change is ChangeKind.Modified or ChangeKind.Removed)
                .Select(c => new ChangedBlock
                {
                    Id = c.BlockId,
                    ChangeKind = c.Change.In<Contracts.Documents.V1.ChangeKind>(),
#pragma warning disable CS0612 // Whoever came before the enums reads the words.
                    Change = JsonDefaults.Word(c.Change),
#pragma warning restore CS0612
                })
        );
        return answer;

        async Task<IReadOnlyList<Text.Block>> Text(int revision) =>
            caller.SeesRevision(document, revision) && await texts.Find(session, document, revision, context.CancellationToken) is { } text
                ? text.Blocks
                : throw caller.NoRevision(document, revision).ToRpcException();
    }

    /// <inheritdoc/>
    public override Task<CompareWordsResponse> CompareWords(CompareWordsRequest request, ServerCallContext context)
    {
        var invalid = new Invalid().Text("before", request.Before, LongestCompared, required: false);
        if (invalid.Text("after", request.After, LongestCompared, required: false).Problem is { } problem)
            throw problem.ToRpcException();
        var answer = new CompareWordsResponse();
        if (request.Before != request.After)
            answer.Exchanged.AddRange(
                ChangedWords
                    .Between(request.Before, request.After)
                    .Select(s => new ExchangedSpan
                    {
                        BeforeStart = s.BeforeStart,
                        BeforeLength = s.BeforeLength,
                        AfterStart = s.AfterStart,
                        AfterLength = s.AfterLength,
                    })
            );
        return Task.FromResult(answer);
    }

    /// <inheritdoc/>
    public override async Task<FindClausesResponse> FindClauses(FindClausesRequest request, ServerCallContext context)
    {
        var invalid = new Invalid()
            .If(request.Question.Length > LongestQuestion, "question", "value.tooLong", $"At most {LongestQuestion} characters.")
            .If(
                request.Synonyms.Count > MostGroups || request.Synonyms.Any(g => g.Words.Count > MostGroups),
                "synonyms",
                "groups.tooMany",
                $"At most {MostGroups} groups."
            );
        if (invalid.Problem is { } problem)
            throw problem.ToRpcException();
        var found = await library.Read(
            index =>
                index
                    .Clauses(
                        request.Question,
                        new(
                            [.. request.Synonyms.Where(g => g.Said.Length == 0).Select(g => g.Words)],
                            [.. request.Synonyms.Where(g => g.Said.Length > 0).Select(g => new Saying(g.Said, g.Words))]
                        ),
                        Math.Clamp(request.Limit, 1, MostClauses)
                    )
                    .Select(f => new FoundClause
                    {
                        DocumentId = f.Item.Document.Entry.Id.ToString(),
                        Title = f.Item.Document.Entry.TitleOn(index.Day),
                        DocumentNumber = f.Item.Document.Entry.DocumentNumber ?? "",
                        Revision = f.Item.Document.Entry.TextOn(index.Day).Revision,
                        BlockId = f.Item.Blocks[0].Id,
                        Label = f.Item.Blocks[0].Label ?? "",
                        Text = f.Item.Text,
                        Score = f.Score,
                        Coverage = f.Coverage,
                    })
                    .ToArray(),
            context.CancellationToken
        );
        var answer = new FindClausesResponse();
        answer.Clauses.AddRange(found);
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<SearchLibraryResponse> SearchLibrary(SearchLibraryRequest request, ServerCallContext context)
    {
        var (search, problem) = Read(request.Filter ?? new());
        if (search is null)
            throw problem!.ToRpcException();
        var limit = Math.Clamp(request.Limit, 1, MostFound);
        return await library.Read(
            index =>
            {
                var (found, total, _) = search.Page(index, null, limit);
                var answer = new SearchLibraryResponse { Total = total };
                answer.Documents.AddRange(
                    found
                        .Select(f => (index.Read(f.Hit).Entry, f.Validity))
                        .Select(f => new PublicDocument
                        {
                            Id = f.Entry.Id.ToString(),
                            Title = f.Entry.TitleOn(index.Day),
                            DocumentNumber = f.Entry.DocumentNumber ?? "",
                            Revision = f.Entry.TextOn(index.Day).Revision,
                            PublishedOn = Day(f.Entry.PublishedOn),
                            ExpiresOn = Day(f.Entry.ExpiresOn),
                            DocumentValidity = f.Validity.In<DocumentValidity>(),
                        })
                );
                return answer;
            },
            context.CancellationToken
        );
    }

    /// <inheritdoc/>
    public override async Task<MatchLibraryResponse> MatchLibrary(MatchLibraryRequest request, ServerCallContext context)
    {
        if (request.Filters.Count > MostIds)
            throw new Invalid()
                .Add("filters", "filters.tooMany", $"At most {MostIds} queries are asked at once.")
                .Problem!.ToRpcException();
        var id = Id(request.DocumentId);
        // A filter that cannot be asked finds nothing: it must not keep the others from being answered.
        LibrarySearch?[] searches = [.. request.Filters.Select(f => Read(f).Search)];
        var answer = new MatchLibraryResponse();
        answer.Matching.AddRange(
            await library.Read(
                index => searches.Index().Where(s => s.Item?.Finds(index, id) is true).Select(s => s.Index).ToArray(),
                context.CancellationToken
            )
        );
        return answer;
    }

    /// <inheritdoc/>
    public override Task<RecordedRevision> DraftDocument(DraftDocumentRequest request, ServerCallContext context) =>
        calls.Make<RecordedRevision>("createDraft", request, context);

    /// <inheritdoc/>
    public override Task<RecordedRevision> RecordRevision(RecordRevisionRequest request, ServerCallContext context) =>
        calls.Make<RecordedRevision>("recordRevision", request, context);

    /// <inheritdoc/>
    public override Task<PublishDocumentResponse> PublishDocument(PublishDocumentRequest request, ServerCallContext context) =>
        calls.Make<PublishDocumentResponse>("publish", request, context);

    /// <inheritdoc/>
    public override Task<Operation> ImportDocuments(ImportDocumentsRequest request, ServerCallContext context) =>
        calls.Make<Operation>("import", request, context);

    /// <inheritdoc/>
    public override Task<Operation> GetOperation(GetOperationRequest request, ServerCallContext context) =>
        calls.Make<Operation>("readOperation", request, context);

    /// <inheritdoc/>
    public override Task<ImportReport> ReadImportReport(ReadImportReportRequest request, ServerCallContext context) =>
        calls.Make<ImportReport>("readImportReport", request, context);

    static (LibrarySearch? Search, Problem? Problem) Read(LibraryFilter filter)
    {
        var invalid = new Invalid();
        var search = new LibraryQuery(
            Given(filter.Q),
            Given(filter.Issuer),
            Given(filter.Subject),
#pragma warning disable CS0612 // Whoever came before the enums asks by words.
            filter.DocumentKind.GivenWord() ?? Given(filter.Kind),
            filter.ValidityFilter.GivenWord() ?? Given(filter.Validity),
#pragma warning restore CS0612
            null,
            null
        ).Read(invalid);
        return invalid.Problem is { } problem ? (null, problem) : (search, null);

        static string? Given(string value) => value.Length > 0 ? value : null;
    }

    const int MostIds = 1000,
        MostClauses = 50,
        LongestQuestion = 20_000,
        MostGroups = 5_000,
        LongestCompared = 100_000,
        MostFound = 200;

    static string Day(DateOnly? day) => day?.ToString("O", System.Globalization.CultureInfo.InvariantCulture) ?? "";

    async Task<(PolicyDocument Document, Caller Caller)> Find(string id, ServerCallContext context, bool withDown = false)
    {
        var caller = Caller.From(context.GetHttpContext().User);
        var document = await session.LoadAsync<PolicyDocument>(Id(id), context.CancellationToken);
        if (withDown)
            document = document is null ? null : document with { Down = [] };
        return caller.Sees(document) ? (document!, caller) : throw Visibility.NotFound(Id(id), document).ToRpcException();
    }

    static Guid Id(string id) =>
        Guid.TryParse(id, out var parsed)
            ? parsed
            : throw new Invalid().Add("id", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
}
