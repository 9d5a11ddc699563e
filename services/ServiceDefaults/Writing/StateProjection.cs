using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>
/// Keeps a state beside its stream, in the transaction that appends to it. It listens to every <see cref="IEventOf{TState}"/> of the
/// service, and to nothing else: a state that handles an event that is not one does not compile, so none that it handles is forgotten.
/// </summary>
public sealed class StateProjection<TState, TId> : SingleStreamProjection<TState, TId>
    where TState : class, IState<TState>
    where TId : notnull
{
    /// <summary>Listens to the events of the state.</summary>
    public StateProjection()
    {
        foreach (var type in StateEvents.Of<TState>())
            IncludeType(type);
    }

    /// <inheritdoc/>
    public override TState? Evolve(TState? snapshot, TId id, IEvent e) => snapshot.Then(e.Data);
}

/// <summary>What a service keeps beside its streams.</summary>
public static class KeptStates
{
    /// <summary>Keeps a state beside its stream.</summary>
    public static void Keep<TState, TId>(this StoreOptions options)
        where TState : class, IState<TState>
        where TId : notnull => options.Projections.Add(new StateProjection<TState, TId>(), ProjectionLifecycle.Inline);
}
