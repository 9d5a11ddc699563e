using System.Collections.Concurrent;
using System.Reflection;
using Marten;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>Which events a state is made of: all that say that they are its <see cref="IEventOf{TState}"/>.</summary>
public static class StateEvents
{
    // The types of a service are looked through once, not once a state.
    static readonly ConcurrentDictionary<Assembly, ILookup<Type, Type>> known = new();

    /// <summary>The events of a state.</summary>
    public static IEnumerable<Type> Of<TState>() =>
        known.GetOrAdd(
            typeof(TState).Assembly,
            service =>
                (
                    from type in service.GetTypes()
                    from role in Roles(type, typeof(IEventOf<>))
                    select (State: role.GetGenericArguments()[0], Event: type)
                ).ToLookup(e => e.State, e => e.Event)
        )[typeof(TState)];

    // Of any state where it is not known whose stream it is; what is not made of events has no events of its own.
    static bool IsOf(Type happened, Type? state) =>
        state is not null && !Roles(state, typeof(IState<>)).Any()
        || Roles(happened, typeof(IEventOf<>)).Any(role => state is null || role.GetGenericArguments()[0] == state);

    static IEnumerable<Type> Roles(Type type, Type role) =>
        type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == role);

    /// <summary>Lets nothing be recorded that no state listens to: it would stand in its stream and change nothing.</summary>
    internal sealed class Guard : DocumentSessionListenerBase
    {
        static readonly ConcurrentDictionary<(Type Happened, Type? State), bool> known = new();

        /// <inheritdoc/>
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            foreach (var stream in session.PendingChanges.Streams())
            foreach (var happened in stream.Events)
                if (!known.GetOrAdd((happened.EventType, stream.AggregateType), e => IsOf(e.Happened, e.State)))
                    throw new InvalidOperationException(
                        $"{happened.EventType.Name} is no IEventOf<{stream.AggregateType?.Name}>: nothing would listen to it."
                    );
            return Task.CompletedTask;
        }
    }
}
