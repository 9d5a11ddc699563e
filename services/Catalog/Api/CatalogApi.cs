using Grpc.Core;
using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.Catalog.Subjects;
using PolicyPlatform.Catalog.Topics;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Api;

/// <summary>What other services ask over gRPC.</summary>
public sealed class CatalogApi(
    IQuerySession session,
    Contracts.Documents.V1.Documents.DocumentsClient documents,
    HideDocuments hiding,
    TimeProvider time
) : Contracts.Catalog.V1.Catalog.CatalogBase
{
    const int MostCodes = 200;

    /// <inheritdoc/>
    public override async Task<HideDocumentResponse> HideDocument(HideDocumentRequest request, ServerCallContext context)
    {
        await hiding.Hide(request, context);
        return new();
    }

    /// <inheritdoc/>
    public override async Task<ResolveCodesResponse> ResolveCodes(ResolveCodesRequest request, ServerCallContext context)
    {
        if (
            request.Organisations.Count
                + request.Subjects.Count
                + request.DisclosureItems.Count
                + request.OrganisationNames.Count
                + request.SubjectNames.Count
            > MostCodes
        )
            throw new Invalid()
                .Add("organisations", "codes.tooMany", $"At most {MostCodes} codes and names are resolved at once.")
                .Problem!.ToRpcException();
        var answer = new ResolveCodesResponse();
        var today = time.Today();
        if (request.Organisations.Count > 0)
        {
            var found = (await session.LoadManyAsync<Organisation>(context.CancellationToken, [.. request.Organisations])).ToDictionary(o =>
                o.Id
            );
            answer.Organisations.AddRange(
                request
                    .Organisations.Where(code => found.TryGetValue(code, out var o) && (request.OfAnyDay || o.ExistsOn(today)))
                    .Select(code => new CodeName
                    {
                        Code = code,
                        Name = found[code].NameOn(today),
                        ValidUntil = Day(found[code].ValidUntil),
                        Type = JsonDefaults.Word(found[code].Type),
                    })
            );
            foreach (var ended in answer.Organisations.Where(o => !found[o.Code].ExistsOn(today)))
                ended.Successor = await TookOver(found[ended.Code], today, context.CancellationToken) ?? "";
        }
        if (request.Subjects.Count > 0)
        {
            var found = (
                await session.LoadManyAsync<Subject>(context.CancellationToken, [.. request.Subjects.Select(Subject.Key)])
            ).ToDictionary(s => s.Code);
            answer.Subjects.AddRange(
                request.Subjects.Where(found.ContainsKey).Select(code => new CodeName { Code = code, Name = found[code].Name })
            );
        }
        if (request.DisclosureItems.Count > 0)
        {
            var found = (
                await session.LoadManyAsync<DisclosureItem>(
                    context.CancellationToken,
                    [.. request.DisclosureItems.Select(name => $"disclosure/{name}")]
                )
            ).ToDictionary(i => DisclosureItem.Name(i.Layer, i.Code));
            answer.DisclosureItems.AddRange(
                request
                    .DisclosureItems.Where(name => found.GetValueOrDefault(name)?.On(today) is not null)
                    .Select(name => new CodeName { Code = name, Name = found[name].On(today)!.Name })
            );
        }
        if (request.OrganisationNames.Count > 0)
        {
            var all = await session.Query<Organisation>().ToListAsync(context.CancellationToken);
            answer.NamedOrganisations.AddRange(
                request.OrganisationNames.SelectMany(name =>
                    Organisation
                        .Named(all, name, today)
                        .Select(o => new CodeName
                        {
                            Code = o.Id,
                            Name = name,
                            ValidUntil = Day(o.ValidUntil),
                        })
                )
            );
        }
        if (request.SubjectNames.Count > 0)
        {
            var all = (await session.Query<Subject>().ToListAsync(context.CancellationToken)).ToLookup(s => s.Name);
            answer.NamedSubjects.AddRange(
                request.SubjectNames.SelectMany(name => all[name].Select(s => new CodeName { Code = s.Code, Name = name }))
            );
        }
        return answer;
    }

    // Who took over may have been dissolved in turn.
    async Task<string?> TookOver(Organisation ended, DateOnly today, CancellationToken cancellation)
    {
        var seen = new HashSet<string>();
        while (!ended.ExistsOn(today))
        {
            if (
                ended.Successor is not { } next
                || !seen.Add(next)
                || await session.LoadAsync<Organisation>(next, cancellation) is not { } successor
            )
                return null;
            ended = successor;
        }
        return ended.Id;
    }

    /// <inheritdoc/>
    public override async Task<CountDaysResponse> CountDays(CountDaysRequest request, ServerCallContext context)
    {
        var invalid = new Invalid().Days("days", request.Days);
        var from = invalid.Day("from", request.From);
        if (invalid.Problem is { } problem)
            throw problem.ToRpcException();
        var counted = (await CalendarYear.Known(session, context.CancellationToken)).Count(from, request.Days, request.WorkingDays);
        return new()
        {
            DueOn = Day(counted.DueOn),
            Certain = counted.Certain,
            Explanation = counted.Explanation,
        };
    }

    /// <inheritdoc/>
    public override async Task<GetTopicResponse> GetTopic(GetTopicRequest request, ServerCallContext context)
    {
        if (await session.LoadAsync<Topic>(Topic.Key(request.Code), context.CancellationToken) is not { IsRemoved: false } topic)
            throw CatalogProblems.TopicNotFound.With($"There is no topic {request.Code}.").ToRpcException();
        var answer = new GetTopicResponse { Version = topic.Version };
        // What was taken from the public since it was chosen is not named, and drafts could be chosen once.
        answer.Documents.AddRange(
            (await documents.WhichArePublic(topic.Targets(TopicItemKind.Document).Select(Guid.Parse), context.CancellationToken)).Select(
                id => id.ToString()
            )
        );
        answer.Rules.AddRange(
            topic
                .Sections.SelectMany(s => s.Rules)
                .Select(r => r.Filter())
                .OfType<Contracts.Documents.V1.LibraryFilter>()
                .Select(f => new Contracts.Catalog.V1.TopicRule
                {
                    Q = f.Q,
                    Issuer = f.Issuer,
                    Subject = f.Subject,
                })
        );
        return answer;
    }

    static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
