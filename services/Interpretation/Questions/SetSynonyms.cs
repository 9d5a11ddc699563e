using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Reads and sets the words of the same meaning, and what policies write for what people say.</summary>
/// <param name="Groups">The groups; each of at least two words.</param>
/// <param name="Sayings">Words that are said, each with what is written for it and is not said for that; those that come with the platform when
/// left out.</param>
/// <example>{"groups": [["补贴", "补助", "津贴", "资助"], ["申请", "申办", "办理", "报名"], ["高校毕业生", "大学生"]],
/// "sayings": [{"said": "老板", "written": ["用人单位"]}, {"said": "被裁", "written": ["裁减人员", "失业"]}]}</example>
public sealed record SetSynonyms(IReadOnlyList<IReadOnlyList<string>>? Groups, IReadOnlyList<Saying>? Sayings = null) : IEndpoint
{
    const int MostGroups = 5000,
        MostSayings = 10_000,
        MostWords = 50,
        LongestWord = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/questions/synonyms", Get).Produces<SetSynonyms>().WithName("readSynonyms");
        api.MapPut("/questions/synonyms", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Hotline)
            .Produces<SetSynonyms>()
            .WithName("setSynonyms");
    }

    /// <summary>
    /// The groups of words of the same meaning and the sayings, all at once: those that were set last, or those that come with the platform.
    /// </summary>
    static async Task<IResult> Get(IQuerySession session, HttpContext http)
    {
        var set = await session.LoadAsync<Synonyms>(Synonyms.Stream, http.RequestAborted);
        return http.Conditional(
            set is null ? ConditionalRequests.BuiltIn(typeof(Synonyms)) : ConditionalRequests.Tag(set.Version),
            () =>
            {
                var words = set?.Words ?? Synonyms.BuiltIn;
                return Results.Ok(new SetSynonyms(words.Groups, words.Sayings));
            }
        );
    }

    /// <summary>
    /// Sets all groups of words of the same meaning, and the sayings where they are sent; those that are not among them go, those that come with
    /// the platform too.
    /// </summary>
    static Task<IResult> Put(SetSynonyms command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid()
            .If(command.Groups is null, "/groups", "value.missing", "The groups are required; an empty list for none.")
            .If(command.Groups?.Count > MostGroups, "/groups", "groups.tooMany", $"At most {MostGroups} groups.");
        foreach (var (group, i) in (command.Groups ?? []).Take(MostGroups).Select((g, i) => (g, i)))
            invalid.If(
                group is null
                    || group.Count is < 2 or > MostWords
                    || group.Any(w => string.IsNullOrWhiteSpace(w) || w.Length > LongestWord),
                $"/groups/{i}",
                "group.malformed",
                $"A group has 2 to {MostWords} words of at most {LongestWord} characters."
            );
        invalid.If(command.Sayings?.Count > MostSayings, "/sayings", "sayings.tooMany", $"At most {MostSayings} sayings.");
        foreach (var (saying, i) in (command.Sayings ?? []).Take(MostSayings).Select((s, i) => (s, i)))
            invalid.If(
                saying is null
                    || string.IsNullOrWhiteSpace(saying.Said)
                    || saying.Written is null or { Count: 0 or > MostWords }
                    || saying.Written.Append(saying.Said).Any(w => string.IsNullOrWhiteSpace(w) || w.Length > LongestWord),
                $"/sayings/{i}",
                "saying.malformed",
                $"A saying is a word in `said` and 1 to {MostWords} in `written`, each of at most {LongestWord} characters."
            );
        if (invalid.Problem is { } problem)
            return Task.FromResult(problem.ToResult());
        return writer.Append<Synonyms>(
            http,
            Synonyms.Stream,
            (_, _) => Task.FromResult(Decision.Record(new SynonymsSet(command.Groups!, caller.Actor(), time.GetUtcNow(), command.Sayings))),
            _ => new Answer(200, command)
        );
    }
}
