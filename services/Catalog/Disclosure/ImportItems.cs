using System.ComponentModel;
using Marten;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.Catalog.Calendar;
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
/// Takes in the catalogue of a layer from a table, CSV or Excel, with the headings that the export writes, or from an Excel file in the
/// official layout of offices, known by its headings: organisations by code or name, channels likewise. All of it is taken in, or nothing
/// and every row or cell that is wrong is named. Without a column 编码 the rows are known by 一级事项 and 二级事项, and new ones get the next codes.
/// Items that the table does not have stay, unless it is said to be complete: then they leave the catalogue.
/// </summary>
public sealed class ImportItems : IEndpoint
{
    internal const int MostRows = 5000;

    const int MostErrors = 500;

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
        var sheets =
            type is CatalogueTable.Excel && (rows is null or { Count: 0 } || ExportItems.Headings.Except(rows[0].Keys).Any())
                ? CatalogueTable.Sheets(body.ToArray())
                : null;
        if (OfficialLayout.IsIn(sheets))
            invalid.If(
                sheets!.Sum(s => s.Rows.Count) > CatalogueTable.MostRows,
                "",
                "table.tooLong",
                $"At most {CatalogueTable.MostRows} rows in all sheets."
            );
        else
        {
            sheets = null;
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
        }
        if (invalid.Problem is { } problem)
            return problem.ToResult();

        return await writer.Start<DisclosureImport>(
            http,
            $"disclosure-import/{Guid.CreateVersion7()}",
            async session =>
            {
                var items = (
                    await session.Query<DisclosureItem>().Where(i => i.Layer == known!.Value).ToListAsync(http.RequestAborted)
                ).ToDictionary(i => i.Code);
                var reading = new CatalogueReading(
                    known!.Value,
                    from,
                    await GivenItem.Organisations(session, http.RequestAborted),
                    await ChannelList.Read(session, http.RequestAborted),
                    items
                );
                var count = sheets is null ? reading.Plain(rows!) : reading.Official(sheets);
                // What was not read says nothing of what is in it.
                if (complete is true)
                    foreach (var skipped in reading.Remarks.Where(r => r.Code is "sheet.skipped"))
                        reading.Wrong.Add(skipped.Pointer, skipped.Code, skipped.Detail);
                if (reading.Wrong.Problem is { } errors)
                    return errors with { Errors = [.. errors.Errors.Take(MostErrors)] };
                var read = reading.Read;
                var there = read.Keys.Count(items.ContainsKey);
                var changed = 0;
                foreach (var (code, content) in read)
                {
                    var item = items.GetValueOrDefault(code);
                    if (item?.On(from)?.Says(content) is true)
                        continue;
                    var set = new DisclosureItemSet(known.Value, code, content, from, caller.Actor(), time.GetUtcNow());
                    if (item is null)
                        session.Events.StartStream<DisclosureItem>(DisclosureItem.Key(known.Value, code), set);
                    else
                        session.Events.Append(item.Id, item.Version + 1, set);
                    changed++;
                }
                var left = complete is true ? items.Values.Where(i => !read.ContainsKey(i.Code) && i.On(from) is not null).ToArray() : [];
                foreach (var item in left)
                    session.Events.Append(
                        item.Id,
                        item.Version + 1,
                        new DisclosureItemRetired(from, "导入的目录中没有此事项。", caller.Actor(), time.GetUtcNow())
                    );
                var done = new ImportedItems(
                    count,
                    read.Count - there,
                    changed - (read.Count - there),
                    read.Count - changed,
                    left.Length,
                    [.. reading.Remarks.Take(MostErrors)]
                );
                return Decision
                    .Record(new DisclosureItemsImported(known.Value, count, changed, from, caller.Actor(), time.GetUtcNow()))
                    .Knowing(done);
            },
            recorded => new Answer(200, recorded.Known<ImportedItems>()!)
        );
    }
}

/// <summary>What an import did.</summary>
/// <param name="Rows">The rows of the table.</param>
/// <param name="Added">Items that were not in the Catalog before.</param>
/// <param name="Changed">Items that say something else now.</param>
/// <param name="Unchanged">Items that already said this.</param>
/// <param name="Retired">Items that a complete table did not have.</param>
/// <param name="Remarks">
/// What was read otherwise than it is written, or not at all, each with its place: codes of which a spreadsheet had made days, deadlines that
/// were kept in their words, rows, columns and sheets that are no items.
/// </param>
public sealed record ImportedItems(int Rows, int Added, int Changed, int Unchanged, int Retired, IReadOnlyList<ProblemError> Remarks);
