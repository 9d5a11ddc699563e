using Microsoft.Extensions.Configuration;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Where the processes of a service listen: one address, several with commas between them, or, of gRPC, a name that all of them are behind, such as
/// that of a headless service of Kubernetes (<c>dns:///documents-headless:8081</c>).
/// </summary>
public static class ServiceAddresses
{
    /// <summary>How often it is asked who is behind a name; it is asked at once where a connection ends.</summary>
    public static readonly TimeSpan LookedUpEvery = TimeSpan.FromSeconds(15);

    const string Name = "dns";

    /// <summary>The addresses of a service.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="service">Its name, as in <c>Services:{Name}:Http</c>.</param>
    /// <param name="kind"><c>Http</c> or <c>Grpc</c>.</param>
    /// <exception cref="InvalidOperationException">None is set, or one is no address.</exception>
    public static Uri[] Of(IConfiguration configuration, string service, string kind)
    {
        var setting = $"Services:{service}:{kind}";
        var given = configuration[setting]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            is { Length: > 0 } some
            ? some
            : throw new InvalidOperationException(
                $"{setting} is not set: the address of the {service} service's {(kind is "Grpc" ? "gRPC" : "HTTP")} port."
            );
        Uri[] addresses =
        [
            .. given.Select(a =>
                Uri.TryCreate(a, UriKind.Absolute, out var address)
                && (address.Scheme is "http" or "https" || BehindName(address) is not null)
                    ? address
                    : throw new InvalidOperationException(
                        $"{setting} has {a}, which is no address such as http://host:8080. Several stand with commas between them."
                    )
            ),
        ];
        if (addresses.Any(a => a.Scheme is Name) && (kind is not "Grpc" || addresses.Length > 1))
            throw new InvalidOperationException(
                $"{setting} has a name that several are behind ({Name}:///…): it stands alone, and for gRPC."
            );
        return addresses;
    }

    /// <summary>What is asked at every process behind a name; null where the address names one itself.</summary>
    public static Uri? BehindName(Uri address) =>
        address is { Scheme: Name, Host: "" }
        && Uri.TryCreate($"http:/{address.AbsolutePath}", UriKind.Absolute, out var name)
        && name is { Host.Length: > 0, AbsolutePath: "/" }
        && !name.IsDefaultPort
            ? name
            : null;
}
