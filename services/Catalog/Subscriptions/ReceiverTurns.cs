using System.Collections.Concurrent;
using System.Diagnostics;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>
/// Lets no slow receiver hold up the others: so many calls of one are under way at once and no more, and what is left over waits about as
/// long as those before it take.
/// </summary>
public sealed class ReceiverTurns
{
    const int MostAtOnce = 4,
        MostKnown = 1000;

    readonly ConcurrentDictionary<Guid, Receiver> receivers = new();

    /// <summary>A turn, which ends when it is disposed of; null, and how long to wait, when all are taken.</summary>
    public IDisposable? Begin(Guid receiver, out TimeSpan wait)
    {
        if (receivers.Count > MostKnown)
            foreach (var (id, idle) in receivers)
                if (idle.IsIdle)
                    receivers.TryRemove(new(id, idle));
        return receivers.GetOrAdd(receiver, _ => new()).Begin(out wait);
    }

    sealed class Receiver
    {
        readonly Lock gate = new();
        int underWay;
        TimeSpan took;
        long next;

        // One that is forgotten is taken for a new one.
        public bool IsIdle
        {
            get
            {
                lock (gate)
                    return underWay == 0 && next < Stopwatch.GetTimestamp();
            }
        }

        public IDisposable? Begin(out TimeSpan wait)
        {
            lock (gate)
            {
                var now = Stopwatch.GetTimestamp();
                if (underWay < MostAtOnce)
                {
                    underWay++;
                    wait = TimeSpan.Zero;
                    return new Turn(this, now);
                }
                // Each that waits comes after the one before it: it is looked at again once or twice, however many there are.
                next = Math.Max(next, now) + (long)(took.TotalSeconds / MostAtOnce * Stopwatch.Frequency);
                wait = TimeSpan.FromSeconds(1) + Stopwatch.GetElapsedTime(now, next);
                return null;
            }
        }

        sealed class Turn(Receiver receiver, long began) : IDisposable
        {
            public void Dispose()
            {
                lock (receiver.gate)
                {
                    receiver.underWay--;
                    receiver.took = Stopwatch.GetElapsedTime(began);
                }
            }
        }
    }
}
