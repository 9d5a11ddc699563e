using System.Diagnostics;
using Marten;
using Microsoft.AspNetCore.Http;
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
public sealed class GroupedWriter<TAbout, TState>
    where TAbout : class
    where TState : class
{
    // One is made ready while the other is written.
    const int GroupsAtOnce = 2;

    const int MostTogether = 200,
        MostWaiting = 20_000;

    readonly EventWriter writer;
    readonly ILogger<GroupedWriter<TAbout, TState>> logger;
    readonly Func<IDocumentSession, Guid, Task<TAbout?>>? load;
    readonly Groups<Waiting> groups;

    /// <summary>Writes by the writer of all.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="logger">Hears of those that could not be recorded together.</param>
    /// <param name="load">Loads what they are about; null where it is a document of Marten's.</param>
    public GroupedWriter(
        EventWriter writer,
        ILogger<GroupedWriter<TAbout, TState>> logger,
        Func<IDocumentSession, Guid, Task<TAbout?>>? load = null
    )
    {
        (this.writer, this.logger, this.load) = (writer, logger, load);
        groups = new(GroupsAtOnce, MostTogether, Write);
    }

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
        if (groups.Waiting >= MostWaiting)
            return Task.FromResult(Busy);
        groups.Add(new(http, about, decide, told));
        return told.Task;
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
