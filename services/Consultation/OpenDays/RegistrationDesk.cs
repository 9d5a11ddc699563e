using System.Collections.Concurrent;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>
/// Takes registrations, thousands at once. Numbers are given one after the other, in one turn of the database, so that everybody hears at
/// once whether there is a seat, and that is so; but nobody waits for the commit of each before: those who come while others are being
/// written down stand in line, and are written down together in one transaction.
/// </summary>
public sealed class RegistrationDesk(EventWriter writer)
{
    const int MostTogether = 200;

    // One for each open day that somebody registered for since the process began.
    readonly ConcurrentDictionary<Guid, Line> lines = new();

    /// <summary>Registers somebody; the answer tells the seat, or the place among those who wait.</summary>
    /// <param name="day">An open day that there is.</param>
    /// <param name="command">What was asked, which is right in itself.</param>
    /// <param name="caller">Who asked.</param>
    /// <param name="now">When: whoever came in time is not refused for having stood in line.</param>
    /// <param name="http">The request.</param>
    internal async Task<IResult> Register(Guid day, RegisterForOpenDay command, Caller caller, DateTimeOffset now, HttpContext http)
    {
        var line = lines.GetOrAdd(day, _ => new());
        var waiting = new InLine(command, caller.Anybody(), now, http, Receipt.New());
        line.Waiting.Enqueue(waiting);
        await line.Turn.WaitAsync();
        try
        {
            // Whoever had the turn before may have written this one down, too.
            while (!waiting.Answer.Task.IsCompleted)
            {
                var together = new List<InLine>(MostTogether);
                while (together.Count < MostTogether && line.Waiting.TryDequeue(out var next))
                    together.Add(next);
                await WriteDown(day, together);
            }
        }
        finally
        {
            line.Turn.Release();
        }
        return await waiting.Answer.Task;
    }

    async Task WriteDown(Guid day, IReadOnlyList<InLine> together)
    {
        try
        {
            var registered = new (OpenDayRegistration Registration, SeatsTaken Seats, OpenDay Day)?[together.Count];
            var answers = await writer.StartTogether<OpenDayRegistration>(
                [.. together.Select(w => w.Http)],
                async (places, session) =>
                {
                    await session.TakeTurn(day, CancellationToken.None);
                    var open = (await session.LoadAsync<OpenDay>(day))!;
                    var seats = await SeatsTaken.Of(session, open, CancellationToken.None);
                    var decisions = new List<(StreamId, Decision)>();
                    foreach (var place in places)
                    {
                        var (command, by, at, _, receipt) = together[place];
                        var (decision, after) = RegisterForOpenDay.Decide(open, seats, command, receipt, by, at);
                        seats = after;
                        if (decision.Events is [OpenDayRegistered e])
                        {
                            session.Insert(
                                new OpenDayRegistrant(e.RegistrationId, day, new(new(command.Name!.Trim(), command.Contact!.Trim())))
                            );
                            registered[place] = (OpenDayRegistration.Next(null, e)!, seats, open);
                            decisions.Add((e.RegistrationId, decision));
                        }
                        else
                            decisions.Add((Guid.Empty, decision));
                    }
                    return decisions;
                },
                (place, recorded) =>
                {
                    var (registration, seats, open) = registered[place]!.Value;
                    registration.Version = recorded.Version;
                    return new(
                        201,
                        new RegisteredForOpenDay(
                            OpenDayRegistrationView.Of(registration, open, seats, together[place].At),
                            together[place].Receipt
                        ),
                        $"/api/v1/open-days/{day}/registration"
                    );
                }
            );
            foreach (var (waiting, answer) in together.Zip(answers))
                waiting.Answer.SetResult(answer);
        }
        catch (Exception e) when (together.Count == 1)
        {
            together[0].Answer.SetException(e);
        }
        catch
        {
            // One that cannot be written down takes no others with it.
            foreach (var waiting in together)
                await WriteDown(day, [waiting]);
        }
    }

    sealed class Line
    {
        public ConcurrentQueue<InLine> Waiting { get; } = new();

        public SemaphoreSlim Turn { get; } = new(1);
    }

    sealed record InLine(RegisterForOpenDay Command, Actor By, DateTimeOffset At, HttpContext Http, string Receipt)
    {
        public TaskCompletionSource<IResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
