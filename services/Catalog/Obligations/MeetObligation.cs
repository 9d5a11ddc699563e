using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>Says that it was published in a channel. Publication in the library is noted by itself.</summary>
/// <param name="Channel">The channel, by its code or name.</param>
/// <param name="PublishedOn">The day, Asia/Shanghai; today when left out.</param>
/// <param name="Link">Where.</param>
/// <example>{"channel": "website", "publishedOn": "2026-03-05", "link": "https://example.org/zwgk/gzf/20260305.html"}</example>
public sealed record MeetObligation(string? Channel, DateOnly? PublishedOn, string? Link) : IEndpoint
{
    const int LongestLink = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/obligations/{id}/published", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher, Roles.Integrator)
            .Produces<ObligationView>()
            .WithName("meetObligation");

    static Task<IResult> Post(string id, MeetObligation command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            (obligation, names) => Decide(obligation, command, names.Channels, time.Today(), caller.Actor(), time.GetUtcNow())
        );

    internal static Decision Decide(
        Obligation obligation,
        MeetObligation command,
        ChannelList channels,
        DateOnly today,
        Actor by,
        DateTimeOffset now
    )
    {
        // What is kept may be a name and what is said a code, or the other way round.
        var channel =
            obligation.Deadlines.FirstOrDefault(d => d.Channel == command.Channel)
            ?? obligation.Deadlines.FirstOrDefault(d =>
                command.Channel is not null && channels.CodeOf(d.Channel) == channels.CodeOf(command.Channel)
            );
        var on = command.PublishedOn ?? today;
        var invalid = new Invalid()
            .If(
                channel is null,
                "/channel",
                "channel.unknown",
                $"One of {string.Join(", ", obligation.Deadlines.Select(d => Shown(d.Channel, channels)))}."
            )
            .If(on > today, "/publishedOn", "date.inFuture", "What is not published yet does not count.")
            .If(on < obligation.FormedOn, "/publishedOn", "date.tooEarly", $"The information was made on {obligation.FormedOn:yyyy-MM-dd}.")
            .If(
                command.Link is not null
                    && !(
                        Uri.TryCreate(command.Link, UriKind.Absolute, out var link)
                        && link.Scheme is "http" or "https"
                        && command.Link.Length <= LongestLink
                    ),
                "/link",
                "link.malformed",
                "A link begins with https:// or http://."
            );
        return invalid.Problem is { } problem ? problem
            : obligation.MetOn.TryGetValue(channel!.Channel, out var met)
                ? CatalogProblems.ObligationState.With(
                    $"It was published in {Shown(channel.Channel, channels)} on {met:yyyy-MM-dd} already."
                )
            : Decision.Record(new ObligationMet(channel.Channel, on, command.Link, by, now));
    }

    static string Shown(string channel, ChannelList channels) =>
        channels.NameOf(channel) is var name && name == channel ? channel : $"{channel} ({name})";
}
