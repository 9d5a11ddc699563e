using Marten;
using PolicyPlatform.ServiceDefaults.Http;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>The channels that items of disclosure catalogues are published in. Public.</summary>
public sealed class ReadChannels : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/disclosure-catalogues/channels", List).Produces<IReadOnlyList<KnownChannel>>().WithName("listDisclosureChannels");

    /// <summary>
    /// The channels that are known, by code and name, with what else they are called: those of the standard catalogues of the basic level,
    /// then the entries of the list <c>channels</c>, which a district defines for its own. An entry of one of the codes calls that channel
    /// otherwise; <c>otherNames</c> in its content says how else it is written.
    /// </summary>
    static async Task<IResult> List(IQuerySession session, HttpContext http)
    {
        var channels = await ChannelList.Read(session, http.RequestAborted);
        return http.Conditional(
            channels.Version == 0 ? ConditionalRequests.BuiltIn(typeof(ReadChannels)) : ConditionalRequests.Tag(channels.Version),
            () => Results.Ok(channels.All)
        );
    }
}
