using System.Globalization;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Setup">How the platform has to be for it.</param>
/// <param name="Inject">Does it once and sets right what has to be set right by hand; says what it did, null where it found nothing to do it to.</param>
/// <param name="Times">How often in a round.</param>
sealed record Kind(string Name, Setup Setup, Func<Scene, Random, Task<string?>> Inject, int Times = 3)
{
    static readonly string[] Services = ["Catalog", "Documents", "Interpretation", "Consultation"];

    /// <summary>What needs a folder of limited size, which only root can make; left out where no kind is named.</summary>
    public const string DiskFull = "disk-full";

    /// <summary>What needs a broker.</summary>
    public const string KillBroker = "kill-broker";

    /// <summary>What needs libfaketime.</summary>
    public const string ClockJump = "clock-jump";

    /// <summary>All of them.</summary>
    public static readonly Kind[] All =
    [
        new("kill-service", Setup.Whole, (scene, random) => Kill(scene, random, Services)),
        new("stop-service", Setup.Whole, (scene, random) => Pause(scene, random, Services), 2),
        new("kill-gateway", Setup.Whole, (scene, random) => Kill(scene, random, "Gateway"), 2),
        new("stop-gateway", Setup.Whole, (scene, random) => Pause(scene, random, "Gateway"), 2),
        new("kill-apphost", Setup.Whole, KillAppHost, 1),
        new("stop-apphost", Setup.Whole, StopAppHost, 1),
        new("kill-backend", Setup.Whole, KillBackends(one: true)),
        new("kill-backends", Setup.Whole, KillBackends(one: false), 2),
        new("kill-postmaster", Setup.Whole, KillPostmaster, 2),
        new("stop-postmaster", Setup.Whole, StopDatabase, 1),
        new("end-connections", Setup.Whole, EndConnections, 5),
        new(DiskFull, Setup.Whole, FillDisk, 1),
        new(KillBroker, Setup.Whole, RestartBroker, 2),
        new("slow-network", Setup.Networked, Network(NetworkState.Slow)),
        new("cut-network", Setup.Networked, Network(NetworkState.Cut), 4),
        new("half-open-network", Setup.Networked, Network(NetworkState.HalfOpen), 2),
        new(ClockJump, Setup.Clocked, SetClock, 2),
    ];

    static T One<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    static async Task<string?> Kill(Scene scene, Random random, params string[] services)
    {
        var service = One(random, services);
        if (Processes(scene, service) is not { Length: > 0 } processes)
            return null;
        await RunningProgram.Signal("KILL", One(random, processes));
        return $"{service} killed";
    }

    static async Task<string?> Pause(Scene scene, Random random, params string[] services)
    {
        var (service, seconds) = (One(random, services), random.Next(2, 9));
        if (Processes(scene, service) is not { Length: > 0 } processes)
            return null;
        await Hold(One(random, processes), TimeSpan.FromSeconds(seconds));
        return $"{service} stopped for {seconds} s";
    }

    static async Task Hold(int process, TimeSpan time)
    {
        await RunningProgram.Signal("STOP", process);
        try
        {
            await Task.Delay(time);
        }
        finally
        {
            await RunningProgram.Signal("CONT", process);
        }
    }

    // A process that has just ended cannot be read.
    static int[] Processes(Scene scene, string service)
    {
        try
        {
            return scene.Platform.ServiceProcesses(service);
        }
        catch (IOException)
        {
            return [];
        }
    }

    static async Task<string?> KillAppHost(Scene scene, Random random)
    {
        await scene.KillAppHost();
        return "apphost killed and started again";
    }

    // Whoever dies meanwhile is started again when it wakes.
    static async Task<string?> StopAppHost(Scene scene, Random random)
    {
        var held = Hold(scene.Platform.AppHostProcess, TimeSpan.FromSeconds(random.Next(2, 9)));
        var killed = await Kill(scene, random, Services);
        await held;
        return $"apphost stopped, {killed} meanwhile";
    }

    static Func<Scene, Random, Task<string?>> KillBackends(bool one) =>
        async (scene, random) =>
        {
            if (await Backends(scene) is not { Count: > 0 } backends)
                return null;
            var victims = one ? [One(random, backends)] : backends;
            foreach (var backend in victims)
                await RunningProgram.Signal("KILL", backend);
            return $"{victims.Count} backends killed";
        };

    static async Task<IReadOnlyList<int>> Backends(Scene scene)
    {
        try
        {
            return
            [
                .. (
                    await scene.Platform.Query(
                        "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid"
                    )
                ).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)),
            ];
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or IOException)
        {
            return []; // It is starting.
        }
    }

    static async Task<string?> KillPostmaster(Scene scene, Random random)
    {
        if (Postmaster(scene) is not { } process)
            return null;
        await RunningProgram.Signal("KILL", process);
        return "postmaster killed";
    }

    // Connections stay, and nobody answers on them.
    static async Task<string?> StopDatabase(Scene scene, Random random)
    {
        if (Postmaster(scene) is not { } process)
            return null;
        var held = new[] { process }.Concat(await Backends(scene)).Select(p => Hold(p, TimeSpan.FromSeconds(5))).ToArray();
        await Task.WhenAll(held);
        return $"postmaster and {held.Length - 1} backends stopped for 5 s";
    }

    static int? Postmaster(Scene scene)
    {
        try
        {
            return scene.Platform.Postmaster;
        }
        catch (IOException)
        {
            return null; // It is starting.
        }
    }

    static async Task<string?> EndConnections(Scene scene, Random random)
    {
        await scene.Platform.EndConnections();
        return "connections ended";
    }

    static async Task<string?> FillDisk(Scene scene, Random random)
    {
        var file = Path.Combine(scene.Data, "filled");
        var seconds = random.Next(5, 20);
        try
        {
            var block = new byte[1 << 20];
            await using var filling = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                filling.Write(block);
        }
        catch (IOException)
        {
            // There is no room left.
        }
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        File.Delete(file);
        return $"disk full for {seconds} s";
    }

    static async Task<string?> RestartBroker(Scene scene, Random random)
    {
        await scene.Broker!.Kill();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(1, 6)));
        await scene.Broker.StartAgain();
        return "broker killed and started again";
    }

    // Once it jumps away and once back: ahead as after a machine that slept, behind as a clock that is put right.
    static async Task<string?> SetClock(Scene scene, Random random)
    {
        var (ahead, seconds) = (TimeSpan.FromMinutes(random.Next(-10, 21)), random.Next(3, 10));
        await scene.SetClock(ahead);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await scene.SetClock(TimeSpan.Zero);
        return string.Create(CultureInfo.InvariantCulture, $"clock {ahead.TotalMinutes:+0;-0;0} min for {seconds} s");
    }

    static Func<Scene, Random, Task<string?>> Network(NetworkState state) =>
        async (scene, random) =>
        {
            var (name, network) = One(random, [.. scene.Networks.OrderBy(n => n.Key, StringComparer.Ordinal)]);
            // Everything goes to the database, which is only one of many ways: every other time it is that one.
            if (random.Next(2) == 0)
                (name, network) = ("database", scene.Networks["database"]);
            var seconds = state is NetworkState.Cut ? random.Next(1, 4) : random.Next(3, 12);
            network.State = state;
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            network.State = NetworkState.Whole;
            return $"the way to {name} {state} for {seconds} s";
        };
}
