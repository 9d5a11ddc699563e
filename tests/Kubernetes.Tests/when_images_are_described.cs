using System.Text.RegularExpressions;
using System.Xml.Linq;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>The Dockerfile, read.</summary>
public sealed partial class when_images_are_described
{
    static readonly Dockerfile File = Dockerfile.Read();

    [Fact]
    public async Task a_linter_finds_nothing()
    {
        var linter = await Tools.DockerfileUtils();
        Assert.SkipWhen(linter is null, "npm could not get the linter of Dockerfiles.");
        var said = await Tools.Run(linter!, ["lint", "Dockerfile"]);
        Assert.True(said.IsSuccess, said.StandardOutput);
        Assert.Equal("", said.StandardOutput.Trim());
    }

    [Fact]
    public void each_process_is_an_image_of_its_own()
    {
        Assert.Equal(
            Gateway.Routing.Services.All.Select(s => s.Name.ToLowerInvariant()).Append("gateway").Append("audit").Order(),
            File.Targets.Select(t => t.Name).Order()
        );
        Assert.All(
            File.Targets,
            target =>
            {
                var name = Assembly(target);
                Assert.Equal($"--from=publish /published/{name} ./", target.All("COPY").Single());
                Assert.Equal($"""["dotnet", "PolicyPlatform.{name}.dll"]""", target.All("ENTRYPOINT").Single());
                // What ends by itself is not asked how it is.
                if (target.Name is "audit")
                    Assert.Empty(target.All("HEALTHCHECK"));
                else
                    Assert.EndsWith(
                        $"""CMD ["dotnet", "PolicyPlatform.{name}.dll", "health"]""",
                        target.All("HEALTHCHECK").Single(),
                        StringComparison.Ordinal
                    );
                Assert.Equal($"org.opencontainers.image.title=\"policyplatform-{target.Name}\"", target.All("LABEL").Single());
                Assert.True(System.IO.File.Exists(Path.Combine(Repository.Folder, Project(name))));
            }
        );
    }

    [Fact]
    public void none_runs_as_root_or_has_a_shell()
    {
        Assert.All(
            File.Targets,
            target =>
            {
                var user = File.With(target).SelectMany(s => s.All("USER")).First();
                Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", user);
                Assert.Equal("${RUNTIME}", File.With(target).Last().From);
                // Nothing is run in what has no shell.
                Assert.Empty(File.With(target).SelectMany(s => s.All("RUN")));
            }
        );
        Assert.Contains("chiseled", File.Arguments["RUNTIME"], StringComparison.Ordinal);
        Assert.All(File.Arguments.Values, image => Assert.Matches(@"^mcr\.microsoft\.com/dotnet/\w+:10\.0[\w.-]*$", image));
    }

    [Fact]
    public void packages_are_restored_before_any_code_is_copied_and_of_every_project_that_is_needed()
    {
        var restore = File.Stages.Single(s => s.Name is "restore");
        var copied = restore
            .All("COPY")
            .SelectMany(c => c.Split(' ')[..^1])
            .Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
            .ToArray();
        var needed = new HashSet<string>();
        foreach (var target in File.Targets)
            Need(Path.Combine(Repository.Folder, Project(Assembly(target))));
        Assert.Equal(
            needed.Select(p => Path.GetRelativePath(Repository.Folder, Path.GetDirectoryName(p)!) + "/*.csproj").Order(),
            copied.Order()
        );
        Assert.DoesNotContain(restore.All("COPY"), c => c.Split(' ')[..^1].Any(s => s.EndsWith('/')));
        Assert.Equal(["COPY", "RUN"], restore.Instructions.Select(i => i.Keyword).Where(k => k is "COPY" or "RUN").Distinct());
        // What is restored is what is published.
        Assert.Equal(Loop(restore), Loop(File.Stages.Single(s => s.Name is "publish")));

        void Need(string project)
        {
            if (!needed.Add(project))
                return;
            foreach (var reference in XDocument.Load(project).Descendants("ProjectReference"))
                Need(Path.GetFullPath(reference.Attribute("Include")!.Value, Path.GetDirectoryName(project)!));
        }

        static string Loop(Stage stage) => Projects().Match(stage.All("RUN").Single()).Groups["projects"].Value;
    }

    [Fact]
    public void what_is_copied_is_there_and_let_through()
    {
        var context = ImageContext.Files();
        Assert.All(
            File.Stages.SelectMany(s => s.All("COPY"))
                .Where(c => !c.StartsWith("--from", StringComparison.Ordinal))
                .SelectMany(c => c.Split(' ')[..^1]),
            source =>
            {
                // A lock file is copied where there is one.
                if (source.Contains('[', StringComparison.Ordinal))
                    return;
                Assert.Contains(context, file => ImageContext.Matches(source, file));
            }
        );
        Assert.DoesNotContain(
            context,
            f => f.StartsWith(".git/", StringComparison.Ordinal) || f.Contains("/bin/", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            context,
            f => f.StartsWith("tests/", StringComparison.Ordinal) || f.StartsWith(".data/", StringComparison.Ordinal)
        );
    }

    /// <summary>It has four services in it, whose files must not get in each other's way.</summary>
    [Fact]
    public async Task the_audit_is_published_with_all_that_it_needs()
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-audit-");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var published = await Tools.Run(
            "dotnet",
            ["publish", "tools/Audit", "-c", configuration, "--no-build", "-o", folder.FullName, "-p:UseAppHost=false", "-nologo"],
            environment: new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" }
        );
        Assert.True(published.IsSuccess, published.StandardOutput + published.StandardError);
        var looked = await Tools.Run(
            "dotnet",
            ["PolicyPlatform.Audit.dll", "--database", "Host=127.0.0.1;Port=9;Username=nobody;Timeout=5"],
            folder.FullName
        );
        Assert.Equal(2, looked.ExitCode);
        Assert.StartsWith("The audit could not run: ", looked.StandardError, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void the_same_source_gives_the_same_assemblies()
    {
        var run = File.Stages.Single(s => s.Name is "publish").All("RUN").Single();
        Assert.All(
            new[]
            {
                "--no-restore",
                "-c Release",
                "ContinuousIntegrationBuild=true",
                "Deterministic=true",
                "SourceRevisionId=\"$REVISION\"",
            },
            part => Assert.Contains(part, run, StringComparison.Ordinal)
        );
        Assert.Contains(
            "RestoreLockedMode=true",
            File.Stages.Single(s => s.Name is "restore").All("RUN").Single(),
            StringComparison.Ordinal
        );
        Assert.Contains("global.json", File.Stages.Single(s => s.Name is "restore").All("COPY").First(), StringComparison.Ordinal);
    }

    static string Assembly(Stage target) => char.ToUpperInvariant(target.Name[0]) + target.Name[1..];

    static string Project(string name) =>
        name switch
        {
            "Gateway" => "gateway/Gateway.csproj",
            "Audit" => "tools/Audit/Audit.csproj",
            _ => $"services/{name}/{name}.csproj",
        };

    [GeneratedRegex(@"for project in (?<projects>[^;]+);")]
    private static partial Regex Projects();
}
