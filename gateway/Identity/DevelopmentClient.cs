namespace PolicyPlatform.Gateway.Identity;

/// <summary>A client of the embedded provider: somebody to try the platform as. The secret of all of them is <c>development</c>.</summary>
/// <param name="Id">The <c>client_id</c>, and the <c>sub</c> of its tokens.</param>
/// <param name="Name">The <c>name</c> claim.</param>
/// <param name="Organisation">The <c>org</c> claim; null for none.</param>
/// <param name="Roles">The <c>role</c> claims.</param>
public sealed record DevelopmentClient(string Id, string Name, string? Organisation, string[] Roles)
{
    /// <summary>The secret of every client.</summary>
    public const string Secret = "development";

    /// <summary>All clients.</summary>
    public static readonly DevelopmentClient[] All =
    [
        new("drafting-housing", "住建局起草人", "370114-ZJ", [ServiceDefaults.Identity.Roles.Drafter]),
        new("drafting-education", "教体局起草人", "370114-JY", [ServiceDefaults.Identity.Roles.Drafter]),
        new("drafting-office", "区政府办公室起草人", "370114-ZWGK", [ServiceDefaults.Identity.Roles.Drafter]),
        new("legal-review", "合法性审查人", null, [ServiceDefaults.Identity.Roles.Reviewer]),
        new("signing", "签发人", null, [ServiceDefaults.Identity.Roles.Signer]),
        new("openness-office", "政务公开办", "370114-ZWGK", [ServiceDefaults.Identity.Roles.Publisher]),
        new("hotline", "12345热线", null, [ServiceDefaults.Identity.Roles.Hotline]),
        new("supervision", "监督检查人", null, [ServiceDefaults.Identity.Roles.Supervisor]),
        new("privacy", "个人信息保护负责人", null, [ServiceDefaults.Identity.Roles.PersonalData]),
        new("integration", "对接系统", null, [ServiceDefaults.Identity.Roles.Integrator]),
    ];
}
