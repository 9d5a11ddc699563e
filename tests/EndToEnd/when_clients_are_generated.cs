using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

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
