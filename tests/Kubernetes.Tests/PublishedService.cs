using System.Diagnostics;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>A service built by the commands of the Dockerfile, each on what the image builder would have copied until then.</summary>
public sealed class PublishedService : IAsyncLifetime
{
    /// <summary>The service that is built: one stands for all, which are built by the same line.</summary>
    public const string Name = "Catalog";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("policyplatform-image-");

    /// <summary>The folder of its assemblies.</summary>
    public string Folder => Path.Combine(folder.FullName, "published", Name);

    /// <summary>A folder that it may write to.</summary>
    public string Writable => Path.Combine(folder.FullName, "writable");

    public async ValueTask InitializeAsync()
    {
        var image = Dockerfile.Read();
        var source = Directory.CreateDirectory(Path.Combine(folder.FullName, "source")).FullName;
        var context = ImageContext.Files();
        foreach (var stage in new[] { "restore", "publish" }.Select(name => image.Stages.Single(s => s.Name == name)))
        {
            foreach (var copy in stage.All("COPY").Select(c => c.Split(' ')[..^1]))
            foreach (var file in context.Where(f => copy.Any(c => ImageContext.Matches(c, f))))
            {
                var target = Path.Combine(source, file);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(Repository.Folder, file), target, overwrite: true);
            }
            var command = stage.All("RUN").Single();
            var projects = command[
                (command.IndexOf(" in ", StringComparison.Ordinal) + 4)..command.IndexOf("; do", StringComparison.Ordinal)
            ];
            Assert.Contains($"services/{Name}", projects.Split(' '));
            command = command
                .Replace(projects, $"services/{Name}", StringComparison.Ordinal)
                .Replace("/published/", $"{folder.FullName}/published/", StringComparison.Ordinal);
            var ended = await Tools.Run(
                "sh",
                ["-c", command],
                source,
                new Dictionary<string, string?>
                {
                    ["VERSION"] = "1.2.3",
                    ["REVISION"] = "0123abc",
                    ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "true",
                    // The code was looked at when it was built for the tests.
                    ["RunAnalyzers"] = "false",
                    // A build of ours that goes on in the background would keep the folder in use.
                    ["MSBUILDDISABLENODEREUSE"] = "1",
                }
            );
            Assert.True(ended.IsSuccess, $"{command}\n{ended.StandardOutput}{ended.StandardError}");
        }
        Directory.CreateDirectory(Writable);
        await Tools.Run("chmod", ["-R", "a+rX", folder.FullName]);
    }

    /// <summary>Starts it as an unprivileged user without capabilities, with nothing that it may write to but one folder.</summary>
    /// <param name="environment">All variables that it has.</param>
    /// <param name="arguments">What it is called with.</param>
    public async Task<RunningProgram> Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await Tools.Run("chown", ["1654:1654", Writable]);
        const string Script = """
            set -e
            mount --bind "$WRITABLE" "$WRITABLE"
            mount -o remount,bind,ro /
            mount -o remount,bind,ro "$(findmnt -n -o TARGET -T "$PUBLISHED")"
            if touch "$PUBLISHED/written" 2> /dev/null; then echo 'The root is not read-only.' >&2; exit 97; fi
            cd "$PUBLISHED"
            unset WRITABLE PUBLISHED
            exec setpriv --reuid=1654 --regid=1654 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all dotnet "$@"
            """;
        var start = new ProcessStartInfo(
            "unshare",
            ["--mount", "--propagation", "private", "sh", "-c", Script, "sh", $"PolicyPlatform.{Name}.dll", .. arguments]
        );
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = "/home/app";
        start.Environment["TMPDIR"] = start.Environment["WRITABLE"] = Writable;
        start.Environment["PUBLISHED"] = Folder;
        return new(start);
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
