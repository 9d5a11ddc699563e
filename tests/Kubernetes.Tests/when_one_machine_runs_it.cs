using System.Text.RegularExpressions;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>The units of systemd and the settings beside them.</summary>
public sealed partial class when_one_machine_runs_it
{
    static readonly string Units = Path.Combine(Repository.Folder, "deploy", "systemd");

    static readonly string[] Processes = [.. Gateway.Routing.Services.All.Select(s => s.Name), "Gateway"];

    [Fact]
    public void each_process_has_a_unit_and_an_assembly()
    {
        var wanted = Value("policyplatform.target", "Wants").Single().Split(' ');
        Assert.Equal(Processes.Select(p => $"policyplatform@{p}.service").Order(), wanted.Order());
        Assert.Equal(
            Processes.Append("common").Order(),
            Directory.EnumerateFiles(Path.Combine(Units, "environment")).Select(f => Path.GetFileNameWithoutExtension(f)).Order()
        );
        Assert.Equal("/usr/bin/dotnet PolicyPlatform.%i.dll", Value("policyplatform@.service", "ExecStart").Single());
        Assert.All(
            Processes,
            name =>
                Assert.True(
                    File.Exists(Path.Combine(Repository.Folder, name is "Gateway" ? "gateway" : $"services/{name}", $"{name}.csproj"))
                )
        );
        // It names its assemblies as the build does.
        Assert.Contains(
            "<AssemblyName>PolicyPlatform.$(MSBuildProjectName)</AssemblyName>",
            Sources.Read("Directory.Build.props"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void every_variable_is_a_setting_that_is_read_and_explained() =>
        Assert.All(
            Directory
                .EnumerateFiles(Path.Combine(Units, "environment"))
                .SelectMany(File.ReadLines)
                .Select(l => Variable().Match(l))
                .Where(m => m.Success),
            variable => Assert.True(Sources.IsSetting(variable.Groups["name"].Value), variable.Value)
        );

    [Fact]
    public void processes_are_where_the_others_look_for_them_and_nothing_but_the_gateway_is_reached_from_outside()
    {
        var common = Settings("common");
        Assert.All(
            Gateway.Routing.Services.All,
            service =>
            {
                var own = Settings(service.Name);
                Assert.Equal(common[$"Services__{service.Name}__Http"], own["Kestrel__Endpoints__Http__Url"]);
                Assert.Equal(common[$"Services__{service.Name}__Grpc"], own["Kestrel__Endpoints__Grpc__Url"]);
                Assert.Equal("Http2", own["Kestrel__Endpoints__Grpc__Protocols"]);
            }
        );
        var addresses = Processes
            .SelectMany(p => Settings(p))
            .Where(s => s.Key.EndsWith("__Url", StringComparison.Ordinal))
            .Select(s => s.Value)
            .ToArray();
        Assert.Equal(addresses.Length, addresses.Distinct().Count());
        Assert.Equal(["https://*:443"], addresses.Where(a => !a.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)));
    }

    [Fact]
    public void what_is_written_is_written_where_units_let_it()
    {
        var state = $"/var/lib/{Value("policyplatform@.service", "StateDirectory").Single()}/";
        Assert.All(
            Processes
                .Append("common")
                .SelectMany(p => Settings(p))
                .Where(s => s.Key.EndsWith("Folder", StringComparison.Ordinal) || s.Key is "Integrity__KeyFile"),
            setting => Assert.StartsWith(state, setting.Value, StringComparison.Ordinal)
        );
        var writable = Value("policyplatform-backup.service", "ReadWritePaths").Single().Split(' ');
        var backup = Value("policyplatform-backup.service", "ExecStart").Single().Split(' ');
        Assert.Equal(writable, backup[1..3]);
        Assert.Equal(Path.GetDirectoryName(Settings("common")["PersonalData__KeyFolder"]), backup[3]);
        Assert.All(
            writable,
            folder =>
                Assert.Contains($"d {folder} ", File.ReadAllText(Path.Combine(Units, "policyplatform.tmpfiles")), StringComparison.Ordinal)
        );
        // Whoever has the one folder has not the other.
        Assert.Equal(2, writable.Length);
    }

    [Fact]
    public void the_audit_reads_as_a_role_that_does_nothing_else()
    {
        var unit = Value("policyplatform-audit.service", "ExecStart").Single();
        Assert.Contains("Username=policyplatform_audit", unit, StringComparison.Ordinal);
        Assert.Contains("grant pg_read_all_data to policyplatform_audit;", Sources.Read("docs/operations.md"), StringComparison.Ordinal);
        Assert.Empty(Value("policyplatform-audit.service", "ReadWritePaths"));
        Assert.Equal(["/etc/policyplatform/common.env"], Value("policyplatform-audit.service", "EnvironmentFile"));
        // It looks at what the backup before it has.
        Assert.True(
            string.CompareOrdinal(
                Value("policyplatform-backup.timer", "OnCalendar").Single(),
                Value("policyplatform-audit.timer", "OnCalendar").Single()
            ) < 0
        );
    }

    [Fact]
    public async Task systemd_knows_every_line_and_finds_little_exposed()
    {
        Assert.SkipWhen(Tools.OnPath("systemd-analyze") is null, "systemd-analyze is not installed here.");
        var folder = Directory.CreateTempSubdirectory("policyplatform-units-");
        try
        {
            foreach (
                var file in Directory
                    .EnumerateFiles(Units, "policyplatform*", SearchOption.AllDirectories)
                    .Concat(Directory.EnumerateFiles(Units, "*.conf", SearchOption.AllDirectories))
            )
            {
                var target = Path.Combine(folder.FullName, Path.GetRelativePath(Units, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                // Nothing is installed here: what units start is where it lies.
                await File.WriteAllTextAsync(
                    target,
                    (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                        .Replace("/opt/policyplatform/current", Repository.Folder, StringComparison.Ordinal)
                        .Replace("/usr/bin/dotnet", Tools.OnPath("dotnet"), StringComparison.Ordinal),
                    TestContext.Current.CancellationToken
                );
            }
            // The colon: the system's own units are known as well.
            var path = new Dictionary<string, string?> { ["SYSTEMD_UNIT_PATH"] = $"{folder.FullName}:" };
            string[] services =
            [
                .. Processes.Select(p => $"policyplatform@{p}.service"),
                "policyplatform-backup.service",
                "policyplatform-audit.service",
            ];
            var verified = await Tools.Run(
                "systemd-analyze",
                ["verify", .. services, "policyplatform.target", "policyplatform-backup.timer", "policyplatform-audit.timer"],
                null,
                path
            );
            Assert.True(verified.IsSuccess, verified.StandardError);
            Assert.Equal("", verified.StandardError);
            foreach (var service in services)
            {
                var looked = await Tools.Run(
                    "systemd-analyze",
                    ["security", "--offline=true", "--threshold=20", "--no-pager", service],
                    null,
                    path
                );
                Assert.True(looked.IsSuccess, looked.StandardOutput + looked.StandardError);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("certificate-renewed")]
    public async Task scripts_can_be_run(string script)
    {
        Assert.True(File.GetUnixFileMode(Path.Combine(Units, script)).HasFlag(UnixFileMode.UserExecute));
        var read = await Tools.Run("sh", ["-n", Path.Combine(Units, script)]);
        Assert.True(read.IsSuccess, read.StandardError);
    }

    static IEnumerable<string> Value(string unit, string name) =>
        File.ReadLines(Path.Combine(Units, unit))
            .Where(l => l.StartsWith($"{name}=", StringComparison.Ordinal))
            .Select(l => l[(name.Length + 1)..]);

    internal static Dictionary<string, string> Settings(string process) =>
        File.ReadLines(Path.Combine(Units, "environment", $"{process}.env"))
            .Where(l => l.Length > 0 && !l.StartsWith('#'))
            .ToDictionary(l => l.Split('=')[0], l => l.Split('=', 2)[1]);

    // Those that are commented out too: they are there to be taken.
    [GeneratedRegex(@"^#?(?<name>[A-Z]\w*_\w+)=")]
    private static partial Regex Variable();
}
