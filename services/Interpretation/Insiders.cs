using PolicyPlatform.ServiceDefaults.Identity;

namespace PolicyPlatform.Interpretation;

/// <summary>Who may know of what in Interpretation: plans and unsigned materials are process information (D 16).</summary>
public static class Insiders
{
    /// <summary>Whether the caller works on the interpretation of documents of these issuers.</summary>
    public static bool WorksFor(this Caller caller, IReadOnlyList<string> issuers) =>
        caller.HasAny(Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Supervisor)
        || caller.HasAny(Roles.Drafter) && issuers.Contains(caller.Organisation);

    /// <summary>Whether the caller reads what is taken from the public: those who work on the documents of a body do.</summary>
    public static bool ReadsTakenDown(this Caller caller, string? body) => caller.WorksFor(body is null ? [] : [body]);

    /// <summary>Whether the caller sees what anybody asked the hotline; drafters see what their own organisation is to answer.</summary>
    public static bool SeesAllTickets(this Caller caller) =>
        caller.HasAny(Roles.Hotline, Roles.Integrator, Roles.Publisher, Roles.Supervisor);

    /// <summary>Whether the caller sees the tickets that a body is to answer.</summary>
    public static bool SeesTicketsOf(this Caller caller, string? body) =>
        caller.SeesAllTickets() || caller.HasAny(Roles.Drafter) && body == caller.Organisation;
}
