namespace PolicyPlatform.AppHost.Backups;

/// <summary>A folder that is there whole or not at all: it is made beside its place, and moved there when it is finished.</summary>
sealed class Whole : IDisposable
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    readonly string place;

    Whole(string place) => (this.place, Part) = (place, place + ".part");

    /// <summary>Where it is made.</summary>
    public string Part { get; }

    /// <summary>Begins it.</summary>
    /// <param name="place">Where it will be.</param>
    /// <param name="what">What it is called at the beginning of a sentence.</param>
    /// <param name="isPassed">Whether PostgreSQL's user passes through it; otherwise nobody else enters it, since keys are in it.</param>
    /// <exception cref="StartException">There is something in its place, or it cannot be made.</exception>
    public static Whole Begin(string place, string what, bool isPassed)
    {
        if (File.Exists(place) || Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any())
            throw new StartException($"{what} is not written over what is there: {place} is not empty. Name another folder.");
        var whole = new Whole(place);
        try
        {
            whole.Dispose(); // left by one that was cut off
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(whole.Part);
            else
                Directory.CreateDirectory(whole.Part, isPassed ? Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Private);
            return whole;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{what} cannot be written to {place} ({e.Message}): name another folder.");
        }
    }

    /// <summary>Puts it in its place.</summary>
    public void Finish()
    {
        if (Directory.Exists(place))
            Directory.Delete(place);
        Directory.Move(Part, place);
    }

    /// <summary>Takes away what was not finished.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Part))
            Directory.Delete(Part, recursive: true);
    }
}
