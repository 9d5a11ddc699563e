using CliWrap;
using CliWrap.Buffered;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// The tools that integrating systems feed the descriptions of the API to, all got as the package files in tests/Clients name them.
/// </summary>
public sealed class ClientTools : IAsyncLifetime
{
    public static readonly string Folder = Path.Combine(Repository.Folder, "artifacts", "clients");

    public static string Document => Path.Combine(Folder, "api.json");

    static readonly Lazy<Task> got = new(Get);

    // Once, whoever asks first.
    public async ValueTask InitializeAsync() => await got.Value;

    static async Task Get()
    {
        var sources = Path.Combine(Repository.Folder, "tests", "Clients");
        foreach (var folder in new[] { "typescript", "nswag", "kiota" })
        {
            if (Directory.Exists(Path.Combine(Folder, folder)))
                Directory.Delete(Path.Combine(Folder, folder), recursive: true);
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        }
        string[] needed =
        [
            "package.json",
            "package-lock.json",
            ".npmrc",
            ".spectral.yaml",
            "typescript/calls.ts",
            "typescript/tsconfig.json",
            "asyncapi.mjs",
        ];
        foreach (var file in needed)
            File.Copy(Path.Combine(sources, file), Path.Combine(Folder, file), overwrite: true);
        await Run("npm", ["ci", "--loglevel=error"]);
        await Run("dotnet", ["tool", "restore"], Repository.Folder);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs a tool; its output, where it succeeds.</summary>
    public static async Task<string> Run(
        string tool,
        IEnumerable<string> arguments,
        string? folder = null,
        Dictionary<string, string?>? environment = null
    )
    {
        environment ??= [];
        // Tools neither look for newer ones of themselves nor tell anybody that they were used.
        environment["REDOCLY_TELEMETRY"] = environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "off";
        environment["KIOTA_OFFLINE_ENABLED"] =
            environment["KIOTA_CLI_TELEMETRY_OPTOUT"] =
            environment["DOTNET_CLI_TELEMETRY_OPTOUT"] =
                "true";
        var ended = await Cli.Wrap(tool)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder ?? Folder)
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.True(ended.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}\n{ended.StandardOutput}\n{ended.StandardError}");
        return ended.StandardOutput;
    }
}
