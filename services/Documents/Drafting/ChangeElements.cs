using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>Changes elements of a draft; a field that is left out stays as it is.</summary>
/// <param name="Title">标题.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="Disclosure">公开属性.</param>
/// <param name="MajorDecision">Whether it is a major administrative decision.</param>
/// <param name="DisclosureItem">The item of the disclosure catalogue that it is filed under.</param>
/// <example>{"title": "云泽区冬季供热保障办法", "kind": "normative", "subject": "CXJS", "disclosure": {"attribute": "proactive"},
/// "majorDecision": true}</example>
public sealed record ChangeElements(
    string? Title,
    DocumentKind? Kind,
    IReadOnlyList<string>? Issuers,
    string? Subject,
    Disclosure? Disclosure,
    bool? MajorDecision,
    string? DisclosureItem
) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/documents/{id:guid}", Patch)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("changeElements");

    static Task<IResult> Patch(
        Guid id,
        ChangeElements command,
        Caller caller,
        CatalogCodes catalog,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Append<PolicyDocument, Problem?>(
            http,
            id,
            async document =>
                caller.WorksOn(document) && Decide(document!, command, caller, time.GetUtcNow()).Events is [ElementsChanged elements]
                    ? (
                        await catalog.Check(
                            elements.Title,
                            elements.Issuers,
                            elements.Subject,
                            elements.Disclosure,
                            elements.DisclosureItem,
                            new Invalid(),
                            http.RequestAborted
                        )
                    ).Problem
                    : null,
            (document, unknown, _) =>
                Task.FromResult(
                    !caller.WorksOn(document) ? Visibility.NotFound(id, document)
                    : unknown is not null ? unknown
                    : Decide(document!, command, caller, time.GetUtcNow())
                ),
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    /// <summary>
    /// Elements are signed with the text: from then on they are no longer changed. What was signed before signatures covered them can be
    /// completed until it is issued.
    /// </summary>
    internal static Decision Decide(PolicyDocument document, ChangeElements command, Caller caller, DateTimeOffset now)
    {
        if (!document.IsBeingDrafted && document is not { State: DocumentState.Signed, Seal: null })
            return document.WrongState("changed in its elements", "before it is signed");
        // 发文机关 that others answer for are named by who publishes.
        if (command.Issuers is { } issuers && !caller.HasAny(Roles.Publisher) && caller.DraftsForOthers(issuers) is { } foreign)
            return foreign;
        // Which reviews it needs is not changed from under those who review it; a review that is not passed gives it back.
        if (
            document.State is DocumentState.UnderReview
            && (
                command.Kind is DocumentKind.Other && document.Kind is DocumentKind.Normative
                || command.MajorDecision is false && document.MajorDecision
            )
        )
            return document.WrongState("made a kind of document that needs fewer reviews", "while it is drafted");
        var changed = new ElementsChanged(
            command.Title?.Trim() ?? document.Title,
            command.Kind ?? document.Kind,
            command.Issuers ?? document.Issuers,
            command.Subject ?? document.Subject,
            command.Disclosure ?? document.Disclosure,
            command.MajorDecision ?? document.MajorDecision,
            caller.Actor(),
            now,
            command.DisclosureItem ?? document.DisclosureItem
        );
        // What says nothing new is no change, and nothing is recorded of it.
        return
            changed.Title == document.Title
            && changed.Kind == document.Kind
            && changed.Issuers.SequenceEqual(document.Issuers)
            && changed.Subject == document.Subject
            && changed.Disclosure == document.Disclosure
            && changed.MajorDecision == document.MajorDecision
            && changed.DisclosureItem == document.DisclosureItem
            ? Decision.Record()
            : Decision.Record(changed);
    }
}
