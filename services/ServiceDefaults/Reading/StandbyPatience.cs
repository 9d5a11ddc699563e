using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PolicyPlatform.ServiceDefaults.Reading;

/// <summary>
/// For what must not be read any more anywhere once its caller is answered: the public may read from standbys, which are behind. Whoever takes
/// something from the public waits until every standby that is read from has replayed it, or is too far behind to be read from: such calls
/// are rare, and reads of the public are nearly all there is. So a read pays nothing for it: no mark is looked for at each, nothing hidden is
/// asked of the database beside what a standby tells, and no process has to hear of anything from another one.
/// </summary>
/// <param name="longest">After how long nobody reads what was so before.</param>
public sealed class StandbyPatience(TimeSpan longest)
{
    /// <summary>After how long nobody reads what was so before.</summary>
    public TimeSpan Longest => longest;

    /// <summary>How far behind a standby may be that is read from, as it is set.</summary>
    /// <exception cref="InvalidOperationException">The setting is out of its range.</exception>
    public static TimeSpan MostLag(IConfiguration settings) =>
        // A take-down waits for other services' standbys and then for its own, and the gateway gives up after 100 seconds.
        settings.GetValue("Database:ReplicaLagSeconds", 5.0)
            is >= 1
                and <= 40
                and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidOperationException(
                "Database:ReplicaLagSeconds is from 1 to 40: how far behind a replica may be that is read from. A take-down waits twice that."
            );

    /// <summary>Waits until what was written is read everywhere.</summary>
    public Task Wait(CancellationToken cancellation) => longest > TimeSpan.Zero ? Task.Delay(longest, cancellation) : Task.CompletedTask;

    /// <summary>The same, where an answer says that something was written.</summary>
    public Task WaitAfter(object? answer, CancellationToken cancellation) =>
        answer is IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status200OK and < StatusCodes.Status300MultipleChoices }
            ? Wait(cancellation)
            : Task.CompletedTask;
}

/// <summary>Marks a call that takes from the public what everybody could read until then: taken down, withdrawn, erased.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesFromPublicAttribute : Attribute;

/// <summary>Calls that take something from the public.</summary>
public static class TakingFromPublic
{
    /// <summary>
    /// Answers that it is done when nobody reads it any more, from wherever: also where the same was done before and is only answered again,
    /// since whoever sent it the first time may have gone away without waiting.
    /// </summary>
    public static RouteHandlerBuilder TakesFromPublic(this RouteHandlerBuilder call) =>
        call.WithMetadata(new TakesFromPublicAttribute())
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var answer = await next(context);
                    var http = context.HttpContext;
                    await http.RequestServices.GetRequiredService<StandbyPatience>().WaitAfter(answer, http.RequestAborted);
                    return answer;
                }
            );
}
