using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Identity;

namespace PolicyPlatform.Consultation;

/// <summary>Who works on what in Consultation; what is not public yet is process information (D 16).</summary>
public static class Insiders
{
    /// <summary>Whether the caller sees what concerns these bodies from within: what is held back, and what is being prepared.</summary>
    public static bool SeesInside(this Caller caller, IReadOnlyList<string> bodies) =>
        caller.HasAny(Roles.Reviewer, Roles.Publisher, Roles.Supervisor) || caller.WorksFor(bodies);

    /// <summary>Whether the caller carries out what concerns these bodies.</summary>
    public static bool WorksFor(this Caller caller, IReadOnlyList<string> bodies) =>
        caller.HasAny(Roles.Publisher) || caller.HasAny(Roles.Drafter) && bodies.Contains(caller.Organisation);

    /// <summary>The bodies that a consultation concerns: those that issue the draft.</summary>
    public static bool SeesInside(this Caller caller, PublicConsultation consultation) => caller.SeesInside(consultation.Issuers);

    /// <summary>Whether the caller carries out the consultation.</summary>
    public static bool WorksOn(this Caller caller, PublicConsultation consultation) => caller.WorksFor(consultation.Issuers);
}
