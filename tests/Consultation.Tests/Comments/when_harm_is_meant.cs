using System.Text.Json;
using System.Xml.Linq;
using CsvHelper;
using PolicyPlatform.Consultation.Tests.Questionnaires;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Comments;

/// <summary>What is sent to do harm where it is shown, in every form that leaves the platform: it is a text, and stays one.</summary>
public sealed class when_harm_is_meant(District district) : IClassFixture<District>
{
    const string Script = "<script>alert(1)</script><img src=x onerror=alert(1)>]]>&amp;";

    static readonly char[] BeginFormulas = ['=', '+', '-', '@', '\t', '\r'];

    [Theory]
    [InlineData("=cmd|' /C calc'!A1")]
    [InlineData("+1+cmd|' /C calc'!A1")]
    [InlineData("-2+3+cmd|' /C calc'!A1")]
    [InlineData("@SUM(1+9)*cmd|' /C calc'!A1")]
    [InlineData("\t=1+1")]
    [InlineData("\r\n=1+1")]
    [InlineData("\u200B=1+1")]
    [InlineData("\uFEFF=1+1")]
    [InlineData("=1+1\",=2+2")]
    public async Task no_cell_of_a_table_is_a_formula(string formula)
    {
        var consultation = await district.StartConsultation();
        // A paragraph without a number is shown by its words.
        var id = (
            await district.Open(
                new { showing = "atOnce", explanation = formula },
                text: $"{formula.Trim()}\n{Consulting.Text}",
                title: $"{formula}办法"
            )
        ).Id();
        var block = (await consultation.Get(null, $"consultations/{id}")).GetProperty("blocks")[0];
        var (comment, receipt) = await consultation.Comment(
            id,
            new
            {
                position = "suggest",
                text = formula,
                anchor = new
                {
                    block = block.Word("id"),
                    start = 0,
                    end = 3,
                },
            }
        );
        await consultation.Post("", $"comments/{receipt}/supplements", new { text = formula });
        await consultation.Scenario(s =>
            s.Post.ByteArray("%PDF-1.7"u8.ToArray())
                .ToUrl($"/api/v1/comments/{receipt}/attachments")
                .QueryString("name", $"{formula.Trim()[..4]}.pdf")
        );
        var group = (
            await consultation.Post(
                Tokens.DraftingHousing,
                $"consultations/{id}/groups",
                new { title = formula, comments = new[] { comment } },
                201
            )
        ).Id();
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/feedback",
            new
            {
                answers = new[]
                {
                    new
                    {
                        groups = new[] { group },
                        outcome = "notAdopted",
                        reason = formula,
                    },
                },
            }
        );
        foreach (
            var (path, accept) in new[]
            {
                ("comments.csv?all=true", "text/csv"),
                ("statistics.csv", "text/csv"),
                ("statistics/positions", "text/csv"),
                ("statistics/timeline", "text/csv"),
            }
        )
        {
            var table = await consultation.Read(Tokens.DraftingHousing, $"consultations/{id}/{path}", accept, accept);
            var cells = Rows(table).SelectMany(r => r).ToArray();
            Assert.DoesNotContain(cells, cell => cell.Length > 0 && BeginFormulas.Contains(cell[0]));
            // They are there all the same, marked as text.
            if (path.StartsWith("comments", StringComparison.Ordinal))
                Assert.Contains(
                    cells,
                    cell => cell.StartsWith($"'{formula.Trim().TrimStart('\u200B', '\uFEFF')[0]}", StringComparison.Ordinal)
                );
        }
        // Who reads it with a program gets what was said.
        var line = JsonDocument
            .Parse(await consultation.Read(Tokens.DraftingHousing, $"consultations/{id}/comments.ndjson?all=true"))
            .RootElement;
        Assert.Equal(formula.Trim().TrimStart('\u200B', '\uFEFF'), line.Word("text"));
    }

    [Fact]
    public async Task markup_is_text_wherever_it_is_shown()
    {
        var consultation = await district.StartConsultation();
        var title = $"标记办法{Script}";
        var opened = await district.Open(
            new
            {
                showing = "atOnce",
                explanation = $"{Script}\u0007",
                contact = "甲科\r\nATTENDEE:mailto:x@example.com\r\nEND:VEVENT\r\nBEGIN:VEVENT",
            },
            text: $"{Script}\n第一条 {Script}",
            title: title
        );
        var id = opened.Id();
        var page = await consultation.Get(null, $"consultations/{id}");
        Assert.Equal((title, Script), (page.Word("title"), page.GetProperty("announcement").Word("explanation")));
        Assert.Equal(Script, page.GetProperty("blocks")[0].Word("text"));
        foreach (var block in page.GetProperty("blocks").EnumerateArray())
            await consultation.Comment(
                id,
                new
                {
                    position = "oppose",
                    text = Script,
                    anchor = new { block = block.Word("id") },
                }
            );
        var list = await consultation.Scenario(s => s.Get.Url($"/api/v1/consultations/{id}/comments"));
        Assert.StartsWith("application/json", list.Context.Response.ContentType, StringComparison.Ordinal);
        Assert.All((await list.Json()).GetProperty("items").EnumerateArray(), c => Assert.Equal(Script, c.Word("text")));

        XNamespace atom = "http://www.w3.org/2005/Atom";
        var entry = XDocument
            .Parse(await consultation.Read(null, "consultations/feed.atom"))
            .Descendants(atom + "entry")
            .Single(e => e.Element(atom + "id")!.Value == $"urn:uuid:{id}");
        foreach (var (name, said) in new[] { ("title", title), ("summary", Script) })
        {
            var element = entry.Element(atom + name)!;
            Assert.Empty(element.Elements());
            // A reader shows text as it is; html it would read.
            Assert.Equal("text", element.Attribute("type")?.Value ?? "text");
            Assert.EndsWith(said, element.Value, StringComparison.Ordinal);
        }

        foreach (var chart in new[] { "positions", "timeline" })
        {
            var picture = XDocument.Parse(
                await consultation.Read(null, $"consultations/{id}/statistics/{chart}", "image/svg+xml", "image/svg+xml")
            );
            Assert.DoesNotContain(
                picture.Descendants(),
                e =>
                    e.Name.LocalName is "script" or "img" or "foreignObject" or "a"
                    || e.Attributes().Any(a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase))
            );
            var html = await consultation.Read(null, $"consultations/{id}/statistics/{chart}", "text/html", "text/html");
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
            // Days have no words of anybody.
            Assert.Equal(chart is "positions", html.Contains("&lt;script&gt;", StringComparison.Ordinal));
        }

        var calendar = await consultation.Read(null, "consultations/calendar.ics");
        Assert.DoesNotContain(calendar.Split("\r\n"), line => line.StartsWith("ATTENDEE", StringComparison.Ordinal));
        var day = Ical.Net.Calendar.Load(calendar)!.Events.Single(e => e.Uid == $"{id}@policyplatform");
        Assert.EndsWith(title, day.Summary, StringComparison.Ordinal);
        Assert.Empty(day.Attendees);
    }

    [Fact]
    public async Task a_comment_makes_no_event_of_its_own()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(new { showing = "atOnce" }, title: "事件办法")).Id();
        district.Clock.Advance(TimeSpan.FromMinutes(1));
        using var client = consultation.Server.CreateClient();
        using var answer = await client.GetAsync(
            new Uri($"/api/v1/consultations/{id}/events?seconds=60", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var said = $"{Script}\n\nevent: counts\ndata: {{\"received\":999}}\n\n结束";
        await consultation.Comment(id, new { position = "oppose", text = said });
        var kind = "";
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            Assert.DoesNotContain("\"received\":999", line.Replace("\\\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                kind = line["event: ".Length..];
            if (kind is not "comment" || !line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            Assert.Equal(said, JsonDocument.Parse(line["data: ".Length..]).RootElement.Word("text"));
            return;
        }
        Assert.Fail("The comment was not told.");
    }

    [Fact]
    public async Task what_cannot_be_seen_is_nothing()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(new { showing = "atOnce" }, title: "隐形办法")).Id();
        foreach (var nothing in new[] { "\u200B\u200D\u2060\uFEFF", "\u202E\u202D\u2066\u2069", " \u3000\u00A0\u200B" })
            Assert.Equal(
                ["/text"],
                (await consultation.Post("", $"consultations/{id}/comments", new { position = "support", text = nothing }, 422)).Pointers()
            );
        // A name that reads backwards is read forwards, and a receipt with something in between is none.
        var (comment, receipt) = await consultation.Comment(
            id,
            new
            {
                position = "support",
                text = "支\u202E持",
                name = "王\u202E小\u200B明",
            }
        );
        Assert.Equal(
            "王小明",
            (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments/{comment}")).GetProperty("sender").Word("name")
        );
        foreach (var other in new[] { $"{receipt[..16]}\u200B{receipt[16..]}", receipt.ToUpperInvariant(), $"{receipt} ", receipt[..31] })
            if (other != receipt)
                await consultation.Get(null, $"comments/{Uri.EscapeDataString(other)}", 404);
    }

    static List<string[]> Rows(string table)
    {
        using var csv = CsvReader.FromText(table.TrimStart('\uFEFF'), new());
        var rows = new List<string[]>();
        while (csv.Read())
            rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        return rows;
    }
}
