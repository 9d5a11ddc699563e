using System.Collections.Concurrent;
using System.Reflection;

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
                    from role in type.GetInterfaces()
                    where role.IsGenericType && role.GetGenericTypeDefinition() == typeof(IEventOf<>)
                    select (State: role.GetGenericArguments()[0], Event: type)
                ).ToLookup(e => e.State, e => e.Event)
        )[typeof(TState)];
}
