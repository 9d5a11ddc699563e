using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Testing;

/// <summary>
/// The programs in a folder of their own, in which another release takes the place of this one while they run. It is another build of the same
/// code, with a version of its own: what the two differ in is what the test makes of the database.
/// </summary>
public sealed class NextRelease : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("policyplatform-release-");
    readonly string kind = new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <param name="programs">The programs, by their projects.</param>
    public NextRelease(params IEnumerable<string> programs)
    {
        foreach (var program in programs)
        {
            var copy = Directory.CreateDirectory(Path.Combine(folder.FullName, program, kind));
            foreach (var entry in new DirectoryInfo(Path.GetDirectoryName(Tool.Program(program))!).EnumerateFileSystemInfos())
            {
                var target = Path.Combine(copy.FullName, entry.Name);
                if (entry is FileInfo { Extension: ".dll" } file && entry.Name.StartsWith("PolicyPlatform.", StringComparison.Ordinal))
                    file.CopyTo(target);
                else if (entry is DirectoryInfo)
                    Directory.CreateSymbolicLink(target, entry.FullName);
                else
                    File.CreateSymbolicLink(target, entry.FullName);
            }
        }
    }

    /// <summary>The version of this release, as processes say it.</summary>
    public static string Before { get; } =
        typeof(ServiceHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The version of the one that follows.</summary>
    public static string Version { get; } = $"9{Before[1..]}";

    /// <summary>A program, which runs with <c>dotnet</c>: of this release until the other one has taken its place.</summary>
    public string Program(string name) => Path.Combine(folder.FullName, name, kind, $"PolicyPlatform.{name}.dll");

    /// <summary>Whatever starts from now on is of the other release; what runs goes on as what it is.</summary>
    public void Replace()
    {
        foreach (var file in folder.EnumerateFiles("PolicyPlatform.*.dll", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file.FullName);
            byte[] build;
            using (var program = new PEReader([.. bytes]))
            {
                var metadata = program.GetMetadataReader();
                build = metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToByteArray();
            }
            bytes[bytes.AsSpan().IndexOf(build)] ^= 0xff;
            var (before, after) = (Encoding.UTF8.GetBytes(Before), Encoding.UTF8.GetBytes(Version));
            for (int from = 0, found; (found = bytes.AsSpan(from).IndexOf(before)) >= 0; from += found + after.Length)
                after.CopyTo(bytes, from + found);
            // A file of its own: the one that is in use stays as it is.
            var written = $"{file.FullName}.next";
            File.WriteAllBytes(written, bytes);
            File.Move(written, file.FullName, overwrite: true);
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}
