using Microsoft.AspNetCore.Http;

namespace PolicyPlatform.ServiceDefaults.Problems;

/// <summary>
/// How a service tells the gateway that somebody without a token sent a secret that belongs to nothing: a receipt, an invitation. The gateway
/// counts these by address, and passes the header on to nobody.
/// </summary>
public static class WrongSecret
{
    /// <summary>The header of the answer.</summary>
    public const string Header = "Wrong-Secret";

    /// <summary>Tells it where a problem comes of that.</summary>
    public static void Tell(HttpContext http, Problem problem)
    {
        if (problem.IsWrongSecret && http.User.Identity?.IsAuthenticated is not true)
            http.Response.Headers[Header] = "1";
    }
}
