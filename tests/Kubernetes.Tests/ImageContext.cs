using System.IO.Enumeration;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>What an image builder gets of the repository: what .dockerignore leaves.</summary>
static class ImageContext
{
    /// <summary>The files, by their paths in the repository.</summary>
    public static string[] Files()
    {
        // As builders do it: the last line that fits says whether a file is left out.
        var lines = Sources.Read(".dockerignore").Split('\n').Where(l => l.Length > 0 && !l.StartsWith('#')).ToArray();
        return
        [
            .. Directory
                .EnumerateDirectories(Repository.Folder)
                .Where(f => Path.GetFileName(f) is not ".git" and not "artifacts")
                .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
                .Concat(Directory.EnumerateFiles(Repository.Folder))
                .Select(f => Path.GetRelativePath(Repository.Folder, f))
                .Where(f => lines.LastOrDefault(l => Ignores(l.TrimStart('!'), f))?.StartsWith('!') is not false),
        ];
    }

    /// <summary>Whether a source of a COPY means this file: a folder everything in it, a star all but slashes.</summary>
    public static bool Matches(string source, string file) =>
        source.EndsWith('/')
            ? file.StartsWith(source, StringComparison.Ordinal)
            : Path.GetDirectoryName(source) == Path.GetDirectoryName(file)
                && FileSystemName.MatchesSimpleExpression(Path.GetFileName(source), Path.GetFileName(file), ignoreCase: false);

    static bool Ignores(string line, string file) =>
        line switch
        {
            "**" => true,
            _ when line.StartsWith("**/", StringComparison.Ordinal) => $"/{file}".Contains($"/{line[3..]}/", StringComparison.Ordinal),
            _ when line.EndsWith("/**", StringComparison.Ordinal) => file.StartsWith(line[..^2], StringComparison.Ordinal),
            _ => line == file,
        };
}
