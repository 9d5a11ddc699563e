using Marten;
using PolicyPlatform.Catalog.Calendar;
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

    // For people: an import reads the column before, which has codes or names.
    const string NamesOfBodies = "公开主体名称";

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/disclosure-catalogues/{layer}/export.csv",
                ([OneOf(typeof(Layer))] string layer, [Day] string? on, IQuerySession session, TimeProvider time, HttpContext http) =>
                    Get(layer, on, session, time, http, CatalogueTable.ToCsv, CatalogueTable.Csv, "csv")
            )
            .Produces<string>(200, CatalogueTable.Csv)
            .WithDescription(
                "The catalogue of a layer on a day, today when left out, as CSV in UTF-8: all items, by code, "
                    + "with the headings that an import reads."
            )
            .WithName("exportDisclosureItemsAsCsv");
        api.MapGet(
                "/disclosure-catalogues/{layer}/export.xlsx",
                ([OneOf(typeof(Layer))] string layer, [Day] string? on, IQuerySession session, TimeProvider time, HttpContext http) =>
                    Get(
                        layer,
                        on,
                        session,
                        time,
                        http,
                        rows => CatalogueTable.ToExcel(rows, "主动公开事项目录"),
                        CatalogueTable.Excel,
                        "xlsx"
                    )
            )
            .Produces<string>(200, CatalogueTable.Excel)
            .WithDescription(
                "The catalogue of a layer on a day, today when left out, as an Excel file of one sheet: all items, by code, "
                    + "with the headings that an import reads."
            )
            .WithName("exportDisclosureItemsAsExcel");
    }

    static async Task<IResult> Get(
        string layer,
        [Day] string? on,
        IQuerySession session,
        TimeProvider time,
        HttpContext http,
        Func<IEnumerable<IReadOnlyList<string>>, byte[]> write,
        string mediaType,
        string ending
    )
    {
        var invalid = new Invalid();
        var known = invalid.OneOf<Layer>("layer", layer);
        var day = on is null ? time.Today() : invalid.Day("on", on);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var items = await FindItems.On(session, known!.Value, day, http.RequestAborted);
        var organisations = await GivenItem.Organisations(session, http.RequestAborted);
        return Results.Bytes(
            write([
                [.. Headings, NamesOfBodies],
                .. items.Select(i => Row(i, code => organisations.GetValueOrDefault(code)?.NameOn(day) ?? code)),
            ]),
            mediaType == CatalogueTable.Csv ? $"{mediaType}; charset=utf-8" : mediaType,
            $"disclosure-{layer}-{day:yyyy-MM-dd}.{ending}"
        );
    }

    static string[] Row(DisclosureItemView item, Func<string, string> name) =>
        [
            item.Code,
            item.Content.Category,
            item.Content.Name,
            string.Join('\n', item.Content.Content),
            item.Content.LegalBasis,
            item.Content.Deadline.ToString(),
            string.Join('、', item.Content.Bodies),
            string.Join('、', item.Content.Channels.Select(c => c.Deadline is null ? c.Name : $"{c.Name}（{c.Deadline}）")),
            item.Content.Audience ?? GivenItem.Everyone,
            item.Content.Way is DisclosureWay.Proactive ? "主动" : "依申请",
            string.Join('、', item.Content.Bodies.Select(name)),
        ];
}
