namespace PolicyPlatform.ServiceDefaults.Identity;

/// <summary>The roles of the platform: the values of the <c>role</c> claim and, at once, the names of the policies.</summary>
public static class Roles
{
    /// <summary>Writes the documents of the own organisation.</summary>
    public const string Drafter = "drafter";

    /// <summary>Reviews legality.</summary>
    public const string Reviewer = "reviewer";

    /// <summary>Signs on behalf of the issuing organisation.</summary>
    public const string Signer = "signer";

    /// <summary>Issues and publishes, opens consultations and keeps the catalog.</summary>
    public const string Publisher = "publisher";

    /// <summary>Answers the 12345 hotline.</summary>
    public const string Hotline = "hotline";

    /// <summary>Oversees; sees everything, changes nothing.</summary>
    public const string Supervisor = "supervisor";

    /// <summary>Imports and exports in bulk, and receives webhooks.</summary>
    public const string Integrator = "integrator";

    /// <summary>
    /// Reads personal data where a case needs it (个人信息保护负责人, Personal Information Protection Law, art. 52). Each reading is recorded
    /// with its reason. No other role has this right.
    /// </summary>
    public const string PersonalData = "personalData";

    /// <summary>Every role.</summary>
    public static readonly string[] All = [Drafter, Reviewer, Signer, Publisher, Hotline, Supervisor, Integrator, PersonalData];
}
