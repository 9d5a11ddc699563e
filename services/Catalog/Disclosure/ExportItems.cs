using System.ComponentModel;
using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>The catalogue of a layer on a day as a table with the headings of the standard catalogues, CSV or Excel. Public.</summary>
public sealed class ExportItems : IEndpoint
{
    internal static readonly string[] Headings =
    [
        "编码",
        "一级事项",
        "二级事项",
        "公开内容（要素）",
        "公开依据",
        "公开时限",
        "公开主体",
        "公开渠道和载体",
        "公开对象",
        "公开方式",
    ];

    // For people: an import reads the columns before, which have codes or names.
    const string NamesOfBodies = "公开主体名称",
        NamesOfChannels = "公开渠道名称";

    // An import takes them where they are.
    const string Levels = "公开层级",
        Area = "领域",
        Note = "备注";

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/disclosure-catalogues/{layer}/export.csv",
                ([OneOf(typeof(Layer))] string layer, [Day] string? on, IQuerySession session, TimeProvider time, HttpContext http) =>
                    Get(
                        layer,
                        on,
                        null,
                        session,
                        time,
                        http,
                        (items, catalogue, _) => CatalogueTable.ToCsv(Table(items, catalogue)),
                        CatalogueTable.Csv,
                        "csv"
                    )
            )
            .Produces<string>(200, CatalogueTable.Csv)
            .WithDescription(
                "The catalogue of a layer on a day, today when left out, as CSV in UTF-8: all items, by code, "
                    + "with the headings that an import reads."
            )
            .WithName("exportDisclosureItemsAsCsv");
        api.MapGet(
                "/disclosure-catalogues/{layer}/export.xlsx",
                (
                    [OneOf(typeof(Layer))] string layer,
                    [Day] string? on,
                    [Description("How the table is laid out; `plain` when left out.")] [OneOf(typeof(TableLayout))] string? layout,
                    IQuerySession session,
                    TimeProvider time,
                    HttpContext http
                ) => Get(layer, on, layout, session, time, http, Excel, CatalogueTable.Excel, "xlsx")
            )
            .Produces<string>(200, CatalogueTable.Excel)
            .WithDescription(
                "The catalogue of a layer on a day, today when left out, as an Excel file: all items, by code. `plain` has one sheet with the "
                    + "headings of the CSV; `official` is laid out as offices keep their catalogues, ready to be used: a title, headings in two "
                    + "rows, 一级事项 merged down, names instead of codes, ticks, a sheet for each 领域. An import reads either."
            )
            .WithName("exportDisclosureItemsAsExcel");
    }

    static byte[] Excel(IReadOnlyList<DisclosureItemView> items, ExportedCatalogue catalogue, TableLayout layout) =>
        layout is TableLayout.Official
            ? OfficialWorkbook.Write(items, catalogue)
            : CatalogueTable.ToExcel(Table(items, catalogue), "主动公开事项目录");

    static async Task<IResult> Get(
        string layer,
        string? on,
        string? layout,
        IQuerySession session,
        TimeProvider time,
        HttpContext http,
        Func<IReadOnlyList<DisclosureItemView>, ExportedCatalogue, TableLayout, byte[]> write,
        string mediaType,
        string ending
    )
    {
        var invalid = new Invalid();
        var known = invalid.OneOf<Layer>("layer", layer);
        var day = on is null ? time.Today() : invalid.Day("on", on);
        var laidOut = invalid.OneOf<TableLayout>("layout", layout) ?? TableLayout.Plain;
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var items = await FindItems.On(session, known!.Value, day, http.RequestAborted);
        return Results.Bytes(
            write(
                items,
                new(
                    known.Value,
                    day,
                    await GivenItem.Organisations(session, http.RequestAborted),
                    await ChannelList.Read(session, http.RequestAborted)
                ),
                laidOut
            ),
            mediaType == CatalogueTable.Csv ? $"{mediaType}; charset=utf-8" : mediaType,
            $"disclosure-{layer}-{day:yyyy-MM-dd}.{ending}"
        );
    }

    internal static IEnumerable<IReadOnlyList<string>> Table(IReadOnlyList<DisclosureItemView> items, ExportedCatalogue catalogue)
    {
        string[] headings = [.. Headings, NamesOfBodies, NamesOfChannels, Levels, Area, Note];
        string[][] rows = [.. items.Select(Row)];
        // It is read as whoever takes it in will read it: what its cells do not say stands beside them word for word.
        var reading = new CatalogueReading(catalogue);
        string[] exact =
        [
            .. rows.Select(
                (row, i) =>
                {
                    var given = CatalogueReading.Given(
                        headings.Zip(row).ToDictionary(c => c.First, c => c.Second.Trim()),
                        catalogue.Channels,
                        null
                    );
                    return reading.Beside(given, items[i].Content);
                }
            ),
        ];
        return exact.All(e => e.Length == 0)
            ? [headings, .. rows]
            :
            [
                [.. headings, WordForWord.Heading],
                .. rows.Select((r, i) => (string[])[.. r, exact[i]]),
            ];
    }

    static string[] Row(DisclosureItemView item) =>
        [
            item.Code,
            item.Content.Category,
            item.Content.Name,
            string.Join('\n', item.Content.Content),
            item.Content.LegalBasis,
            item.Content.Deadline.ToString(),
            string.Join('、', item.Content.Bodies),
            string.Join('、', item.Content.Channels.Select(c => CellWords.Channel(c, c.Name))),
            item.Content.Audience ?? GivenItem.Everyone,
            item.Content.Way is DisclosureWay.Proactive ? "主动" : "依申请",
            string.Join('、', item.BodyNames),
            string.Join('、', item.ChannelNames),
            string.Join('、', (item.Content.Levels ?? [GivenItem.LevelOf(item.Layer)]).Select(CellWords.Level)),
            item.Content.Area ?? "",
            item.Content.Note ?? "",
        ];
}

/// <summary>How an exported table is laid out.</summary>
public enum TableLayout
{
    /// <summary>One row of headings, codes and names side by side.</summary>
    Plain,

    /// <summary>As offices keep their catalogues.</summary>
    Official,
}

/// <summary>The catalogue that is exported.</summary>
/// <param name="Layer">Whose it is.</param>
/// <param name="On">The day, Asia/Shanghai.</param>
/// <param name="Organisations">All organisations, by code.</param>
/// <param name="Channels">The channels that are known.</param>
sealed record ExportedCatalogue(Layer Layer, DateOnly On, IReadOnlyDictionary<string, Organisation> Organisations, ChannelList Channels);
