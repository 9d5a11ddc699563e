using System.Diagnostics;
using System.Threading.Channels;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Hosting;
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
/// <typeparam name="TAbout">
/// What they are about: loaded once for all that are recorded together. Where a way to load it is registered, it can take a turn of the
/// database, and what is decided on it for one can go on from what was decided for those before.
/// </typeparam>
/// <typeparam name="TState">What a stream is made into.</typeparam>
public sealed class GroupedWriter<TAbout, TState>(
    EventWriter writer,
    ILogger<GroupedWriter<TAbout, TState>> logger,
    Func<IDocumentSession, Guid, Task<TAbout?>>? load = null
) : BackgroundService
    where TAbout : class
    where TState : class
{
    // Two commit in turn, so that one is made ready while the other is written; more would make smaller groups.
    const int Committers = 2;

    const int MostTogether = 200,
        MostWaiting = 20_000;

    readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(MostWaiting);

    sealed record Waiting(HttpContext Http, Guid About, Func<TAbout?, Begun> Decide, TaskCompletionSource<IResult> Told)
    {
        public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;
    }

    /// <summary>Records a new stream with whatever else arrives.</summary>
    /// <param name="http">The request; its idempotency key is honoured.</param>
    /// <param name="about">What it is about.</param>
    /// <param name="decide">Decides on the state of that, which is null where there is none; can be asked again.</param>
    public Task<IResult> Start(HttpContext http, Guid about, Func<TAbout?, Begun> decide)
    {
        // What is told runs on the thread of the request, not of the one that commits for all.
        var told = new TaskCompletionSource<IResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return waiting.Writer.TryWrite(new(http, about, decide, told)) ? told.Task : Task.FromResult(Busy);
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
            left.Told.TrySetResult(Busy);
    }

    async Task Commit(CancellationToken stopping)
    {
        while (await waiting.Reader.WaitToReadAsync(stopping))
        {
            var together = new List<Waiting>();
            while (together.Count < MostTogether && waiting.Reader.TryRead(out var next))
                together.Add(next);
            if (together.Count > 0)
                await Write(together);
        }
    }

    async Task Write(IReadOnlyList<Waiting> together)
    {
        using var work = Telemetry.BeginTogether("record together", together.Select(w => w.Trace));
        try
        {
            var begun = new Begun[together.Count];
            var answers = await writer.StartTogether<TState>(
                [.. together.Select(w => w.Http)],
                async (places, session) =>
                {
                    var abouts = new Dictionary<Guid, TAbout?>();
                    // In one order: where they are taken turns at, no two wait for each other crosswise.
                    foreach (var about in places.Select(n => together[n].About).Distinct().Order())
                        abouts[about] = load is null ? await session.LoadAsync<TAbout>(about) : await load(session, about);
                    foreach (var n in places)
                    {
                        begun[n] = together[n].Decide(abouts[together[n].About]);
                        begun[n].Beside?.Invoke(session);
                    }
                    return [.. places.Select(n => ((StreamId)begun[n].Id, begun[n].Decision))];
                },
                (n, _) => begun[n].Answer!
            );
            foreach (var (one, answer) in together.Zip(answers))
                one.Told.TrySetResult(answer);
        }
        catch (Exception e) when (together.Count > 1 && !Faults.IsTemporary(e))
        {
            logger.LogDebug(e, "{Count} could not be recorded together", together.Count);
            foreach (var one in together)
                await Write([one]);
        }
        catch (Exception e)
        {
            foreach (var one in together)
                one.Told.TrySetException(e);
        }
    }

    static IResult Busy =>
        (
            CommonProblems.Contended.With("More came at once than can be recorded. Nothing was recorded; send the request again.") with
            {
                RetryAfterSeconds = 2,
            }
        ).ToResult();
}
