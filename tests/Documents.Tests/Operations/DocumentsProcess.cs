using System.Diagnostics;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>Documents as a process of its own on the database of a district.</summary>
sealed class DocumentsProcess : IAsyncDisposable
{
    readonly RunningProgram program;
    readonly HttpClient client;

    /// <summary>Starts it.</summary>
    /// <param name="district">Whose database it has.</param>
    /// <param name="build">The program; that of this build when left out.</param>
    /// <param name="changesTables">Whether it brings the database to its release itself.</param>
    /// <param name="indexFolder">Where it keeps its index; in a folder that goes with it when left out.</param>
    /// <param name="arguments">What it is called with.</param>
    public DocumentsProcess(
        District district,
        string? build = null,
        bool changesTables = true,
        string? indexFolder = null,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("dotnet", [build ?? Tool.Program("Documents"), .. arguments])
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        var (http, grpc) = (FreePort.Next(), FreePort.Next());
        foreach (
            var (name, value) in new Dictionary<string, string>
            {
                ["ConnectionStrings__Database"] = district.Database,
                ["Authentication__Authority"] = "https://identity.test/",
                ["PersonalData__KeyFolder"] = district.KeyFolder,
                ["Integrity__KeyFile"] = Path.Combine(Path.GetDirectoryName(district.KeyFolder)!, "integrity.pem"),
                ["Services__Catalog__Grpc"] = "http://127.0.0.1:9",
                ["Services__Interpretation__Grpc"] = "http://127.0.0.1:9",
                ["Services__Consultation__Grpc"] = "http://127.0.0.1:9",
                ["Kestrel__Endpoints__Http__Url"] = $"http://127.0.0.1:{http}",
                ["Kestrel__Endpoints__Grpc__Url"] = $"http://127.0.0.1:{grpc}",
                ["Kestrel__Endpoints__Grpc__Protocols"] = "Http2",
                ["Database__Migrate"] = changesTables ? "true" : "false",
                ["Shutdown__DrainSeconds"] = "0",
            }
        )
            start.Environment[name] = value;
        if (indexFolder is not null)
            start.Environment["Library__IndexFolder"] = indexFolder;
        program = new(start);
        client = new() { BaseAddress = new($"http://127.0.0.1:{http}") };
    }

    /// <summary>Waits until it has said something.</summary>
    public Task Says(string what) =>
        Calls.Eventually<bool>(() =>
        {
            Assert.False(program.HasEnded, program.Said);
            return Task.FromResult<bool?>(program.Said.Contains(what, StringComparison.Ordinal) ? true : null);
        });

    /// <summary>Waits until it is ready.</summary>
    public Task IsReady() =>
        Calls.Eventually<bool>(async () =>
        {
            Assert.False(program.HasEnded, program.Said);
            return await Answers("/health/ready") ? true : null;
        });

    /// <summary>Whether it answers anybody.</summary>
    public Task<bool> Answers() => Answers("/health/live");

    async Task<bool> Answers(string path)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What the public reads of it.</summary>
    public Task<string> Get(string path) =>
        client.GetStringAsync(new Uri($"/api/v1/{path}", UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>SIGKILL.</summary>
    public Task Kill() => program.Kill();

    /// <summary>Its exit code and what it said, once it has ended by itself.</summary>
    public async Task<(int Code, string Said)> End() => (await program.End(), program.Said);

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        client.Dispose();
    }
}
