using System.Collections.Concurrent;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>
/// Takes together what arrives while the group before is worked on. Nobody waits for a timer: what comes alone is a group of one, at once.
/// </summary>
/// <param name="atOnce">How many groups are worked on at once; with more of them they are smaller.</param>
/// <param name="most">The most that are in one group.</param>
/// <param name="work">Works on a group, in the order of arrival. It does not throw: whoever waits is told by it.</param>
sealed class Groups<T>(int atOnce, int most, Func<IReadOnlyList<T>, Task> work)
{
    readonly ConcurrentQueue<T> waiting = new();
    int working;

    /// <summary>How many wait to be in a group.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Lets one be in the next group.</summary>
    public void Add(T one)
    {
        waiting.Enqueue(one);
        Begin();
    }

    void Begin()
    {
        for (var now = Volatile.Read(ref working); now < atOnce; now = Volatile.Read(ref working))
            if (Interlocked.CompareExchange(ref working, now + 1, now) == now)
            {
                // What is done for many belongs to none of their requests.
                ThreadPool.UnsafeQueueUserWorkItem(static groups => _ = groups.Work(), this, preferLocal: false);
                return;
            }
    }

    async Task Work()
    {
        try
        {
            while (Next() is { Count: > 0 } group)
                await work(group);
        }
        finally
        {
            Interlocked.Decrement(ref working);
            // Whoever came after the last look found this one still at work.
            if (!waiting.IsEmpty)
                Begin();
        }
    }

    List<T> Next()
    {
        var group = new List<T>();
        while (group.Count < most && waiting.TryDequeue(out var one))
            group.Add(one);
        return group;
    }
}
