using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>A file system of its own that can be filled, where this may be mounted: for root on Linux.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    const int Filling = 1024 * 1024;

    string Ballast => Path.Combine(Folder, "ballast");

    SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Mounts one; the test is skipped where that is not allowed.</summary>
    /// <param name="megabytes">How large it is.</param>
    public static async Task<SmallDisk> Mount(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-disk-").FullName;
        var isMounted =
            OperatingSystem.IsLinux()
            && Environment.UserName == "root"
            && await Run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                $"size={megabytes.ToString(CultureInfo.InvariantCulture)}m,mode=755",
                "tmpfs",
                folder
            );
        Assert.SkipUnless(isMounted, "No file system may be mounted here.");
        return new(folder);
    }

    /// <summary>Fills it to the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (var piece = new byte[Filling]; piece.Length > 0; piece = new byte[piece.Length / 2])
            try
            {
                while (true)
                    file.Write(piece);
            }
            catch (IOException)
            {
                // Less, then.
            }
    }

    /// <summary>Makes room again.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    static async Task<bool> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
