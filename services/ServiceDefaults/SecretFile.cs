namespace PolicyPlatform.ServiceDefaults;

/// <summary>A file that only its owner may read, such as a key.</summary>
public static class SecretFile
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20),
        Patience = TimeSpan.FromSeconds(30);

    /// <summary>What the file says; made on the first start, so that what it protects outlives a restart.</summary>
    public static string ReadOrCreate(string file, Func<string> make)
    {
        if (File.Exists(file))
            return File.ReadAllText(file);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        // Of several processes that start at once one makes it, and the others read what that one made.
        using var turn = Turn($"{file}.lock");
        if (File.Exists(file))
            return File.ReadAllText(file);
        // Whole or not at all, whenever the process ends.
        var draft = $"{file}.{Guid.NewGuid():N}";
        var secret = make();
        using (var writer = new StreamWriter(draft, Options(FileMode.CreateNew)))
            writer.Write(secret);
        File.Move(draft, file, overwrite: false);
        return secret;
    }

    static FileStream Turn(string file)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
            try
            {
                return new(file, Options(FileMode.OpenOrCreate));
            }
            catch (IOException) when (waited < Patience)
            {
                Thread.Sleep(Pause);
            }
    }

    // The system gives it up with the process, however that ends.
    static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
