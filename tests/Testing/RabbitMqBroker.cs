using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PolicyPlatform.AppHost.Processes;

namespace PolicyPlatform.Testing;

/// <summary>A RabbitMQ of one's own on ports of this machine that can be killed and started again.</summary>
public sealed class RabbitMqBroker : IAsyncDisposable
{
    static readonly string? Program = Directory.Exists("/usr/lib/rabbitmq/lib")
        ? Directory.EnumerateFiles("/usr/lib/rabbitmq/lib", "rabbitmq-server", SearchOption.AllDirectories).FirstOrDefault()
        : null;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("policyplatform-rabbitmq-");
    readonly int port = FreePort.Next(3);
    Process? process;

    /// <summary>Whether there is one to start.</summary>
    public static bool IsInstalled => Program is not null;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{port}");

    public static async Task<RabbitMqBroker> Start()
    {
        var broker = new RabbitMqBroker();
        await broker.StartAgain();
        return broker;
    }

    /// <summary>Starts it on what it kept, and waits until it takes connections.</summary>
    public async Task StartAgain()
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var (name, value) in new (string, object)[]
            {
                ("RABBITMQ_NODENAME", $"policyplatform{port}@localhost"),
                ("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                ("RABBITMQ_NODE_PORT", port),
                ("RABBITMQ_DIST_PORT", port + 1),
                ("ERL_EPMD_PORT", port + 2),
                ("ERL_EPMD_ADDRESS", "127.0.0.1"),
                ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
                ("RABBITMQ_CONFIG_FILE", Path.Combine(folder.FullName, "none")),
                ("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(folder.FullName, "plugins")),
                ("RABBITMQ_MNESIA_BASE", Path.Combine(folder.FullName, "data")),
                ("RABBITMQ_LOG_BASE", Path.Combine(folder.FullName, "log")),
                ("HOME", folder.FullName),
            }
        )
            start.Environment[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (!await Answers())
        {
            if (process.HasExited)
                throw new InvalidOperationException($"RabbitMQ did not start: {await said}");
            await Task.Delay(100);
        }
    }

    // It greets whoever speaks its protocol once it is up.
    async Task<bool> Answers()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray());
            return await client.GetStream().ReadAsync(new byte[1]) == 1;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task Kill()
    {
        process!.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
            await Kill();
        process?.Dispose();
        // Its port mapper outlives it.
        var end = new ProcessStartInfo("epmd", ["-port", (port + 2).ToString(CultureInfo.InvariantCulture), "-kill"])
        {
            RedirectStandardOutput = true,
        };
        using (var mapper = Process.Start(end)!)
            await mapper.WaitForExitAsync();
        folder.Delete(recursive: true);
    }
}
