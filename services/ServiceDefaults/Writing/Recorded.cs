namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>What a write comes to: all that an answer is made of.</summary>
/// <param name="Before">The state that was decided on; null where there was none.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Version">The version of the stream from now on.</param>
public sealed record Recorded<TState>(TState? Before, Decision Decision, long Version)
    where TState : class
{
    /// <summary>The first event of a kind that was recorded.</summary>
    public TEvent The<TEvent>() => Decision.Events.OfType<TEvent>().First();

    /// <summary>What the decision knew of a kind; null for nothing.</summary>
    public TFact? Known<TFact>()
        where TFact : class => Decision.Facts.OfType<TFact>().FirstOrDefault();
}

/// <summary>States after a write.</summary>
public static class RecordedStates
{
    /// <summary>The state from now on.</summary>
    public static TState After<TState>(this Recorded<TState> recorded)
        where TState : class, IState<TState>
    {
        var after = recorded.Before.Then(recorded.Decision.Events)!;
        after.Version = recorded.Version;
        return after;
    }
}
