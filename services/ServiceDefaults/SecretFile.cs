namespace PolicyPlatform.ServiceDefaults;

/// <summary>A file that only its owner may read, such as a key.</summary>
public static class SecretFile
{
    /// <summary>What the file says; made on the first start, so that what it protects outlives a restart.</summary>
    public static string ReadOrCreate(string file, Func<string> make)
    {
        if (File.Exists(file))
            return File.ReadAllText(file);
        // Whole or not at all: of several processes that start at once, one makes it and the others read it.
        var draft = $"{file}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var secret = make();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, options))
            writer.Write(secret);
        try
        {
            File.Move(draft, file, overwrite: false);
            return secret;
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
            return File.ReadAllText(file);
        }
    }
}
