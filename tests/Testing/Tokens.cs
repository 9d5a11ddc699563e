using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace PolicyPlatform.Testing;

/// <summary>Tokens of a provider that the services under test trust: they check them as in production, only the key is ours.</summary>
public static class Tokens
{
    const string Issuer = "https://identity.test/";
    static readonly RsaSecurityKey Key = new(RSA.Create(2048)) { KeyId = "test" };

    public static readonly string DraftingHousing = For("drafting-housing", "370114-ZJ", "drafter");
    public static readonly string DraftingEducation = For("drafting-education", "370114-JY", "drafter");
    public static readonly string LegalReview = For("legal-review", null, "reviewer");
    public static readonly string Signing = For("signing", null, "signer");
    public static readonly string OpennessOffice = For("openness-office", "370114-ZWGK", "publisher");
    public static readonly string Privacy = For("privacy", null, "personalData");
    public static readonly string Integration = For("integration", null, "integrator");
    public static readonly string Hotline = For("hotline", null, "hotline");
    public static readonly string Supervision = For("supervision", null, "supervisor");

    /// <summary>A token of the provider, good for an hour; for nobody where no subject is said.</summary>
    public static string For(string? subject, string? organisation, string role, TimeSpan? validFor = null)
    {
        var claims = new Dictionary<string, object>
        {
            ["name"] = $"{subject} (姓名)",
            ["org"] = organisation ?? "",
            ["role"] = role,
        };
        if (subject is not null)
            claims["sub"] = subject;
        var expires = DateTime.UtcNow + (validFor ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = "policyplatform",
                IssuedAt = expires.AddHours(-2),
                NotBefore = expires.AddHours(-2),
                Expires = expires,
                Claims = claims,
                SigningCredentials = new(Key, SecurityAlgorithms.RsaSha256),
            }
        );
    }

    /// <summary>A token that nobody's provider signed.</summary>
    public static string Forged() =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = "policyplatform",
                Expires = DateTime.UtcNow.AddHours(1),
                Claims = new Dictionary<string, object> { ["sub"] = "x", ["role"] = "publisher" },
                SigningCredentials = new(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "test" }, SecurityAlgorithms.RsaSha256),
            }
        );

    internal static void Trust(IServiceCollection services) =>
        services.PostConfigure<JwtBearerOptions>(
            JwtBearerDefaults.AuthenticationScheme,
            options =>
            {
                var configuration = new OpenIdConnectConfiguration { Issuer = Issuer };
                configuration.SigningKeys.Add(Key);
                options.ConfigurationManager = new Microsoft.IdentityModel.Protocols.StaticConfigurationManager<OpenIdConnectConfiguration>(
                    configuration
                );
            }
        );
}
