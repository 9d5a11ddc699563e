using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents;

/// <summary>Something that is still missing on the way to publication.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Missing">What is missing and which call supplies it, for people.</param>
/// <param name="Actor">The role that must act.</param>
public sealed record Gate(string Code, Wording Missing, string Actor);

/// <summary>The way to publication: which gates are open, and what that keeps from happening.</summary>
public static class Gates
{
    /// <summary>The open gates before the signature.</summary>
    public static IReadOnlyList<Gate> BeforeSigning(PolicyDocument document)
    {
        var gates = new List<Gate>();
        if (document.State is not DocumentState.UnderReview)
            gates.Add(new("review", "The document is not under review: POST …/review.", "drafter"));
        gates.AddRange(Reviews(document));
        // The signature covers them.
        if (MissingElements(document).Where(m => m.Pointer is not ("/documentNumber" or "/writtenOn")).ToArray() is { Length: > 0 } missing)
            gates.Add(Elements(missing));
        return gates;
    }

    /// <summary>The open gates before the signature of a text that is prepared for a published document.</summary>
    public static IReadOnlyList<Gate> BeforeSigningPrepared(PolicyDocument document)
    {
        var gates = new List<Gate>();
        if (document.Prepared is not { SentToReviewAt: not null })
            gates.Add(new("review", "The prepared text is not under review: POST …/review.", "drafter"));
        if (
            (document.Kind is DocumentKind.Normative || document.MajorDecision || document.Requires(DecisionStep.Legality))
            && !document.HasPassed(document.Prepared?.Legality)
        )
            gates.Add(
                new("legality", $"Revision {document.Revision} as it is has not passed the legality review: POST …/legality.", "reviewer")
            );
        if (
            (document.MajorDecision || document.Requires(DecisionStep.CollectiveDecision))
            && !document.HasPassed(document.Prepared?.Decision)
        )
            gates.Add(
                new("decision", $"No collective decision approves revision {document.Revision} as it is: POST …/decision.", "reviewer")
            );
        return gates;
    }

    /// <summary>The gate of a prepared text that is not signed, or not what was signed; none where it is.</summary>
    public static IReadOnlyList<Gate> Unsigned(PolicyDocument document) =>
        document.Prepared is { SignedOn: not null } prepared && prepared.Seal == Seal.Of(document)
            ? []
            : [new("signature", "The prepared text is not signed as it is: POST …/sign.", "signer")];

    /// <summary>The open gates after the signature: what came to be required since, and whether it is still what was signed.</summary>
    public static IReadOnlyList<Gate> AfterSigning(PolicyDocument document) =>
        Seal.Holds(document)
            ? Reviews(document)
            : [.. Reviews(document), new("signature", "The document is not what was signed: withdraw it.", "drafter")];

    static List<Gate> Reviews(PolicyDocument document)
    {
        // Nothing is decided on what the public is still asked about (M 18), whether an item requires it or not.
        var gates = document
            .Consultations.Where(c => !c.IsOver)
            .Select(c => new Gate(
                Participation,
                $"Consultation {c.Id} is not completed: POST /api/v1/consultations/{c.Id}/complete.",
                "publisher"
            ))
            .ToList();
        // M 25–26 for major decisions; 行政规范性文件 are reviewed as well. A review holds for the revision that was reviewed.
        foreach (
            var (step, item) in document
                .RequiredBy.SelectMany(r => r.Steps.Select(s => (Step: s, r.Item)))
                .DistinctBy(r => r.Step)
                .ExceptBy(document.StepsTaken, r => r.Step)
                .Where(r => r.Step is not DecisionStep.PublicParticipation || gates.Count == 0)
                .ToArray()
        )
            if (
                JsonDefaults.Word(step) is var word
                && step is DecisionStep.PublicParticipation or DecisionStep.ExpertArgument or DecisionStep.RiskAssessment
            )
                gates.Add(new(word, $"{item} of the decision catalogue requires {word}, which is not recorded: POST …/steps.", "drafter"));
        if (
            (document.Kind is DocumentKind.Normative || document.MajorDecision || document.Requires(DecisionStep.Legality))
            && !document.HasPassed(document.Legality)
        )
            gates.Add(
                new("legality", $"Revision {document.Revision} as it is has not passed the legality review: POST …/legality.", "reviewer")
            );
        if ((document.MajorDecision || document.Requires(DecisionStep.CollectiveDecision)) && !document.HasPassed(document.Decision)) // M 30
            gates.Add(new("decision", $"No collective decision approves revision {document.Revision} as it is: POST …/decision.", "reviewer"));
        return gates;
    }

    /// <summary>The code of the gate of those who wait for the public to be heard.</summary>
    public static readonly string Participation = JsonDefaults.Word(DecisionStep.PublicParticipation);

    /// <summary>Whether the document waits for the public to be heard: for a consultation that is not over, or for one that is required.</summary>
    public static bool WaitsForParticipation(PolicyDocument document) => Reviews(document).Any(g => g.Code == Participation);

    // What was changed since, text or element, was not what was reviewed.
    static bool HasPassed(this PolicyDocument document, ReviewResult? review) =>
        review == new ReviewResult(document.Revision, true, Seal.OfReviewed(document));

    static bool Requires(this PolicyDocument document, DecisionStep step) => document.RequiredBy.Any(r => r.Steps.Contains(step));

    /// <summary>三同步 (W 五): what is published is interpreted at once, unless it was exempted.</summary>
    public static Gate? Interpretation(PolicyDocument document) =>
        document.Disclosure is not { Attribute: DisclosureKind.Proactive }
        || document.ExemptBecause is not null
        || document.Interpretation?.Revision == document.Revision
            ? null
            : new(
                "interpretation",
                document.Interpretation is { } other
                    ? (Wording)
                        $"The interpretation was signed for revision {other.Revision}, and the text is revision {document.Revision}: POST …/interpretation/reopen, then sign it for the new text."
                    : "The interpretation plan is not approved, or no material is signed together with the text: see GET /api/v1/interpretation-plans?document=…; or POST …/interpretation/exemption.",
                "drafter"
            );

    /// <summary>All gates that are open until publication, in the order in which they are passed.</summary>
    public static IReadOnlyList<Gate> Open(PolicyDocument document)
    {
        if (document.Prepared is not null)
            return [.. BeforeSigningPrepared(document), .. Unsigned(document)];
        if (document.State is DocumentState.Published or DocumentState.Withdrawn)
            return [];
        var gates = new List<Gate>();
        if (document.IsBeingDrafted)
            gates.AddRange([.. BeforeSigning(document), new("signature", "The text is not signed: POST …/sign.", "signer")]);
        else
            gates.AddRange(AfterSigning(document));
        if (document.State is not DocumentState.Issued)
            gates.Add(new("issue", "The document has no number and date yet: POST …/issue.", "publisher"));
        if (Interpretation(document) is { } interpretation)
            gates.Add(interpretation);
        if (MissingElements(document) is { Count: > 0 } missing && gates.All(g => g.Code != "elements"))
            gates.Add(Elements(missing));
        return gates;
    }

    static Gate Elements(IReadOnlyList<ProblemError> missing) =>
        new("elements", $"Elements are missing: {string.Join(", ", missing.Select(m => m.Pointer[1..]))}.", "drafter");

    /// <summary>要素完整 (W 十一): the elements that publication requires and that are not there.</summary>
    public static IReadOnlyList<ProblemError> MissingElements(PolicyDocument document) =>
        new Invalid()
            .If(document.Title.Length == 0, "/title", "element.missing", "标题 is missing: PATCH /documents/{id}.")
            .If(document.Issuers.Count == 0, "/issuers", "element.missing", "发文机关 is missing: PATCH /documents/{id}.")
            .If(document.Number is null, "/documentNumber", "element.missing", "发文字号 is missing: POST /documents/{id}/issue.")
            .If(document.Subject is null, "/subject", "element.missing", "主题分类 is missing: PATCH /documents/{id}.")
            .If(document.WrittenOn is null, "/writtenOn", "element.missing", "成文日期 is missing: POST /documents/{id}/issue.")
            .If(document.Revision == 0, "/revisions", "element.missing", "No text is recorded: POST /documents/{id}/revisions.")
            .If(document.Disclosure is null, "/disclosure", "element.missing", "公开属性 is missing: PATCH /documents/{id}.")
            .Problem?.Errors
        ?? [];

    /// <summary>The problem of a document that is not in the state that a step needs.</summary>
    public static Problem WrongState(this PolicyDocument document, Wording step, Wording when) =>
        DocumentProblems.WrongState.With($"The document is {JsonDefaults.Word(document.State)}. It can be {step} {when}.") with
        {
            Extensions = new Dictionary<string, object?> { ["state"] = document.State, ["gates"] = Open(document) },
        };

    /// <summary>The problem of open gates.</summary>
    public static Problem Problem(IReadOnlyList<Gate> gates) =>
        DocumentProblems.GateOpen.With(Wording.Together(gates.Select(g => g.Missing))) with
        {
            Extensions = new Dictionary<string, object?> { ["gates"] = gates },
        };
}
