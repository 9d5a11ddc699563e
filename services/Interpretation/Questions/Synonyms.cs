using System.Text.Json;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>The words of the same meaning were set.</summary>
public sealed record SynonymsSet(IReadOnlyList<IReadOnlyList<string>> Groups, Actor By, DateTimeOffset At) : IEventOf<Synonyms>;

/// <summary>Words of the same meaning, as data: what the public says and what policies write.</summary>
public sealed record Synonyms : IState<Synonyms>
{
    /// <summary>There is one such set.</summary>
    public static readonly Guid Stream = new("0199a000-0000-7000-8000-000000000001");

    /// <summary>The set that comes with the platform.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> BuiltIn = JsonSerializer.Deserialize<string[][]>(
        typeof(Synonyms).Assembly.GetManifestResourceStream("synonyms.json")!,
        JsonDefaults.Options
    )!;

    /// <summary>The stream's id.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The groups.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Groups { get; init; } = [];

    /// <summary>The state after one more event.</summary>
    public static Synonyms? Next(Synonyms? synonyms, IEventOf<Synonyms> happened) =>
        happened is SynonymsSet e ? new() { Id = Stream, Groups = e.Groups } : synonyms;
}
