namespace PolicyPlatform.Benchmarks;

/// <summary>A platform's place among the two.</summary>
sealed record Side(Turns Turns, bool IsNow);

/// <summary>
/// Two platforms on one machine, of which one is loaded at a time: what the machine does meanwhile happens to both. Each pair of rounds gives
/// a ratio; how far these lie apart says how much they are worth.
/// </summary>
/// <param name="rounds">How many pairs.</param>
sealed class Turns(int rounds)
{
    readonly Lock one = new();
    Waiting? waiting;
    Exception? failed;

    sealed record Waiting(string Name, Side Side, Measuring Measuring, TaskCompletionSource<Result> Told);

    /// <summary>The place of this commit's platform.</summary>
    public Side Now => new(this, true);

    /// <summary>The place of the other's.</summary>
    public Side Before => new(this, false);

    /// <summary>Waits until both are there for the same measurement, and measures them in turns.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="side">Whose platform.</param>
    /// <param name="measuring">What is measured of it.</param>
    public async Task<Result> Take(string name, Side side, Measuring measuring)
    {
        Waiting? other;
        var mine = new Waiting(name, side, measuring, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (one)
        {
            if (failed is not null)
                throw new InvalidOperationException("The other platform could not be measured.", failed);
            other = waiting;
            waiting = other is null ? mine : null;
        }
        if (other is null)
            return await mine.Told.Task;
        try
        {
            if (other.Name != name)
                throw new InvalidOperationException($"One is to be measured by \"{name}\", the other by \"{other.Name}\".");
            var (now, before) = side.IsNow ? (mine, other) : (other, mine);
            await before.Measuring.Warm();
            await now.Measuring.Warm();
            var (ofNow, ofBefore) = (new List<Round>(), new List<Round>());
            for (var n = 0; n < rounds; n++)
                // Whoever is second has the warmer machine.
                if (n % 2 == 0)
                {
                    ofBefore.Add(await before.Measuring.Round());
                    ofNow.Add(await now.Measuring.Round());
                }
                else
                {
                    ofNow.Add(await now.Measuring.Round());
                    ofBefore.Add(await before.Measuring.Round());
                }
            var beside = new Result(name, ofBefore) { IsBeside = true };
            var result = new Result(name, ofNow) { Against = beside };
            other.Told.SetResult(other == now ? result : beside);
            return mine == now ? result : beside;
        }
        catch (Exception e)
        {
            other.Told.TrySetException(e);
            throw;
        }
    }

    /// <summary>One of both cannot go on.</summary>
    public void Fail(Exception why)
    {
        lock (one)
        {
            failed = why;
            waiting?.Told.TrySetException(why);
            waiting = null;
        }
    }
}
