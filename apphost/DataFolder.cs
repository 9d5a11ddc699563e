using System.Globalization;

namespace PolicyPlatform.AppHost;

/// <summary>The folder that keeps everything. One platform at a time holds it.</summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>The format that this version writes. A folder of a higher one is not touched.</summary>
    const int Format = 1;

    readonly FileStream held;

    DataFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes the folder where it is missing, and holds it.</summary>
    /// <exception cref="StartException">It cannot be written, is held by another platform, or is of a newer version.</exception>
    public static DataFolder Open(string path)
    {
        FileStream held;
        try
        {
            Directory.CreateDirectory(path);
            Directory.CreateDirectory(System.IO.Path.Combine(path, "logs"));
            // The system lets go of it when the process ends, however it ends.
            held = new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartException(
                $"The data folder {path} cannot be written by user {Environment.UserName}: change its permissions, or choose another with --data."
            );
        }
        catch (IOException e) when (Directory.Exists(path))
        {
            throw new StartException(
                File.Exists(System.IO.Path.Combine(path, "lock")) && e is not (DirectoryNotFoundException or PathTooLongException)
                    ? $"Another platform is running with the data folder {path}: stop it, or choose another folder with --data."
                    : $"The data folder {path} cannot be written ({e.Message}): choose another with --data."
            );
        }
        catch (IOException e)
        {
            throw new StartException($"The data folder {path} cannot be made ({e.Message}): choose another with --data.");
        }

        var formatFile = System.IO.Path.Combine(path, "format");
        // One that is empty was left by a start that had no room.
        if (new FileInfo(formatFile) is not { Exists: true, Length: > 0 })
            try
            {
                File.WriteAllText(formatFile, Format.ToString(CultureInfo.InvariantCulture));
            }
            catch (IOException e)
            {
                held.Dispose();
                throw new StartException($"The data folder {path} cannot be written ({e.Message}): choose another with --data.");
            }
        else if (!int.TryParse(File.ReadAllText(formatFile).Trim(), CultureInfo.InvariantCulture, out var format) || format > Format)
        {
            held.Dispose();
            throw new StartException(
                $"The data folder {path} was written by a newer version of the platform: start that version, or choose another folder with --data."
            );
        }
        return new(path, held);
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}
