using System.Text.Json.Nodes;
using PolicyPlatform.Gateway.ApiDocument;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Gateway.Pages;

/// <summary>What the <c>type</c> of a problem leads to (RFC 9457, 3.1.1): what its code means, and which calls can answer with it.</summary>
static class ProblemPages
{
    public static void MapProblemPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/problems", List);
        app.MapGet("/problems/{code}", One);
    }

    static Task<IResult> List(MergedApiDocument document, HttpContext http) =>
        document.Read(
            all =>
            {
                var rows = Problems(all)
                    .OrderBy(p => p.Key, StringComparer.Ordinal)
                    .Select(p =>
                        $"<tr><td><a href=\"/problems/{p.Key}\"><code>{p.Key}</code></a></td><td>{p.Value!["status"]}</td><td>{Layout.Text(Title(p.Value))}</td></tr>"
                    );
                return Layout.Page(
                    http,
                    Languages.IsChinese ? "错误代码" : "Problems",
                    $"<p>{Layout.Text(Languages.IsChinese ? "应用程序据 code 判断；title 对同一代码始终不变，detail 说明本次请求的具体问题。" : "Programs go by the code. The title is the same for every occurrence; detail says what is wrong with the very request, and what to do.")}</p><table>{string.Concat(rows)}</table>"
                );
            },
            http.RequestAborted
        );

    static Task<IResult> One(string code, MergedApiDocument document, HttpContext http) =>
        document.Read(
            all =>
            {
                if (Problems(all)[code] is not { } problem)
                    return CommonProblems.NotFound.With($"No problem has the code {code}. /problems lists those there are.").ToResult();
                var zh = Languages.IsChinese;
                var calls =
                    from path in all["paths"]!.AsObject()
                    from operation in path.Value!.AsObject()
                    where
                        operation.Value!["responses"]!
                            .AsObject()
                            .Any(r => ((string?)r.Value!["description"])?.Contains($"`{code}`", StringComparison.Ordinal) is true)
                    select $"<tr><td><code>{Layout.Text(operation.Key.ToUpperInvariant())} {Layout.Text(path.Key)}</code></td><td>{Layout.Text((string?)operation.Value!["summary"])}</td></tr>";
                return Layout.Page(
                    http,
                    Title(problem),
                    $"""
                    <p>{Layout.Text((string?)problem["meaning"])}</p>
                    <table>
                    <tr><th>code</th><td><code>{Layout.Text(code)}</code></td></tr>
                    <tr><th>status</th><td>{problem["status"]}</td></tr>
                    </table>
                    <h2>{Layout.Text(zh ? "可能返回此错误的接口" : "Calls that can answer with it")}</h2>
                    <table>{string.Concat(calls)}</table>
                    <p><a href="/problems">{Layout.Text(zh ? "全部错误代码" : "All problems")}</a></p>
                    """
                );
            },
            http.RequestAborted
        );

    static JsonObject Problems(JsonObject document) => document[ServiceDefaults.OpenApi.ApiDocument.ProblemsExtension]!.AsObject();

    static string Title(JsonNode problem) => Wording.Known((string)problem["title"]!).Told;
}
