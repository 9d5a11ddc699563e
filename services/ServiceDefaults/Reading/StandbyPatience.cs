namespace PolicyPlatform.ServiceDefaults.Reading;

/// <summary>For what must not be read any more anywhere once its caller is answered: the public may read from standbys, which are behind.</summary>
/// <param name="longest">After how long nobody reads what was so before.</param>
public sealed class StandbyPatience(TimeSpan longest)
{
    /// <summary>After how long nobody reads what was so before.</summary>
    public TimeSpan Longest => longest;

    /// <summary>Waits until what was written is read everywhere.</summary>
    public Task Wait(CancellationToken cancellation) => longest > TimeSpan.Zero ? Task.Delay(longest, cancellation) : Task.CompletedTask;
}
