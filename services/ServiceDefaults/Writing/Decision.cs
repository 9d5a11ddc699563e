using Marten;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine;
using Wolverine.Marten;
using Wolverine.Runtime;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>
/// What a request comes to: facts to record and messages to send with them, or a problem and nothing at all. Made by pure functions of
/// (state, command, facts, now).
/// </summary>
public sealed record Decision
{
    /// <summary>The events to append, oldest first.</summary>
    public IReadOnlyList<object> Events { get; private init; } = [];

    /// <summary>The messages that leave when, and only when, the events are recorded.</summary>
    public IReadOnlyList<object> Messages { get; private init; } = [];

    /// <summary>The messages that the service sends itself at an instant to come, stored with the events.</summary>
    public IReadOnlyList<(object Message, DateTimeOffset At)> Scheduled { get; private init; } = [];

    /// <summary>Why nothing is recorded; null when something is.</summary>
    public Problem? Problem { get; private init; }

    /// <summary>These facts are recorded.</summary>
    public static Decision Record(params IReadOnlyList<object> events) => new() { Events = events };

    /// <summary>What the answer tells beside the state and the events, and nothing records.</summary>
    public IReadOnlyList<object> Facts { get; private init; } = [];

    /// <summary>Gives the answer something to tell; nothing for null.</summary>
    public Decision Knowing(object? fact) => fact is null ? this : this with { Facts = [.. Facts, fact] };

    /// <summary>Sends messages along.</summary>
    public Decision Telling(params IReadOnlyList<object> messages) => this with { Messages = [.. Messages, .. messages] };

    /// <summary>Sends the service itself a message at an instant, also when it was down at that time.</summary>
    public Decision Later(object message, DateTimeOffset at) => this with { Scheduled = [.. Scheduled, (message, at)] };

    /// <summary>Hands the messages to the outbox of the session: they leave with its transaction.</summary>
    public async Task Send(IWolverineRuntime messaging, IDocumentSession session)
    {
        if (Messages.Count + Scheduled.Count == 0)
            return;
        var outbox = new MartenOutbox(messaging, session);
        foreach (var message in Messages)
            await outbox.PublishAsync(message);
        foreach (var (message, at) in Scheduled)
            await outbox.ScheduleAsync(message, at);
    }

    /// <summary>The same decision with other facts before its own.</summary>
    public Decision After(params IReadOnlyList<object> happened) => this with { Events = [.. happened, .. Events] };

    /// <summary>The same decision with another fact after its own.</summary>
    public Decision And(object happened) => this with { Events = [.. Events, happened] };

    /// <summary>The same decision with its events completed.</summary>
    public Decision Completed(Func<object, object> complete) => this with { Events = [.. Events.Select(complete)] };

    /// <summary>A problem is a decision to do nothing.</summary>
    public static implicit operator Decision(Problem problem) => new() { Problem = problem };
}

/// <summary>What a caller hears of an accepted write.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, made into JSON.</param>
/// <param name="Location">Where the new resource is, for 201.</param>
public sealed record Answer(int Status, object Body, string? Location = null);

/// <summary>
/// Whoever did something, as events remember it: by id. The name that people read is kept beside the events, where it can be erased.
/// </summary>
/// <param name="Id">The <c>sub</c> of the token.</param>
/// <param name="Organisation">The code of the organisation that the actor spoke for; empty for none.</param>
public sealed record Actor(string Id, string Organisation)
{
    /// <summary>The platform itself, for what happens without anybody's doing.</summary>
    public static readonly Actor Platform = new("policyplatform", "");
}

/// <summary>Callers as events remember them.</summary>
public static class Actors
{
    /// <summary>The caller as events remember it.</summary>
    public static Actor Actor(this Identity.Caller caller) => new(caller.Id, caller.Organisation);
}
