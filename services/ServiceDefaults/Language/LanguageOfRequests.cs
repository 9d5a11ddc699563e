using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.Net.Http.Headers;

namespace PolicyPlatform.ServiceDefaults.Language;

// Apart from the words, which are also told where there is no HTTP.
public static partial class Languages
{
    /// <summary>Chooses the language of each request. How numbers and days are written does not depend on it.</summary>
    internal static void Use(WebApplication app) =>
        app.UseRequestLocalization(
            new RequestLocalizationOptions
            {
                DefaultRequestCulture = new(CultureInfo.InvariantCulture, English),
                SupportedCultures = [CultureInfo.InvariantCulture],
                SupportedUICultures = [English, Chinese],
                RequestCultureProviders =
                [
                    new CustomRequestCultureProvider(http =>
                        Task.FromResult(Preferred(http.Request) is { } language ? new ProviderCultureResult("", language.Name) : null)
                    ),
                ],
            }
        );

    // A region of a language is read as the language.
    static CultureInfo? Preferred(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptLanguage.Where(l => l.Quality is not 0)
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => new[] { English, Chinese }.FirstOrDefault(known => IsOf(l.Value.Value ?? "", known)))
            .FirstOrDefault(l => l is not null)
        ?? (IsForm(request) ? Chinese : null);

    static bool IsOf(string tag, CultureInfo language) =>
        tag.Equals(language.Name, StringComparison.OrdinalIgnoreCase)
        || tag.StartsWith($"{language.Name}-", StringComparison.OrdinalIgnoreCase);

    // Of a page that a browser shows; programs send forms as well, and accept whatever comes.
    static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is true
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Says in which language an answer is, and that another caller may get it in another.</summary>
    public static void Tell(HttpContext http)
    {
        http.Response.Headers.ContentLanguage = CultureInfo.CurrentUICulture.Name;
        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
    }
}
