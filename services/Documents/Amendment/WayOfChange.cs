using JasperFx.Events;
using Marten;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// Nobody changes the law in force alone: what changes a published document is a text that was prepared, reviewed and signed, or is ordered by
/// a published document, or for what is put right consented to by a signer; in an emergency it is none of this, for a reason that is counted. Set
/// off by <c>Amendment:NeedsWay</c>.
/// </summary>
/// <param name="IsNeeded">Whether that is so here.</param>
/// <param name="Texts">Where it is read whether a document orders a change.</param>
public sealed record WayOfChange(bool IsNeeded, RevisionTexts Texts)
{
    /// <summary>Reads what is set.</summary>
    internal static WayOfChange From(IConfiguration configuration, RevisionTexts texts) =>
        new(configuration.GetValue("Amendment:NeedsWay", true), texts);

    /// <summary>
    /// Decides on a change that the law in force may rest on: first whether it can be made at all, then on what ground, then as it is made.
    /// </summary>
    /// <param name="session">The session that the change is written in.</param>
    /// <param name="document">The document that is changed.</param>
    /// <param name="given">What was said of the ground; whether a signer consented to the change, and what stands against it, is found out.</param>
    /// <param name="isReady">Whether it needs no other ground.</param>
    /// <param name="invalid">What is wrong with the request so far: it is told first, and all at once.</param>
    /// <param name="decide">Decides on the change by its ground; asked only where nothing is wrong with the request.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal async Task<(Decision Decision, Ground Ground)> Decide(
        IDocumentSession session,
        PolicyDocument document,
        GivenGround given,
        bool isReady,
        Invalid invalid,
        Func<Ground, Decision> decide,
        CancellationToken cancellation
    )
    {
        if (invalid.Problem is null)
        {
            var change = decide(Ground.None);
            given = given with { Obstacle = change.Problem, IsConsented = ConsentToChange.IsGiven(document, change.Events, given.By) };
        }
        var (ground, noWay) = await Find(session, document, given, isReady, invalid, cancellation);
        return (noWay is not null ? noWay : decide(ground), ground);
    }

    /// <summary>On what ground a published document is changed; why it is not, where there is none.</summary>
    /// <param name="session">The session that the change is written in.</param>
    /// <param name="document">The document that is changed.</param>
    /// <param name="given">What was said.</param>
    /// <param name="isReady">Whether it goes its way already: it needs no other ground, and one that is named is true all the same.</param>
    /// <param name="invalid">What is wrong with the request so far: it is told first, and all at once.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal async Task<(Ground Ground, Problem? Problem)> Find(
        IDocumentSession session,
        PolicyDocument document,
        GivenGround given,
        bool isReady,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        var emergency = given.EmergencyReason.OrNone();
        // No ground helps what cannot be done at all.
        if (invalid.Problem is null && given.Obstacle is { } obstacle)
            return (Ground.None, obstacle);
        if (given is { OrderedBy: null, IsConsented: true })
            return (new(null, true, null), invalid.Problem);
        if (given.OrderedBy is not { } by)
            return (
                new(null, false, emergency),
                invalid.Problem
                    ?? (!IsNeeded || isReady || emergency is not null ? null : Gates.Problem([new("way", given.Ways, given.Actor)]))
            );
        var order = await session.PublishedOther(by, document.Id, given.Pointer, invalid, cancellation);
        if (order is null || invalid.Problem is not null)
            return (new(order, false, emergency), invalid.Problem);
        var wrong = IsNeeded ? await Disorder(session, document, order.Aggregate!, given, cancellation) : null;
        return (new(order, wrong is null, emergency), emergency is null ? wrong : null);
    }

    /// <summary>Why a published document does not order a change of another one; null where it does.</summary>
    /// <param name="session">Where it is read.</param>
    /// <param name="document">The document that is changed.</param>
    /// <param name="order">The one that is to order it.</param>
    /// <param name="given">What was said.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="orderNaming">What gave the order its names, where one order is asked about for many documents; read when left out.</param>
    internal async Task<Problem?> Disorder(
        IDocumentSession session,
        PolicyDocument document,
        PolicyDocument order,
        GivenGround given,
        CancellationToken cancellation,
        IReadOnlyList<object>? orderNaming = null
    )
    {
        var naming = await DocumentNames.Naming(session, document.Id, cancellation);
        var names = DocumentNames.Of(document, naming, given.By);
        var invalid = new Invalid()
            .If(
                order.ValidityOn(given.On) is not (Validity.InForce or Validity.Amended),
                given.Pointer,
                "order.notInForce",
                $"《{order.TitleOn(given.On)}》 is not in force on {given.On:yyyy-MM-dd}, the day of the change."
            )
            .If(
                IsOwn(order, given.On, given.By),
                given.Pointer,
                "order.own",
                $"The text of 《{order.TitleOn(given.On)}》 was signed, imported or recorded by you alone: what orders a change is given by somebody else than who makes it."
            )
            .If(
                given.Does is { } does && naming.Any(e => Done(e, does, order.Id)),
                given.Pointer,
                "order.used",
                $"《{order.TitleOn(given.On)}》 has changed this document already, and an order is carried out once. Name the document that orders this change."
            )
            .If(
                !await IsAbout(),
                given.Pointer,
                "order.unnamed",
                given.Ends
                    ? (Wording)
                        $"《{order.TitleOn(given.On)}》 does not say of this document that it ends (废止、失效、停止执行、不再执行、替代). Looked for in its title and its text: {names.LookedFor}."
                    : $"《{order.TitleOn(given.On)}》 does not name this document. Looked for in its title and its text: {names.LookedFor}."
            );
        return invalid.Problem is { } problem ? DocumentProblems.NotOrdered.With(problem.Detail) with { Errors = problem.Errors } : null;

        async Task<bool> IsAbout()
        {
            // What a clean-up began for this document is about it, and amends it.
            if (!given.Ends && await session.BegunFor(order.Id, document.Id, cancellation) is not null)
                return true;
            // What it says on that day, and not what it said once or will say.
            if (order.TextInForceOn(given.On) is not { } text || order.Down.Of(text.Revision) is not null)
                return false;
            orderNaming ??= await DocumentNames.Naming(session, order.Id, cancellation);
            var title = DocumentNames.TitleOn(order, given.On, orderNaming, given.By);
            return names.AreIn([title], (await Texts.Find(session, order, text.Revision, cancellation))?.Blocks ?? [], given.Ends);
        }
    }

    // Whether this is what a document did by the order of another one. What ended by it ends no second time.
    internal static bool Done(object happened, RelationKind does, Guid order) =>
        does is RelationKind.Amends && happened is DocumentAmended amended && amended.AmendedBy == order;

    /// <summary>
    /// Whether the text of a day was given by this person: signed, or where nobody signed it imported or recorded. What is not kept is not held
    /// against anybody.
    /// </summary>
    internal static bool IsOwn(PolicyDocument order, DateOnly day, string person) =>
        order.TextInForceOn(day) is { } text && order.TextsGivenBy.GetValueOrDefault(text.Revision) == person;

    /// <summary>Why the text that is prepared is not made public; null where it is.</summary>
    /// <param name="document">The document.</param>
    /// <param name="revision">The text.</param>
    /// <param name="corrects">The published text that it is to correct; null for an amendment.</param>
    /// <param name="otherwise">Whether a published document orders it, or it is an emergency.</param>
    internal static Problem? Unready(PolicyDocument document, int revision, int? corrects, bool otherwise) =>
        document.Prepared is not { } prepared || prepared.Revision != revision
            ? new Invalid()
                .Add(
                    "/revision",
                    "revision.unknown",
                    $"Revision {revision} is not the newest text that is prepared for this document. `prepared` of the document names it."
                )
                .Problem
        : !otherwise && Open(document, corrects) is { Count: > 0 } open ? Gates.Problem(open)
        : null;

    /// <summary>Why a prepared text went no way to its end, for the history: where one way holds, it is no emergency.</summary>
    /// <param name="ground">What was found.</param>
    /// <param name="prepared">The document whose prepared text is made public.</param>
    /// <param name="corrects">The published text that it is to correct; null for an amendment.</param>
    internal static string? Emergency(Ground ground, PolicyDocument prepared, int? corrects) =>
        Open(prepared, corrects).Count == 0 ? null : ground.Emergency;

    // A correction holds for days that have passed: whoever signs it says that it is one.
    static IReadOnlyList<Gate> Open(PolicyDocument document, int? corrects) =>
        [
            .. Gates.BeforeSigningPrepared(document),
            .. Gates.Unsigned(document) is { Count: > 0 } unsigned ? unsigned
            : document.Prepared?.Corrects == corrects ? []
            : new Gate[]
            {
                new(
                    "signature",
                    corrects is { } wrong
                        ? (Wording)$"The prepared text is not signed as a correction of revision {wrong}: POST …/sign with `corrects`."
                        : "The prepared text is signed as a correction, not as an amendment: POST …/sign without `corrects`.",
                    "signer"
                ),
            },
        ];
}

/// <summary>What was said of the ground on which a published document is changed.</summary>
/// <param name="OrderedBy">The published document that orders it.</param>
/// <param name="Pointer">Where that was said.</param>
/// <param name="On">The day on which it has to be in force, Asia/Shanghai: that of the change.</param>
/// <param name="EmergencyReason">Why no document orders it.</param>
/// <param name="Ways">The ways that there are, for people.</param>
/// <param name="By">Who makes the change, by id.</param>
/// <param name="IsConsented">Whether a signer consented to it.</param>
/// <param name="Does">What the document that orders it does to the other one; null where it is said of none.</param>
/// <param name="Obstacle">Why the change cannot be made, whatever its ground; null where it can.</param>
/// <param name="Actor">The role that can supply a way.</param>
sealed record GivenGround(
    Guid? OrderedBy,
    string Pointer,
    DateOnly On,
    string? EmergencyReason,
    Wording Ways,
    string By,
    bool IsConsented = false,
    RelationKind? Does = null,
    Problem? Obstacle = null,
    string Actor = "publisher"
)
{
    /// <summary>Whether the order has to speak of an end.</summary>
    public bool Ends => Does is RelationKind.Repeals or RelationKind.Supersedes;
}

/// <summary>The ground on which a published document is changed.</summary>
/// <param name="Order">The published document that was named, to be written in the same transaction; null for none.</param>
/// <param name="IsOrdered">Whether it orders the change, or a signer consented to it.</param>
/// <param name="Said">What was said of an emergency.</param>
sealed record Ground(IEventStream<PolicyDocument>? Order, bool IsOrdered, string? Said)
{
    /// <summary>Nothing was said, and nothing has to be.</summary>
    public static readonly Ground None = new(null, false, null);

    /// <summary>Why it goes no way, for the history: where a document orders it, it is no emergency.</summary>
    public string? Emergency => IsOrdered ? null : Said;

    /// <summary>The document that was named.</summary>
    public Guid? OrderedBy => Order?.Id;
}
