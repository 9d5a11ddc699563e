using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Relations;

/// <summary>
/// States how a document is related to another one, or, with <paramref name="Id"/>, states a relation anew, for example to end it.
/// </summary>
/// <param name="Id">The relation that is stated anew; a new one when left out.</param>
/// <param name="Kind">What this document does to the other one: implements, basedOn or relatesTo. Amending, repealing and superseding come
/// with the steps that do it.</param>
/// <param name="Target">The other document.</param>
/// <param name="From">The first day on which it holds, Asia/Shanghai; today when left out.</param>
/// <param name="Until">The last day on which it holds; none when left out.</param>
/// <param name="Note">What is to be said about it.</param>
/// <example>{"kind": "basedOn", "target": "01920f4e-8b4c-7d6e-8f30-1b2c3d4e5f60", "from": "2026-03-01", "note": "本办法第一条。"}</example>
public sealed record StateRelation(Guid? Id, RelationKind? Kind, Guid? Target, DateOnly? From, DateOnly? Until, string? Note) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/relations", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<StatedRelation>(201)
            .WithName("stateRelation");

    static Task<IResult> Post(Guid id, StateRelation command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var relation = command.Id ?? Guid.CreateVersion7();
        return writer.Append<PolicyDocument>(
            http,
            id,
            async (document, session) =>
            {
                if (!caller.Sees(document) || !caller.HasAny(Roles.Publisher) && !document!.Issuers.Contains(caller.Organisation))
                    return Visibility.NotFound(id, document);
                var from = command.From ?? time.Today();
                var target = command.Target is { } t && t != id ? await session.LoadAsync<PolicyDocument>(t, http.RequestAborted) : null;
                var known = await session.Query<RelationEntry>().Where(r => r.Source == id).ToListAsync(http.RequestAborted);
                var invalid = new Invalid()
                    .If(
                        command.Kind is not (RelationKind.Implements or RelationKind.BasedOn or RelationKind.RelatesTo),
                        "/kind",
                        "relation.kind",
                        "One of implements, basedOn, relatesTo. POST …/amendments, …/repeal and …/supersede state the others when they happen."
                    )
                    .If(!caller.Sees(target), "/target", "document.unknown", "There is no other document of this id that you may see.")
                    .If(command.Until < from, "/until", "date.tooEarly", "A relation does not end before it begins.")
                    .Text("/note", command.Note, Limits.LongestNote, required: false)
                    .If(
                        command.Id is not null && known.All(r => r.Id != command.Id),
                        "/id",
                        "relation.unknown",
                        "This document has stated no relation of this id."
                    )
                    .If(
                        command.Id is null
                            && known.FirstOrDefault(r => r.Target == command.Target && r.Kind == command.Kind && !(r.Until < from))
                                is not null,
                        "/target",
                        "relation.known",
                        "This relation is stated already; send its `id` to state it anew."
                    );
                return invalid.Problem is { } problem
                    ? problem
                    : Decision.Record(
                        new RelationStated(
                            relation,
                            command.Kind!.Value,
                            command.Target!.Value,
                            from,
                            command.Until,
                            command.Note,
                            caller.Actor(),
                            time.GetUtcNow()
                        )
                    );
            },
            recorded => new Answer(201, new StatedRelation(relation, recorded.Version), $"/api/v1/documents/{id}/relations")
        );
    }
}

/// <summary>The answer to a stated relation.</summary>
/// <param name="Id">The relation.</param>
/// <param name="Version">The version of the document from now on: its ETag.</param>
public sealed record StatedRelation(Guid Id, long Version);
