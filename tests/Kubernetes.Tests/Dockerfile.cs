using System.Text.RegularExpressions;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>An instruction of the Dockerfile.</summary>
/// <param name="Keyword">In capitals.</param>
/// <param name="Text">What follows it, its lines put together.</param>
sealed record Instruction(string Keyword, string Text);

/// <summary>A stage of the Dockerfile.</summary>
/// <param name="Name">As <c>--target</c> names it.</param>
/// <param name="From">The stage or the image that it goes on from.</param>
/// <param name="Instructions">Its own instructions.</param>
sealed record Stage(string Name, string From, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>What the instructions of this kind say.</summary>
    public IEnumerable<string> All(string keyword) => Instructions.Where(i => i.Keyword == keyword).Select(i => i.Text);
}

/// <summary>The Dockerfile of all images.</summary>
sealed partial class Dockerfile
{
    Dockerfile(string text)
    {
        List<Stage> stages = [];
        List<Instruction> open = [];
        var whole = string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('#')));
        foreach (var line in Continued().Replace(whole, " ").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            if (words[0] is "FROM")
            {
                var from = From().Match(words[1]);
                stages.Add(new(from.Groups["name"].Value, from.Groups["from"].Value, open = []));
            }
            else if (stages.Count == 0)
                Arguments[words[1].Split('=')[0]] = words[1].Split('=', 2)[1];
            else
                open.Add(new(words[0], Spaces().Replace(words[1], " ")));
        }
        Stages = stages;
    }

    public static Dockerfile Read() => new(Sources.Read("Dockerfile"));

    /// <summary>What is named before the first stage, with what it is unless somebody says otherwise.</summary>
    public Dictionary<string, string> Arguments { get; } = [];

    /// <summary>All stages in their order.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>The stages that images are made of: those that start something.</summary>
    public IEnumerable<Stage> Targets => Stages.Where(s => s.All("ENTRYPOINT").Any());

    /// <summary>The ports that images expose.</summary>
    public IEnumerable<int> Ports => Stages.SelectMany(s => s.All("EXPOSE")).SelectMany(e => e.Split(' ')).Select(p => int.Parse(p, null));

    /// <summary>The variables that all images start with.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        Stages
            .Single(s => s.Name is "runtime")
            .All("ENV")
            .SelectMany(e => e.Split(' '))
            .ToDictionary(p => p.Split('=')[0], p => p.Split('=', 2)[1]);

    /// <summary>A stage and those that it goes on from, the first one last.</summary>
    public IEnumerable<Stage> With(Stage? stage)
    {
        for (; stage is not null; stage = Stages.SingleOrDefault(s => s.Name == stage.From))
            yield return stage;
    }

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^(?:--platform=\S+ )?(?<from>\S+) AS (?<name>\S+)$")]
    private static partial Regex From();
}
