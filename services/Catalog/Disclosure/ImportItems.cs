using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Marten;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>An import of many items came in; what it changed stands in their own histories.</summary>
public sealed record DisclosureItemsImported(Layer Layer, int Rows, int Changed, DateOnly From, Actor By, DateTimeOffset At);

/// <summary>An import as it was.</summary>
/// <param name="Id">The stream's key.</param>
public sealed record DisclosureImport(string Id);

/// <summary>
/// Takes in the catalogue of a layer from a table, CSV or Excel, with the headings that the export writes, organisations by code or name:
/// all of it, or nothing and every row that is wrong. Items that the table does not
/// have stay, unless it is said to be complete: then they leave the catalogue.
/// </summary>
public sealed partial class ImportItems : IEndpoint
{
    const int MostRows = 5000,
        MostErrors = 500;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/disclosure-catalogues/{layer}/import", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Integrator)
            .Accepts<string>(CatalogueTable.Csv, CatalogueTable.Excel)
            .Produces<ImportedItems>()
            .WithName("importDisclosureItems");

    static async Task<IResult> Post(
        [OneOf(typeof(Layer))] string layer,
        [Description("The day from which the items hold, Asia/Shanghai; today when left out.")] [Day] string? effectiveFrom,
        [Description("Whether the table is the whole catalogue: items that it does not have are retired.")] bool? complete,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var known = invalid.OneOf<Layer>("layer", layer);
        var from = effectiveFrom is null ? time.Today() : invalid.Day("effectiveFrom", effectiveFrom);
        var type = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        if (type is not (CatalogueTable.Csv or CatalogueTable.Excel))
            return CommonProblems
                .UnsupportedMediaType.With($"Send the table as {CatalogueTable.Csv} or {CatalogueTable.Excel}.")
                .ToResult();
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var rows = CatalogueTable.Read(body.ToArray(), type);
        invalid
            .If(rows is null, "", "table.unreadable", $"This is no {type} table with headings in its first row.")
            .If(rows?.Count > MostRows, "", "table.tooLong", $"At most {MostRows} rows.")
            .If(rows is { Count: 0 }, "", "table.empty", "The table has no rows.")
            .If(
                rows is { Count: > 0 } && ExportItems.Headings.Except(rows[0].Keys).Any(),
                "",
                "table.headings",
                $"The table lacks {string.Join("、", ExportItems.Headings.Except(rows is { Count: > 0 } ? rows[0].Keys : []))}."
            );
        if (invalid.Problem is { } problem)
            return problem.ToResult();

        return await writer.Start<DisclosureImport>(
            http,
            $"disclosure-import/{Guid.CreateVersion7()}",
            async session =>
            {
                var wrong = new Invalid();
                var organisations = await GivenItem.Organisations(session, http.RequestAborted);
                var read = new Dictionary<string, ItemContent>();
                var remarks = new List<ProblemError>();
                foreach (var (row, number) in rows!.Select((r, i) => (r, i + 2)))
                {
                    var code = Code(row["编码"]);
                    if (code != row["编码"])
                        remarks.Add(
                            new(
                                $"row {number}/编码",
                                "code.date",
                                $"{row["编码"]} was read as {code}, of which a spreadsheet makes a date. Format the column as text where that is not what it says."
                            )
                        );
                    wrong
                        .Code($"row {number}/编码", code)
                        .If(read.ContainsKey(code), $"row {number}/编码", "code.twice", $"{code} stands in an earlier row as well.");
                    wrong
                        .If(
                            WayOf(row["公开方式"]) is null,
                            $"row {number}/公开方式",
                            "value.unknown",
                            $"{row["公开方式"]} is none of 主动公开 and 依申请公开. What is not disclosed (不予公开) is no item of this catalogue."
                        )
                        .If(
                            MadeADay().IsMatch(code),
                            $"row {number}/编码",
                            "code.date",
                            $"{code} looks like a code of which a spreadsheet made a date, and it cannot be told which. Format the column as text, and write the code again."
                        );
                    if (
                        Given(row, Bodies(row["公开主体"], $"row {number}/bodies")).Read($"row {number}", organisations, from, wrong) is
                        { } content
                    )
                        read[code] = content;
                }
                if (wrong.Problem is { } errors)
                    return errors with { Errors = [.. errors.Errors.Take(MostErrors)] };
                var items = (
                    await session.LoadManyAsync<DisclosureItem>(
                        http.RequestAborted,
                        [.. read.Keys.Select(code => DisclosureItem.Key(known!.Value, code))]
                    )
                ).ToDictionary(i => i.Code);
                var changed = 0;
                foreach (var (code, content) in read)
                {
                    var item = items.GetValueOrDefault(code);
                    if (item?.On(from)?.Says(content) is true)
                        continue;
                    var set = new DisclosureItemSet(known!.Value, code, content, from, caller.Actor(), time.GetUtcNow());
                    if (item is null)
                        session.Events.StartStream<DisclosureItem>(DisclosureItem.Key(known.Value, code), set);
                    else
                        session.Events.Append(item.Id, item.Version + 1, set);
                    changed++;
                }
                var left = complete is true
                    ? (await session.Query<DisclosureItem>().Where(i => i.Layer == known).ToListAsync(http.RequestAborted))
                        .Where(i => !read.ContainsKey(i.Code) && i.On(from) is not null)
                        .ToArray()
                    : [];
                foreach (var item in left)
                    session.Events.Append(
                        item.Id,
                        item.Version + 1,
                        new DisclosureItemRetired(from, "导入的目录中没有此事项。", caller.Actor(), time.GetUtcNow())
                    );
                var done = new ImportedItems(
                    rows!.Count,
                    read.Count - items.Count,
                    changed - (read.Count - items.Count),
                    read.Count - changed,
                    left.Length,
                    [.. remarks.Take(MostErrors)]
                );
                return Decision
                    .Record(new DisclosureItemsImported(known!.Value, rows.Count, changed, from, caller.Actor(), time.GetUtcNow()))
                    .Knowing(done);

                string[] Bodies(string written, string at) =>
                    [
                        .. Names(written)
                            .Select(
                                (body, i) =>
                                {
                                    if (organisations.ContainsKey(body))
                                        return body;
                                    var named = Organisation.Named(organisations.Values, body, from);
                                    wrong.If(
                                        named.Count > 1,
                                        $"{at}/{i}",
                                        "name.ambiguous",
                                        $"Several are called {body}: {string.Join(", ", named.Select(o => o.Id))}. Give the code."
                                    );
                                    return named is [var only] ? only.Id : body;
                                }
                            ),
                    ];
            },
            recorded => new Answer(200, recorded.Known<ImportedItems>()!)
        );
    }

    /// <summary>
    /// The code of which a spreadsheet made a day: 1-Apr, 4月1日 and 2026-04-01 were 04-01, Apr-32 was 04-32. Anything else is as it is
    /// written.
    /// </summary>
    static string Code(string written)
    {
        if (MadeADay().Match(written) is not { Success: true } day)
            return written;
        var month = day.Groups["name"] is { Success: true } name
            ? Array.FindIndex(
                CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames,
                m => m.Equals(name.Value, StringComparison.OrdinalIgnoreCase)
            ) + 1
            : int.Parse(day.Groups["month"].ValueSpan, CultureInfo.InvariantCulture);
        var number = int.Parse(day.Groups["day"].ValueSpan, CultureInfo.InvariantCulture);
        // Apr-26 may have been 04-26 or April 2026: no day of a month is above 31.
        return month is 0 or > 12 || number is 0 || day.Groups["later"].Success != number > 31
            ? written
            : string.Create(CultureInfo.InvariantCulture, $"{month:00}-{number:00}");
    }

    static GivenItem Given(IReadOnlyDictionary<string, string> row, IReadOnlyList<string> bodies) =>
        new(
            row["一级事项"],
            row["二级事项"],
            Lines(row["公开内容（要素）"]),
            row["公开依据"],
            row["公开时限"],
            bodies,
            [.. Names(row["公开渠道和载体"]).Select(GivenChannelOf)],
            row["公开对象"].OrNone(),
            WayOf(row["公开方式"])
        );

    /// <summary>公开方式 as tables write it; null for anything else, which is never taken for 主动公开.</summary>
    static DisclosureWay? WayOf(string written) =>
        written.Trim() switch
        {
            "主动" or "主动公开" => DisclosureWay.Proactive,
            "依申请" or "依申请公开" or "申请公开" => DisclosureWay.OnRequest,
            _ => null,
        };

    const string MonthNames = "(?<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";

    [GeneratedRegex(
        "^(?:(?:(?:19|20)[0-9]{2}[-/.年])(?<month>[0-9]{1,2})[-/.月](?<day>[0-9]{1,2})日?|(?<month>[0-9]{1,2})月(?<day>[0-9]{1,2})日|(?<day>[0-9]{1,2})-"
            + MonthNames
            + "(?:-[0-9]{2,4})?|(?<later>"
            + MonthNames
            + ")-(?<day>[0-9]{2}))$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex MadeADay();

    static GivenChannel GivenChannelOf(string text) =>
        text.TrimEnd('）', ')').Split('（', '(') is [var name, var deadline] ? new(name, deadline) : new(text, null);

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static string[] Names(string text) =>
        text.Split(['、', ';', '；', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>What an import did.</summary>
/// <param name="Rows">The rows of the table.</param>
/// <param name="Added">Items that were not in the Catalog before.</param>
/// <param name="Changed">Items that say something else now.</param>
/// <param name="Unchanged">Items that already said this.</param>
/// <param name="Retired">Items that a complete table did not have.</param>
/// <param name="Remarks">What was read otherwise than it is written: codes of which a spreadsheet had made days.</param>
public sealed record ImportedItems(int Rows, int Added, int Changed, int Unchanged, int Retired, IReadOnlyList<ProblemError> Remarks);
