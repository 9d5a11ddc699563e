using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>The gateway with the settings of one machine, and a certificate whose files are written anew while it runs.</summary>
public sealed class when_a_certificate_is_renewed
{
    [Fact]
    public async Task new_connections_get_it_and_nothing_is_restarted()
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-tls-");
        var first = await Put("first");
        var (https, http) = (FreePort.Next(), FreePort.Next());
        var start = new ProcessStartInfo("dotnet", [Tool.Program("Gateway")]);
        foreach (var (name, value) in when_one_machine_runs_it.Settings("common").Concat(when_one_machine_runs_it.Settings("Gateway")))
            start.Environment[name] = value.Replace("/etc/policyplatform/tls", folder.FullName, StringComparison.Ordinal);
        start.Environment["Kestrel__Endpoints__Https__Url"] = $"https://*:{https.ToString(CultureInfo.InvariantCulture)}";
        start.Environment["Kestrel__Endpoints__Http__Url"] = $"http://127.0.0.1:{http.ToString(CultureInfo.InvariantCulture)}";
        await using (var gateway = new RunningProgram(start))
        {
            Assert.Equal(first, await Eventually(gateway, _ => true));
            var second = await Put("second");
            Assert.NotEqual(first, second);
            Assert.Equal(second, await Eventually(gateway, served => served == second));
            Assert.False(gateway.HasEnded);
        }
        folder.Delete(recursive: true);

        // As certificate-renewed does it: the key, then the chain, each under its name at once.
        async Task<string> Put(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}.example.org", key, HashAlgorithmName.SHA256);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90));
            foreach (
                var (file, text) in new[]
                {
                    ("privkey.pem", key.ExportPkcs8PrivateKeyPem()),
                    ("fullchain.pem", certificate.ExportCertificatePem()),
                }
            )
            {
                var target = Path.Combine(folder.FullName, file);
                await File.WriteAllTextAsync($"{target}.new", text, TestContext.Current.CancellationToken);
                File.Move($"{target}.new", target, overwrite: true);
            }
            return certificate.Thumbprint;
        }

        async Task<string> Eventually(RunningProgram gateway, Func<string, bool> isIt)
        {
            while (true)
            {
                Assert.False(gateway.HasEnded, gateway.Said);
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync("127.0.0.1", https, TestContext.Current.CancellationToken);
                    string? served = null;
                    await using var stream = new SslStream(client.GetStream());
                    var options = new SslClientAuthenticationOptions { TargetHost = "policies.example.org" };
                    options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        served = ((X509Certificate2)certificate!).Thumbprint;
                        return isIt(served);
                    };
                    await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
                    return served!;
                }
                catch (Exception e) when (e is SocketException or System.Security.Authentication.AuthenticationException or IOException)
                {
                    await Task.Delay(100, TestContext.Current.CancellationToken);
                }
            }
        }
    }
}
