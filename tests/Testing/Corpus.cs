using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>
/// Real regulations and the real work plan, kept beside the repository. Where they are absent, tests over them are skipped with a message.
/// </summary>
public static class Corpus
{
    static readonly string? Folder = Shared("corpus");

    /// <summary>A text of the corpus.</summary>
    public static string Read(string path)
    {
        Assert.SkipWhen(Folder is null, "The corpus is not beside this repository (../shared/corpus).");
        return File.ReadAllText(Path.Combine(Folder!, path));
    }

    /// <summary>The names of all regulations; one empty name where the corpus is absent, so that the absence is told.</summary>
    public static IEnumerable<TheoryDataRow<string>> Regulations() =>
        Folder is null
            ? [new("")]
            : Directory
                .EnumerateFiles(Path.Combine(Folder, "regulations"), "*.md")
                .Order()
                .Select(f => new TheoryDataRow<string>($"regulations/{Path.GetFileName(f)}"));

    /// <summary>The real notices, without their endings; one empty name where the corpus is absent, so that the absence is told.</summary>
    public static IEnumerable<TheoryDataRow<string>> Notices() =>
        Folder is null
            ? [new("")]
            : Directory
                .EnumerateFiles(Path.Combine(Folder, "notices"), "*.json")
                .Order()
                .Select(f => new TheoryDataRow<string>($"notices/{Path.GetFileNameWithoutExtension(f)}"));

    /// <summary>The folder of the regulations; null where the corpus is absent.</summary>
    public static string? RegulationsFolder => Folder is null ? null : Path.Combine(Folder, "regulations");

    /// <summary>The path of a public standard's schema; null where it is absent.</summary>
    public static string? Standard(string file) =>
        Shared("standards") is { } folder && Path.Combine(folder, file) is var path && File.Exists(path) ? path : null;

    static string? Shared(string what)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", what) is var found && Directory.Exists(found))
                return found;
        return null;
    }
}
