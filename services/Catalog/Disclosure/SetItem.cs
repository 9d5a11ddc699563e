using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>
/// Puts an item into the catalogue of a layer, or says what it says from a day on. What it said before stays for the days before.
/// </summary>
/// <param name="Content">What it says.</param>
/// <param name="EffectiveFrom">The first day, Asia/Shanghai; today when left out.</param>
/// <example>{"content": {"category": "住房保障", "name": "公共租赁住房房源信息", "content": ["房源位置、套数和户型", "租金标准和申请条件"],
/// "legalBasis": "《中华人民共和国政府信息公开条例》第二十条", "deadline": "20个工作日", "bodies": ["370114-ZJ"],
/// "channels": [{"name": "website"}, {"name": "两微一端", "deadline": "10个工作日"}], "audience": "全社会", "way": "proactive"},
/// "effectiveFrom": "2026-03-01"}</example>
public sealed record SetItem(GivenItem? Content, DateOnly? EffectiveFrom) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/disclosure-catalogues/{layer}/items/{code}", Put)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DisclosureItemView>()
            .WithName("setDisclosureItem");

    static Task<IResult> Put(
        [OneOf(typeof(Layer))] string layer,
        string code,
        SetItem command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var from = command.EffectiveFrom ?? time.Today();
        var invalid = new Invalid()
            .Code("code", code)
            .If(command.Content is null, "/content", "value.missing", "What the item says is required.");
        var known = invalid.OneOf<Layer>("layer", layer);
        if (invalid.Problem is { } problem)
            return Task.FromResult(problem.ToResult());
        return writer.Append<DisclosureItem>(
            http,
            DisclosureItem.Key(known!.Value, code),
            async (item, session) =>
            {
                var wrong = new Invalid().If(
                    item is null && CatalogueReading.LooksLikeADay(code),
                    "code",
                    "code.date",
                    $"Spreadsheets make a date of the code {code}, and nobody can tell any more what it was. Choose another one."
                );
                if (
                    command.Content!.Read(
                        "/content",
                        known.Value,
                        await GivenItem.Organisations(session, http.RequestAborted),
                        await ChannelList.Read(session, http.RequestAborted),
                        item?.On(from),
                        from,
                        wrong
                    )
                        is not { } content
                    || wrong.Problem is not null
                )
                    return wrong.Problem!;
                return Decision
                    .Record(new DisclosureItemSet(known.Value, code, content, from, caller.Actor(), time.GetUtcNow()))
                    .Knowing(await CatalogNames.Read(session, content.Bodies, from, http.RequestAborted));
            },
            recorded => new Answer(200, DisclosureItemView.Of(recorded.After(), from, recorded.Known<CatalogNames>()!)!)
        );
    }
}
