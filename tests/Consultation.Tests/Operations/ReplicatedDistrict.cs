using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>A district whose database has a standby that the public reads from.</summary>
public sealed class ReplicatedDistrict<TLag>(PostgresCluster postgres) : IAsyncLifetime
    where TLag : ILag
{
    /// <summary>The district.</summary>
    public District District { get; } = new(postgres);

    /// <summary>The standby.</summary>
    public PostgresStandby Standby { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Standby = await postgres.Standby();
        District.Settings["Database:ReplicaLagSeconds"] = TLag.Seconds;
        District.Before = database =>
        {
            District.Settings["ConnectionStrings:Replicas"] = $"{Standby.ConnectionString(database)};Timeout=60";
            return Task.CompletedTask;
        };
        await District.InitializeAsync();
        await IsRead(District.Catalog);
    }

    /// <summary>Waits until a service reads from the standby.</summary>
    public Task IsRead(IAlbaHost service) => Ready(service, 1);

    /// <summary>Waits until a service says that it reads from the standby, 1, or does not, 0.</summary>
    public Task Ready(IAlbaHost service, int wanted) =>
        Calls.Eventually(async () =>
            (await service.Get(Tokens.Supervision, "operations/status"))
                .GetProperty("services")[0]
                .GetProperty("numbers")
                .EnumerateArray()
                .Any(n =>
                    n.GetProperty("name").GetString() == "policyplatform.replicas.ready" && n.GetProperty("value").GetDouble() == wanted
                )
                ? true
                : (bool?)null
        );

    public async ValueTask DisposeAsync()
    {
        await District.DisposeAsync();
        await Standby.DisposeAsync();
    }
}

/// <summary>How far behind what is read may be.</summary>
public interface ILag
{
    /// <summary>In seconds.</summary>
    static abstract string Seconds { get; }
}

/// <summary>So far that no machine is too slow.</summary>
public sealed class FarBehind : ILag
{
    public static string Seconds => "40";
}

/// <summary>As little as can be said.</summary>
public sealed class Fresh : ILag
{
    public static string Seconds => "1";
}

/// <summary>As far as where nothing is said.</summary>
public sealed class Usual : ILag
{
    public static string Seconds => "5";
}
