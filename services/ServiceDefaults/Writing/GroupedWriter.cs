using System.Text.Json;
using System.Threading.Channels;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>A new stream among many that are recorded together.</summary>
/// <param name="Id">The stream.</param>
/// <param name="Decision">Its first events, or why nothing is recorded.</param>
/// <param name="Answer">What the caller hears once it is recorded; null for a problem.</param>
/// <param name="Beside">What else is stored with it.</param>
public sealed record Begun(Guid Id, Decision Decision, Answer? Answer = null, Action<IDocumentSession>? Beside = null)
{
    /// <summary>A problem begins nothing.</summary>
    public static implicit operator Begun(Problem problem) => new(Guid.Empty, problem);
}

/// <summary>
/// Records new streams of which many arrive at once: what came in while the transaction before was committed is committed together, and each
/// caller is answered after that commit. Nobody waits for a timer, and nobody hears of something that is not recorded. One that cannot be
/// recorded together with the others is recorded alone.
/// </summary>
/// <typeparam name="TAbout">What they are about: loaded once for all that are recorded together.</typeparam>
/// <typeparam name="TState">What a stream is made into.</typeparam>
public sealed class GroupedWriter<TAbout, TState>(
    IDocumentStore store,
    ActorNames actors,
    TimeProvider time,
    ILogger<GroupedWriter<TAbout, TState>> logger
) : BackgroundService
    where TAbout : class
    where TState : class, IState<TState>
{
    // Two commit in turn, so that one is made ready while the other is written; more would make smaller groups.
    const int Committers = 2;

    const int MostTogether = 200,
        MostWaiting = 20_000,
        Attempts = 5;

    readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(MostWaiting);

    sealed record Waiting(
        HttpContext Http,
        IdempotencyKey? Key,
        Guid About,
        Func<TAbout?, Begun> Decide,
        TaskCompletionSource<IResult> Told
    );

    /// <summary>Records a new stream with whatever else arrives.</summary>
    /// <param name="http">The request; its idempotency key is honoured.</param>
    /// <param name="about">What it is about.</param>
    /// <param name="decide">Decides on the state of that, which is null where there is none; can be asked again.</param>
    public Task<IResult> Start(HttpContext http, Guid about, Func<TAbout?, Begun> decide)
    {
        // What is told runs on the thread of the request, not of the one that commits for all.
        var told = new TaskCompletionSource<IResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return waiting.Writer.TryWrite(new(http, http.Features.Get<IdempotencyKey>(), about, decide, told))
            ? told.Task
            : Task.FromResult(Busy().ToResult());
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Committers).Select(_ => Task.Run(() => Commit(stoppingToken), stoppingToken)));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        while (waiting.Reader.TryRead(out var left))
            left.Told.TrySetResult(Busy().ToResult());
    }

    async Task Commit(CancellationToken stopping)
    {
        var together = new List<Waiting>();
        while (await waiting.Reader.WaitToReadAsync(stopping))
        {
            together.Clear();
            while (together.Count < MostTogether && waiting.Reader.TryRead(out var next))
                together.Add(next);
            if (together.Count == 0)
                continue;
            try
            {
                await Write(together);
            }
            catch (Exception e) when (together.Count > 1)
            {
                logger.LogDebug(e, "{Count} could not be recorded together", together.Count);
                foreach (var one in together.Where(w => !w.Told.Task.IsCompleted))
                    await Alone(one);
            }
            catch (Exception e) when (Faults.IsConflict(e))
            {
                await Alone(together[0]);
            }
            catch (Exception e)
            {
                together[0].Told.TrySetException(e);
            }
        }
    }

    async Task Alone(Waiting one)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Write([one]);
                return;
            }
            catch (Exception e) when (Faults.IsConflict(e) && attempt < Attempts)
            {
                // Another process was first: the answer that the key has got is there by now.
                await Task.Delay(Random.Shared.Next(1, 20 * attempt));
            }
            catch (Exception e)
            {
                one.Told.TrySetException(e);
                return;
            }
        }
    }

    async Task Write(IReadOnlyList<Waiting> together)
    {
        await using var session = store.LightweightSession();
        var now = time.GetUtcNow();
        var given = new Dictionary<string, IdempotentAnswer>();
        if (together.Select(w => w.Key?.Id).OfType<string>().Distinct().ToArray() is { Length: > 0 } keys)
            given = (await session.LoadManyAsync<IdempotentAnswer>(keys)).ToDictionary(a => a.Id);
        var abouts = new Dictionary<Guid, TAbout?>();
        foreach (var about in together.Select(w => w.About).Distinct())
            abouts[about] = await session.LoadAsync<TAbout>(about);

        var recorded = new List<(Waiting Waiting, IResult Result)>();
        var seen = new HashSet<string>();
        var second = new List<Waiting>();
        foreach (var one in together)
        {
            if (one.Key is { } key)
            {
                if (given.TryGetValue(key.Id, out var answered) && answered.At + IdempotentAnswer.Kept > now)
                {
                    one.Told.TrySetResult(WrittenAnswer.Again(one.Http, key, answered));
                    continue;
                }
                // The same request twice at once: the second hears what the first did.
                if (!seen.Add(key.Id))
                {
                    second.Add(one);
                    continue;
                }
            }
            Begun begun;
            try
            {
                begun = one.Decide(abouts[one.About]);
            }
            catch (Exception e)
            {
                one.Told.TrySetException(e);
                continue;
            }
            if (begun.Decision.Problem is { } problem)
            {
                one.Told.TrySetResult(problem.ToResult());
                continue;
            }
            recorded.Add((one, Record(session, one, begun, given, now)));
        }
        if (recorded.Count > 0)
            await session.SaveChangesAsync(CancellationToken.None);
        foreach (var (one, result) in recorded)
        {
            actors.Remember(Caller.From(one.Http.User));
            one.Told.TrySetResult(result);
        }
        foreach (var one in second)
            await Alone(one);
    }

    WrittenAnswer Record(IDocumentSession session, Waiting one, Begun begun, Dictionary<string, IdempotentAnswer> given, DateTimeOffset now)
    {
        session.Events.StartStream<TState>(begun.Id, begun.Decision.Events);
        begun.Beside?.Invoke(session);
        actors.Note(session, Caller.From(one.Http.User));
        var tag = ConditionalRequests.Tag(begun.Decision.Events.Count);
        var body = JsonSerializer.Serialize(begun.Answer!.Body, JsonDefaults.Options);
        if (one.Key is { } key)
        {
            var kept = new IdempotentAnswer(key.Id, key.Fingerprint, begun.Answer.Status, new(body), begun.Answer.Location, tag, now);
            // One that is too old to count gives way.
            if (given.ContainsKey(key.Id))
                session.Store(kept);
            else
                session.Insert(kept);
        }
        return new(begun.Answer.Status, body, begun.Answer.Location, tag, Replayed: false);
    }

    static Problem Busy() =>
        CommonProblems.Contended.With("More came at once than can be recorded. Nothing was recorded; send the request again.") with
        {
            RetryAfterSeconds = 2,
        };
}
