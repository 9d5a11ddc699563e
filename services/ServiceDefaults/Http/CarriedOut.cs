using Microsoft.AspNetCore.Http;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>Requests that are carried out whether or not their caller waits for the answer.</summary>
public static class CarriedOut
{
    /// <summary>
    /// From here on the request is carried out even if the caller goes away: others were asked to do their part, and would have done it for
    /// nothing.
    /// </summary>
    public static void CarryOut(this HttpContext http) => http.RequestAborted = CancellationToken.None;
}
