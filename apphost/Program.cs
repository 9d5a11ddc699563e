using System.Runtime.InteropServices;
using PolicyPlatform.AppHost;

return await Options.Parse(
    args,
    async options =>
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        _ = StarterWatch.StopWhenGone(stop);
        await using var platform = new Platform(options);
        try
        {
            await platform.Run(stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.WriteLine("  stopping …");
            return 0;
        }
        catch (StartException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
);
