using Microsoft.Extensions.Configuration;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>Where the processes of a service listen: one address, or several with commas between them.</summary>
public static class ServiceAddresses
{
    /// <summary>The addresses of a service.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="service">Its name, as in <c>Services:{Name}:Http</c>.</param>
    /// <param name="kind"><c>Http</c> or <c>Grpc</c>.</param>
    /// <exception cref="InvalidOperationException">None is set, or one is no address.</exception>
    public static Uri[] Of(IConfiguration configuration, string service, string kind)
    {
        var setting = $"Services:{service}:{kind}";
        var addresses = configuration[setting]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException(
                $"{setting} is not set: the address of the {service} service's {(kind is "Grpc" ? "gRPC" : "HTTP")} port."
            );
        return
        [
            .. addresses.Select(a =>
                Uri.TryCreate(a, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                    ? address
                    : throw new InvalidOperationException(
                        $"{setting} has {a}, which is no address such as http://host:8080. Several stand with commas between them."
                    )
            ),
        ];
    }
}
