using System.Runtime.InteropServices;
using PolicyPlatform.AppHost;

return await Options.Parse(
    args,
    async options =>
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        // What nobody waited for must not end what is looked after.
        TaskScheduler.UnobservedTaskException += (_, e) =>
        {
            Voice.Say($"Something went wrong on the side ({e.Exception.InnerException?.Message ?? e.Exception.Message}); going on.");
            e.SetObserved();
        };
        _ = StarterWatch.StopWhenGone(stop);
        await using var platform = new Platform(options);
        try
        {
            await platform.Run(stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Voice.Say("stopping …");
            return 0;
        }
        catch (StartException problem)
        {
            Voice.Complain(problem.Message);
            return 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Voice.Complain(
                $"The platform cannot be started in {options.Data} ({e.Message}): make room there, or choose another folder with --data."
            );
            return 1;
        }
        finally
        {
            Voice.Finish();
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
);
