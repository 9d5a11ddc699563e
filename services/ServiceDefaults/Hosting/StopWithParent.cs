using Microsoft.Extensions.Hosting;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Stops a service when its standard input ends. Whoever started it holds the other end, so a parent that is killed, even by SIGKILL, takes
/// its services along and leaves no port taken. Switched on by <c>Hosting:StopWithParent</c>.
/// </summary>
public sealed class StopWithParent(IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A blocking read in a thread of its own: reads of a pipe do not take a cancellation.
        var watch = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> ignored = stackalloc byte[64];
            while (input.Read(ignored) > 0) { }
            lifetime.StopApplication();
        })
        {
            IsBackground = true,
            Name = "stop with parent",
        };
        watch.Start();
        return Task.CompletedTask;
    }
}
