namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>Something that happened to a <typeparamref name="TState"/>. Stored for good: values are added, never renamed.</summary>
public interface IEventOf<TState>;

/// <summary>A state that is made of events, one after the other. It is kept beside them by <see cref="StateProjection{TState,TId}"/>.</summary>
public interface IState<TSelf>
    where TSelf : class, IState<TSelf>
{
    /// <summary>How many events there are.</summary>
    long Version { get; set; }

    /// <summary>The state after one more event.</summary>
    static abstract TSelf? Next(TSelf? state, IEventOf<TSelf> happened);
}

/// <summary>States after events.</summary>
public static class States
{
    /// <summary>The state after these events, in their order; those of something else leave it as it is.</summary>
    public static TState? Then<TState>(this TState? state, params IEnumerable<object> events)
        where TState : class, IState<TState> => events.OfType<IEventOf<TState>>().Aggregate(state, TState.Next);
}
