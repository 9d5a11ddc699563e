using System.Text.Encodings.Web;
using System.Text.Unicode;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Gateway.Pages;

/// <summary>What the few pages for people have in common. They need no script and nothing from elsewhere.</summary>
static class Layout
{
    // Chinese stands as it is.
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>A page with a title and what is in it, as HTML.</summary>
    public static IResult Page(HttpContext http, string title, string content)
    {
        Languages.Tell(http);
        return Results.Content(
            $$"""
            <!doctype html>
            <html lang="{{(Languages.IsChinese ? "zh-CN" : "en")}}">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{Text(title)}}</title>
            <style>
            body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 56rem; margin: 0 auto; padding: 2rem 1rem; color: #1b1f24; background: #fff; }
            h1 { font-size: 1.6rem; line-height: 1.3; } h2 { font-size: 1.1rem; margin-top: 2rem; }
            a { color: #0b57d0; } code { font-size: .92em; background: #f2f4f7; padding: .1em .3em; border-radius: 3px; }
            table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #e3e6ea; vertical-align: top; }
            @media (prefers-color-scheme: dark) { body { color: #e6e8eb; background: #14171a; } a { color: #8ab4f8; } code { background: #22272c; } th, td { border-color: #2c3238; } }
            </style>
            </head>
            <body><main>
            <h1>{{Text(title)}}</h1>
            {{content}}
            </main></body>
            </html>
            """,
            "text/html; charset=utf-8"
        );
    }

    /// <summary>A text as HTML has it.</summary>
    public static string Text(string? text) => Encoder.Encode(text ?? "");
}
