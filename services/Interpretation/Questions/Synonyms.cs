using System.Text.Json;
using System.Text.Json.Serialization;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>The words of the same meaning were set.</summary>
/// <param name="Groups">Words that mean the same.</param>
/// <param name="By">Who set them.</param>
/// <param name="At">When.</param>
/// <param name="Sayings">What is said, and what is written for it; null where nothing was said of that.</param>
public sealed record SynonymsSet(
    IReadOnlyList<IReadOnlyList<string>> Groups,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Saying>? Sayings = null
) : IEventOf<Synonyms>;

/// <summary>Words of the same meaning, as data: what the public says and what policies write.</summary>
public sealed record Synonyms : IState<Synonyms>
{
    /// <summary>There is one such set.</summary>
    public static readonly Guid Stream = new("0199a000-0000-7000-8000-000000000001");

    /// <summary>What comes with the platform.</summary>
    public static readonly Thesaurus BuiltIn = new(ReadGroups(), ReadSayings());

    static string[][] ReadGroups()
    {
        using var groups = typeof(Synonyms).Assembly.GetManifestResourceStream("synonyms.json")!;
        return JsonSerializer.Deserialize<string[][]>(groups, JsonDefaults.Options)!;
    }

    // A line each: the word that is said, then what is written for it.
    static Saying[] ReadSayings()
    {
        using var lines = new StreamReader(typeof(Synonyms).Assembly.GetManifestResourceStream("sayings.txt")!);
        return
        [
            .. lines
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(words => new Saying(words[0], words[1..])),
        ];
    }

    /// <summary>The stream's id.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The groups.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Groups { get; init; } = [];

    /// <summary>What is said, and what is written for it; null for what comes with the platform.</summary>
    public IReadOnlyList<Saying>? Sayings { get; init; }

    /// <summary>What questions are read with.</summary>
    public Thesaurus Words => new(Groups, Sayings ?? BuiltIn.Sayings);

    /// <summary>The state after one more event.</summary>
    public static Synonyms? Next(Synonyms? synonyms, IEventOf<Synonyms> happened) =>
        happened is SynonymsSet e
            ? new()
            {
                Id = Stream,
                Groups = e.Groups,
                Sayings = e.Sayings,
            }
            : synonyms;
}
