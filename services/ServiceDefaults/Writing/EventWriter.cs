using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine.Runtime;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>
/// The one way to write: load the state, decide, and record events, messages and the answer to an idempotency key in one transaction that
/// names the version it was decided on. A conflicting append is decided again on the newer state, so that a caller without If-Match never
/// sees one and a caller with If-Match hears of the newer version.
/// </summary>
public sealed class EventWriter(
    IDocumentStore store,
    IWolverineRuntime messaging,
    ActorNames actors,
    TimeProvider time,
    ILogger<EventWriter> logger
)
{
    const int Attempts = 12;

    // From this attempt on the stream is locked before it is read: a writer whom other processes keep overtaking gets its turn.
    const int LockedFrom = 3;

    // Writers of one stream in this process stand in line instead of racing each other to the database. Other processes
    // are caught by the expected version. Streams share lanes by hash: a wrong neighbour costs a wait, never correctness.
    readonly SemaphoreSlim[] lanes = [.. Enumerable.Range(0, 1024).Select(_ => new SemaphoreSlim(1))];

    // What was decided for many streams of a kind is recorded in one transaction, one being made ready while the other is written.
    const int GroupsAtOnce = 2,
        MostTogether = 32;

    readonly ConcurrentDictionary<Type, Groups<Accepted>> groups = [];

    /// <summary>Starts a new stream.</summary>
    /// <param name="http">The request; its idempotency key is honoured.</param>
    /// <param name="id">The new stream's id.</param>
    /// <param name="decide">Decides on the first events; the session is for further documents of the same transaction.</param>
    /// <param name="answer">Makes the answer out of what was recorded.</param>
    public Task<IResult> Start<TState>(
        HttpContext http,
        StreamId id,
        Func<IDocumentSession, Task<Decision>> decide,
        Func<Recorded<TState>, Answer> answer
    )
        where TState : class => InLane(http, id, _ => Write(http, id, null, (_, session) => decide(session), answer, mayJoin: false));

    /// <summary>Appends to a stream that the caller may see.</summary>
    /// <param name="http">The request; its If-Match and its idempotency key are honoured.</param>
    /// <param name="id">The stream.</param>
    /// <param name="decide">Decides on the state of now, which is null when there is no such stream.</param>
    /// <param name="answer">Makes the answer out of what was recorded.</param>
    public Task<IResult> Append<TState>(
        HttpContext http,
        StreamId id,
        Func<TState?, IDocumentSession, Task<Decision>> decide,
        Func<Recorded<TState>, Answer> answer
    )
        where TState : class =>
        InLane(
            http,
            id,
            attempt =>
                Write(
                    http,
                    id,
                    session => id.Fetch<TState>(session, exclusive: attempt >= LockedFrom, http.RequestAborted),
                    decide,
                    answer,
                    mayJoin: attempt == 1
                )
        );

    /// <summary>
    /// Appends to a stream once others were asked. They are asked about the state of now before this writer has its turn: nobody waits for
    /// them. Only where somebody else wrote in between they are asked again.
    /// </summary>
    /// <param name="http">The request; its If-Match and its idempotency key are honoured.</param>
    /// <param name="id">The stream.</param>
    /// <param name="ask">Asks other services and whatever else takes time; the state is null when there is no such stream.</param>
    /// <param name="decide">Decides on the state and on what was heard.</param>
    /// <param name="answer">Makes the answer out of what was recorded.</param>
    public async Task<IResult> Append<TState, TFacts>(
        HttpContext http,
        StreamId id,
        Func<TState?, Task<TFacts>> ask,
        Func<TState?, TFacts, IDocumentSession, Task<Decision>> decide,
        Func<Recorded<TState>, Answer> answer
    )
        where TState : class, IState<TState>
    {
        TState? before;
        await using (var session = store.QuerySession())
        {
            // What was answered is answered again, and nobody is asked for it.
            if (
                http.Features.Get<IdempotencyKey>() is { } key
                && await session.LoadAsync<IdempotentAnswer>(key.Id, http.RequestAborted) is { } given
                && IsKept(given)
            )
                return WrittenAnswer.Again(http, key, given);
            before = await id.Load<TState>(session, http.RequestAborted);
        }
        var facts = await ask(before);
        return await Append(
            http,
            id,
            async (state, session) => await decide(state, state?.Version == before?.Version ? facts : await ask(state), session),
            answer
        );
    }

    /// <summary>
    /// Starts the streams of several requests in one transaction: where very many come at once, none waits for the commit of each before it.
    /// Each has a decision and an answer of its own, and its idempotency key is honoured.
    /// </summary>
    /// <param name="requests">The requests.</param>
    /// <param name="decide">Decides on requests that were not answered before, named by their place; as many decisions, in their order.</param>
    /// <param name="answer">Makes the answer to a request out of what was recorded.</param>
    public async Task<IReadOnlyList<IResult>> StartTogether<TState>(
        IReadOnlyList<HttpContext> requests,
        Func<IReadOnlyList<int>, IDocumentSession, Task<IReadOnlyList<(StreamId Id, Decision Decision)>>> decide,
        Func<int, Recorded<TState>, Answer> answer
    )
        where TState : class
    {
        var answers = new IResult?[requests.Count];
        for (var attempt = 1; Enumerable.Range(0, answers.Length).Where(n => answers[n] is null).ToArray() is { Length: > 0 } open; )
        {
            try
            {
                await WriteTogether(requests, open, answers, decide, answer);
            }
            catch (Exception conflict) when (Faults.IsConflict(conflict))
            {
                logger.LogDebug("Attempt {Attempt} on {Count} streams met others", attempt, open.Length);
                if (attempt++ == Attempts)
                    return [.. answers.Select(a => a ?? Overtaken)];
                await Task.Delay(Random.Shared.Next(1, 4 << Math.Min(attempt, 6)));
            }
        }
        return answers!;
    }

    // Of requests that share a key the first one is written; the others find its answer at the next round.
    async Task WriteTogether<TState>(
        IReadOnlyList<HttpContext> requests,
        IReadOnlyList<int> open,
        IResult?[] answers,
        Func<IReadOnlyList<int>, IDocumentSession, Task<IReadOnlyList<(StreamId Id, Decision Decision)>>> decide,
        Func<int, Recorded<TState>, Answer> answer
    )
        where TState : class
    {
        await using var session = store.LightweightSession();
        var keys = open.ToDictionary(n => n, n => requests[n].Features.Get<IdempotencyKey>());
        string[] ids = [.. keys.Values.OfType<IdempotencyKey>().Select(k => k.Id).Distinct()];
        var given = (ids.Length == 0 ? [] : await session.LoadManyAsync<IdempotentAnswer>(CancellationToken.None, ids)).ToLookup(IsKept);
        foreach (var old in given[false])
            session.Delete(old);
        if (given[false].Any())
            await session.SaveChangesAsync(CancellationToken.None);
        var known = given[true].ToDictionary(a => a.Id);
        foreach (var n in open)
            if (keys[n] is { } key && known.TryGetValue(key.Id, out var before))
                answers[n] = WrittenAnswer.Again(requests[n], key, before);
        int[] now = [.. open.Where(n => answers[n] is null).DistinctBy(n => keys[n]?.Id ?? $"{n}")];
        if (now.Length == 0)
            return;

        var decisions = await decide(now, session);
        var decided = new Dictionary<int, IResult>();
        var accepted = new List<Accepted>();
        foreach (var (n, (id, decision)) in now.Zip(decisions))
        {
            if (decision.Problem is { } problem)
            {
                decided[n] = await Refused(requests[n], session, keys[n], problem, CancellationToken.None);
                continue;
            }
            var one = Accept<TState>(requests[n], keys[n], id, null, new(null, decision, decision.Events.Count), r => answer(n, r));
            accepted.Add(one);
            decided[n] = one.Answer;
        }
        await Save(session, accepted);
        foreach (var (n, result) in decided)
            answers[n] = result;
    }

    // One way through: an answer that was given before, the state, the decision, what it records, the answer.
    async Task<IResult> Write<TState>(
        HttpContext http,
        StreamId id,
        Func<IDocumentSession, Task<IEventStream<TState>>>? fetch,
        Func<TState?, IDocumentSession, Task<Decision>> decide,
        Func<Recorded<TState>, Answer> answer,
        bool mayJoin
    )
        where TState : class
    {
        await using var session = store.LightweightSession();
        var key = http.Features.Get<IdempotencyKey>();
        if (key is not null && await session.LoadAsync<IdempotentAnswer>(key.Id, http.RequestAborted) is { } given)
        {
            if (IsKept(given))
                return WrittenAnswer.Again(http, key, given);
            session.Delete(given);
            await session.SaveChangesAsync(http.RequestAborted);
        }

        var stream = fetch is null || id.IsNobodys ? null : await fetch(session);
        var version = stream?.CurrentVersion ?? 0;
        var decision = await decide(stream?.Aggregate, session);
        // Whether the caller's version is stale matters only for what the caller may see: decided first, asked second.
        if (stream is not null && decision.Problem?.Kind.Status is not (404 or 410) && http.Request.StaleIfMatch(version) is { } stale)
            return await Refused(http, session, key, stale, http.RequestAborted);
        if (decision.Problem is { } problem)
            return await Refused(http, session, key, problem, http.RequestAborted);

        var accepted = Accept(http, key, id, stream, new(stream?.Aggregate, decision, version + decision.Events.Count), answer);
        // From here on the request is carried out even if the caller goes away.
        mayJoin &= decision.Events.Count > 0 && session.HasOnlyRead();
        if (!mayJoin || !await accepted.IsSavedIn(groups.GetOrAdd(typeof(TState), _ => new(GroupsAtOnce, MostTogether, SaveTogether))))
            await Save(session, [accepted]);
        return accepted.Answer;
    }

    static Accepted Accept<TState>(
        HttpContext http,
        IdempotencyKey? key,
        StreamId id,
        IEventStream<TState>? fetched,
        Recorded<TState> recorded,
        Func<Recorded<TState>, Answer> answer
    )
        where TState : class
    {
        var told = answer(recorded);
        return new(
            id,
            recorded.Decision,
            Caller.From(http.User),
            key,
            new(
                told.Status,
                JsonSerializer.Serialize(told.Body, JsonDefaults.Options),
                told.Location,
                ConditionalRequests.Tag(recorded.Version),
                Replayed: false
            ),
            (session, isOwn) =>
            {
                if (isOwn && fetched is not null)
                    fetched.AppendMany(recorded.Decision.Events);
                else if (fetched is { CurrentVersion: > 0 and var version })
                    id.Append<TState>(session, version, recorded.Decision.Events);
                else
                    id.Start<TState>(session, recorded.Decision.Events);
            }
        );
    }

    // Everything of a session in one transaction: what others record together with one's own as well.
    async Task Save(IDocumentSession session, IReadOnlyList<Accepted> accepted, bool isOwn = true)
    {
        foreach (var one in accepted)
        {
            one.Append(session, isOwn);
            if (one.Key is { } key)
                session.Insert(
                    new IdempotentAnswer(
                        key.Id,
                        key.Fingerprint,
                        one.Answer.Status,
                        new(one.Answer.Body),
                        one.Answer.Location,
                        one.Answer.Tag,
                        time.GetUtcNow()
                    )
                );
            await one.Send(messaging, session);
        }
        // In one order: no two transactions wait for each other crosswise.
        Caller[] newNames =
        [
            .. accepted
                .Select(a => a.Caller)
                .DistinctBy(c => c.Id)
                .OrderBy(c => c.Id, StringComparer.Ordinal)
                .Where(c => actors.Note(session, c)),
        ];
        await session.SaveChangesAsync(CancellationToken.None);
        foreach (var caller in newNames)
            actors.Remember(caller);
    }

    // What keeps a group from being recorded can be one of them: then each is recorded alone, and hears of it itself. Not where the database
    // went away: whether the group was recorded is not known then, as it is not of one alone.
    async Task SaveTogether(IReadOnlyList<Accepted> group)
    {
        var commit = new Commit();
        try
        {
            using var work = Telemetry.BeginTogether("record together", group.Select(a => a.Trace));
            await using var session = store.LightweightSession();
            session.Listeners.Add(commit);
            await Save(session, [.. group.OrderBy(a => a.Id.Id).ThenBy(a => a.Id.Code, StringComparer.Ordinal)], isOwn: false);
            Tell(true);
        }
        // Whatever came after the commit, it is recorded.
        catch (Exception e) when (commit.IsDone)
        {
            logger.LogWarning(e, "{Count} are recorded, and what was to follow at once did not", group.Count);
            Tell(true);
        }
        catch (Exception e) when (group.Count > 1 && (Faults.IsConflict(e) || !Faults.IsTemporary(e)))
        {
            logger.LogDebug(e, "{Count} could not be recorded together", group.Count);
            Tell(false);
        }
        catch (Exception e)
        {
            foreach (var one in group)
                one.Told.TrySetException(e);
        }

        void Tell(bool isSaved)
        {
            foreach (var one in group)
                one.Told.TrySetResult(isSaved);
        }
    }

    sealed class Commit : DocumentSessionListenerBase
    {
        public bool IsDone { get; private set; }

        public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
        {
            IsDone = true;
            return Task.CompletedTask;
        }
    }

    // Sent twice at once, the second one would be refused for what the first one did since its answer was looked for.
    async Task<IResult> Refused(
        HttpContext http,
        IQuerySession session,
        IdempotencyKey? key,
        Problem refusal,
        CancellationToken cancellation
    ) =>
        key is not null && await session.LoadAsync<IdempotentAnswer>(key.Id, cancellation) is { } first && IsKept(first)
            ? WrittenAnswer.Again(http, key, first)
            : refusal.ToResult();

    bool IsKept(IdempotentAnswer given) => given.At + IdempotentAnswer.Kept > time.GetUtcNow();

    async Task<IResult> InLane(HttpContext http, StreamId id, Func<int, Task<IResult>> write)
    {
        var lane = lanes[(uint)id.GetHashCode() % lanes.Length];
        await lane.WaitAsync(http.RequestAborted);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await write(attempt);
                }
                catch (Exception conflict) when (Faults.IsConflict(conflict))
                {
                    logger.LogDebug("Attempt {Attempt} on {Stream} met a newer version", attempt, id);
                    if (attempt == Attempts)
                        return Overtaken;
                    await Task.Delay(Random.Shared.Next(1, 4 << Math.Min(attempt, 6)), http.RequestAborted);
                }
            }
        }
        finally
        {
            lane.Release();
        }
    }

    /// <summary>What one request came to, on its way into the database.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Decision">What is recorded and sent.</param>
    /// <param name="Caller">Who asked for it.</param>
    /// <param name="Key">What the answer is kept for.</param>
    /// <param name="Answer">The answer, once it is recorded.</param>
    /// <param name="Append">Appends to the stream, in the session that it was read in or in another one.</param>
    sealed record Accepted(
        StreamId Id,
        Decision Decision,
        Caller Caller,
        IdempotencyKey? Key,
        WrittenAnswer Answer,
        Action<IDocumentSession, bool> Append
    )
    {
        readonly Activity? activity = Activity.Current;

        public ActivityContext Trace => activity?.Context ?? default;

        // What is told runs on the thread of the request, not of the one that records for all.
        public TaskCompletionSource<bool> Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> IsSavedIn(Groups<Accepted> groups)
        {
            groups.Add(this);
            return Told.Task;
        }

        public async Task Send(IWolverineRuntime messaging, IDocumentSession session)
        {
            Activity.Current = activity;
            await Decision.Send(messaging, session);
        }
    }

    static IResult Overtaken =>
        (
            CommonProblems.Contended.With("Other writers kept coming first. Nothing was recorded; send the request again.") with
            {
                RetryAfterSeconds = 1,
            }
        ).ToResult();
}

/// <summary>The id of a stream: a UUID, or a code that people gave.</summary>
public readonly record struct StreamId(Guid Id, string? Code)
{
    /// <summary>A stream known by a UUID.</summary>
    public static implicit operator StreamId(Guid id) => new(id, null);

    /// <summary>A stream known by a code.</summary>
    public static implicit operator StreamId(string code) => new(Guid.Empty, code);

    /// <summary>No stream has the nil UUID, and none can be asked for by it.</summary>
    internal bool IsNobodys => Code is null && Id == Guid.Empty;

    internal void Start<TState>(IDocumentSession session, IReadOnlyList<object> events)
        where TState : class
    {
        if (Code is null)
            session.Events.StartStream<TState>(Id, events);
        else
            session.Events.StartStream<TState>(Code, events);
    }

    internal void Append<TState>(IDocumentSession session, long version, IReadOnlyList<object> events)
        where TState : class
    {
        var expected = version + events.Count;
        var action = Code is null ? session.Events.Append(Id, expected, events) : session.Events.Append(Code, expected, events);
        action.AggregateType = typeof(TState);
    }

    internal Task<TState?> Load<TState>(IQuerySession session, CancellationToken cancellation)
        where TState : class => Code is null ? session.LoadAsync<TState>(Id, cancellation) : session.LoadAsync<TState>(Code, cancellation);

    internal Task<IEventStream<TState>> Fetch<TState>(IDocumentSession session, bool exclusive, CancellationToken cancellation)
        where TState : class =>
        (Code, exclusive) switch
        {
            (null, false) => session.Events.FetchForWriting<TState>(Id, cancellation),
            (null, true) => session.Events.FetchForExclusiveWriting<TState>(Id, cancellation),
            (_, false) => session.Events.FetchForWriting<TState>(Code, cancellation),
            (_, true) => session.Events.FetchForExclusiveWriting<TState>(Code, cancellation),
        };

    /// <inheritdoc/>
    public override string ToString() => Code ?? Id.ToString();
}
