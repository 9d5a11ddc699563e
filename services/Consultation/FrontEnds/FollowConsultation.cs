using System.ComponentModel;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Marten;
using Npgsql;
using PolicyPlatform.Consultation.Analysis;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.FrontEnds;

/// <summary>What happens in a consultation while a page of it is open, as server-sent events (WHATWG HTML, 9.2). Public.</summary>
public sealed class FollowConsultation : IEndpoint
{
    const int Longest = 3600,
        Usual = 900,
        MostComments = 50;

    // Pages hear of what happens within two seconds, and of nothing every fifteen, so that nobody on the way takes the line for dead.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    const int QuietPauses = 15;

    // What was released by another process a moment ago may be committed after what was released later.
    static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/consultations/{id:guid}/events", Get).Produces<string>(200, "text/event-stream").WithName("followConsultation");

    /// <summary>
    /// What happens in a consultation from now on, as server-sent events: <c>counts</c> when they change, and at least every 15 seconds, with the
    /// counts of its page; <c>comment</c> for each comment that is released, as in its list. A browser connects again by itself when it ends.
    /// </summary>
    static async Task<IResult> Get(
        Guid id,
        [Description("For how many seconds, 1 to 3600; 900 when left out.")] int? seconds,
        IDocumentStore store,
        NpgsqlDataSource database,
        LiveLines lines,
        TimeProvider time,
        IHostApplicationLifetime host,
        HttpContext http
    )
    {
        if (new Invalid().If(seconds is < 1 or > Longest, "seconds", "value.outOfRange", $"1 to {Longest} seconds.").Problem is { } problem)
            return problem.ToResult();
        await using (var session = store.QuerySession())
            if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is null)
                return ConsultationSteps.NotFound(id).ToResult();
        if (lines.Open(http) is { } full)
            return full.ToResult();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.ServerSentEvents(
            Events(id, seconds ?? Usual, store, database, time, host.ApplicationStopping, http.RequestAborted)
        );
    }

    static async IAsyncEnumerable<SseItem<object>> Events(
        Guid id,
        int seconds,
        IDocumentStore store,
        NpgsqlDataSource database,
        TimeProvider time,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        // By the machine's clock: it is about this line.
        using var timer = new PeriodicTimer(Pause);
        var began = TimeProvider.System.GetTimestamp();
        // What was released before is in the list already.
        var told = (await Newest(id, time.GetUtcNow() - Overlap, store, cancellation)).ToDictionary(c => c.Id, c => c.Version);
        CommentCounts? before = null;
        // The process that ends closes its lines; a browser opens one to another.
        for (
            var quiet = QuietPauses;
            TimeProvider.System.GetElapsedTime(began).TotalSeconds < seconds && !stopping.IsCancellationRequested;
            quiet++
        )
        {
            // What is taken from the public meanwhile is followed no further.
            await using (var session = store.QuerySession())
                if (await session.Refusal("consultations", id, Caller.Public, cancellation) is not null)
                    yield break;
            var counts = CommentCounts.Of(ConsultationStatistics.Of(id, await CommentTally.Read(database, id, cancellation)));
            if (quiet >= QuietPauses || !counts.IsLike(before))
            {
                yield return new(counts, "counts");
                (before, quiet) = (counts, 0);
            }
            foreach (var comment in await Newest(id, time.GetUtcNow() - Overlap, store, cancellation))
            {
                if (told.GetValueOrDefault(comment.Id) == comment.Version)
                    continue;
                told[comment.Id] = comment.Version;
                yield return new(CommentView.Of(comment, inside: false, null, null), "comment");
            }
            if (!await timer.WaitForNextTickAsync(cancellation))
                yield break;
        }
    }

    // In a flood the newest alone.
    static async Task<IReadOnlyList<Comment>> Newest(Guid id, DateTimeOffset since, IDocumentStore store, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var released = await session
            .Query<Comment>()
            .Where(c => c.ConsultationId == id && c.ShownAt >= since && c.State == CommentState.Shown)
            .OrderByDescending(c => c.ShownAt)
            .Take(MostComments)
            .ToListAsync(cancellation);
        return [.. released.Reverse()];
    }
}

/// <summary>How many pages are followed at once; each asks the database once a second.</summary>
sealed class LiveLines(IConfiguration configuration)
{
    int open;

    /// <summary>Takes one for a request, until that has ended; the problem of one too many.</summary>
    public Problem? Open(HttpContext http)
    {
        var most = configuration.GetValue("Consultation:LiveLines", 500);
        if (Interlocked.Increment(ref open) > most)
        {
            Interlocked.Decrement(ref open);
            return CommonProblems.Unavailable.With(
                "Too many pages are followed at once. Ask for the page again from time to time instead."
            ) with
            {
                RetryAfterSeconds = 30,
            };
        }
        http.Response.OnCompleted(() =>
        {
            Interlocked.Decrement(ref open);
            return Task.CompletedTask;
        });
        return null;
    }
}
