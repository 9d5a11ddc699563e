using CliWrap;
using CliWrap.Buffered;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>The API's document and the tools that integrating systems feed it to, all got as the package files in tests/Clients name them.</summary>
public sealed class ClientTools : IAsyncLifetime
{
    public static readonly string Folder = Path.Combine(Repository.Folder, "artifacts", "clients");

    public static string Document => Path.Combine(Folder, "api.json");

    public async ValueTask InitializeAsync()
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

[Collection(SampledPlatform.Shared)]
public sealed class when_clients_are_generated(SampledPlatform sampled, ClientTools tools) : IClassFixture<ClientTools>, IAsyncLifetime
{
    const int Calls = 10;

    public async ValueTask InitializeAsync()
    {
        _ = tools;
        var document = await sampled.Platform.Api.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(ClientTools.Document, document, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task linters_find_nothing_wrong_with_the_document()
    {
        await ClientTools.Run("npx", ["spectral", "lint", ClientTools.Document, "--ruleset", ".spectral.yaml", "--fail-severity", "warn"]);
        await ClientTools.Run("npx", ["redocly", "lint", ClientTools.Document, "--extends=recommended"]);
    }

    [Fact]
    public async Task a_client_of_openapi_typescript_compiles_and_calls()
    {
        await ClientTools.Run("npx", ["openapi-typescript", ClientTools.Document, "--output", "typescript/api.d.ts"]);
        await ClientTools.Run("npx", ["tsc", "--project", "typescript/tsconfig.json"]);
        await Made("node", ["typescript/calls.js"]);
    }

    [Fact]
    public async Task clients_of_nswag_and_kiota_compile_and_call()
    {
        await ClientTools.Run(
            "dotnet",
            [
                "nswag",
                "openapi2csclient",
                $"/input:{ClientTools.Document}",
                $"/output:{ClientTools.Folder}/nswag/Client.cs",
                "/namespace:PolicyPlatform.Clients.NSwag",
                "/classname:PolicyClient",
                "/jsonLibrary:SystemTextJson",
                "/operationGenerationMode:SingleClientFromOperationId",
                "/generateNullableReferenceTypes:true",
                "/generateOptionalParameters:true",
                "/generateOptionalPropertiesAsNullable:true",
            ],
            Repository.Folder
        );
        await ClientTools.Run(
            "dotnet",
            [
                .. new[] { "kiota", "generate", "--language", "CSharp", "--openapi", ClientTools.Document },
                .. new[] { "--output", $"{ClientTools.Folder}/kiota", "--namespace-name", "PolicyPlatform.Clients.Kiota" },
                .. new[] { "--class-name", "PolicyClient", "--log-level", "Warning" },
            ],
            Repository.Folder
        );
        var project = Path.Combine(Repository.Folder, "tests", "Clients", "csharp");
        await ClientTools.Run("dotnet", ["build", project, "-c", "Debug", "-nodeReuse:false", "-v", "quiet"]);
        var program = Path.Combine(Repository.Folder, "artifacts", "bin", "Clients", "debug", "PolicyPlatform.Clients.dll");
        await Made("dotnet", [program, "nswag"]);
        await Made("dotnet", [program, "kiota"]);
    }

    async Task Made(string tool, IEnumerable<string> arguments)
    {
        var said = await ClientTools.Run(
            tool,
            arguments,
            environment: new()
            {
                ["API"] = sampled.Platform.Api.BaseAddress!.OriginalString,
                ["TOKEN"] = await sampled.Platform.Token("drafting-housing"),
            }
        );
        Assert.Equal(Calls, said.Split('\n').Count(line => line.StartsWith("called ", StringComparison.Ordinal)));
    }
}
