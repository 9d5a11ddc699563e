using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>Says that it was published in a channel. Publication in the library is noted by itself.</summary>
/// <param name="Channel">The channel.</param>
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
        writer.Step(http, id, caller, time, obligation => Decide(obligation, command, time.Today(), caller.Actor(), time.GetUtcNow()));

    internal static Decision Decide(Obligation obligation, MeetObligation command, DateOnly today, Actor by, DateTimeOffset now)
    {
        var on = command.PublishedOn ?? today;
        var invalid = new Invalid()
            .If(
                obligation.Deadlines.All(d => d.Channel != command.Channel),
                "/channel",
                "channel.unknown",
                $"One of {string.Join(", ", obligation.Deadlines.Select(d => d.Channel))}."
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
            : obligation.MetOn.ContainsKey(command.Channel!)
                ? CatalogProblems.ObligationState.With(
                    $"It was published in {command.Channel} on {obligation.MetOn[command.Channel!]:yyyy-MM-dd} already."
                )
            : Decision.Record(new ObligationMet(command.Channel!, on, command.Link, by, now));
    }
}
