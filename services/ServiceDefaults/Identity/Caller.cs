using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace PolicyPlatform.ServiceDefaults.Identity;

/// <summary>Who is asking: somebody with a token, or the public.</summary>
/// <param name="Id">The <c>sub</c> claim; empty for the public.</param>
/// <param name="Name">The <c>name</c> claim, for people to read. Never put into an event, a message or a log.</param>
/// <param name="Organisation">The <c>org</c> claim: a code of the Catalog; empty where the caller speaks for none.</param>
/// <param name="Roles">The <c>role</c> claims.</param>
public sealed record Caller(string Id, string Name, string Organisation, IReadOnlySet<string> Roles)
{
    /// <summary>Somebody without a token.</summary>
    public static readonly Caller Public = new("", "", "", new HashSet<string>());

    /// <summary>Whether the caller has no token.</summary>
    public bool IsPublic => Id.Length == 0;

    /// <summary>Whether the caller has at least one of these roles.</summary>
    public bool HasAny(params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
            if (Roles.Contains(role))
                return true;
        return false;
    }

    /// <summary>Reads the caller out of a validated token.</summary>
    public static Caller From(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated is not true
            ? Public
            : new(
                user.FindFirstValue("sub") ?? "",
                user.FindFirstValue("name") ?? "",
                user.FindFirstValue("org") ?? "",
                user.FindAll("role").Select(c => c.Value).ToHashSet()
            );

    /// <summary>Lets an endpoint ask for its caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(From(context.User));
}
