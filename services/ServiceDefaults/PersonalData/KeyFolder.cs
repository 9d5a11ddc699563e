using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PolicyPlatform.ServiceDefaults.PersonalData;

/// <summary>
/// The folder of the keys of personal data (<c>PersonalData:KeyFolder</c>). With <c>PersonalData:Certificate</c> new keys are wrapped in it, so
/// that the folder alone opens nothing; what <c>PersonalData:EarlierCertificates</c> wrapped is still read, so that a certificate is replaced
/// while everything runs. With <c>PersonalData:MakeKeys=false</c> the folder is only read: a mounted secret.
/// </summary>
public sealed class KeyFolder
{
    // What does not begin like this was kept before there was a certificate.
    const string Wrapped = "wrapped:";

    readonly string folder;
    readonly bool makes;
    readonly X509Certificate2? certificate;
    readonly X509Certificate2[] earlier;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">One is missing, or names a file that is no certificate with its key.</exception>
    public KeyFolder(IConfiguration configuration)
    {
        folder =
            configuration["PersonalData:KeyFolder"]
            ?? throw new InvalidOperationException(
                "PersonalData:KeyFolder is not set: the folder of the keys that personal data is sealed with, kept apart from the database."
            );
        makes = configuration.GetValue("PersonalData:MakeKeys", true);
        certificate = configuration["PersonalData:Certificate"] is { Length: > 0 } file ? Load("PersonalData:Certificate", file) : null;
        earlier =
        [
            .. configuration
                .GetSection("PersonalData:EarlierCertificates")
                .GetChildren()
                .Where(c => !string.IsNullOrEmpty(c.Value))
                .Select(c => Load(c.Path, c.Value!)),
        ];
    }

    /// <summary>Adds what seals and opens with the keys of the folder, which is made when it is not there.</summary>
    internal void Open(IServiceCollection services)
    {
        if (makes)
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var keys = services.AddDataProtection().PersistKeysToFileSystem(new(folder)).SetApplicationName("policyplatform");
        if (!makes)
            keys.DisableAutomaticKeyGeneration();
        if (certificate is not null)
            keys.ProtectKeysWithCertificate(certificate);
        if (earlier.Length > 0)
            keys.UnprotectKeysWithAnyCertificate(certificate is null ? earlier : [certificate, .. earlier]);
    }

    /// <summary>Whether something of this name is kept beside the keys.</summary>
    internal bool Has(string name) => File.Exists(Path.Combine(folder, name));

    /// <summary>A secret of 32 bytes in Base64 that is kept beside the keys, and made by the first who needs it.</summary>
    internal string Secret(string name, IDataProtectionProvider provider)
    {
        var file = Path.Combine(folder, name);
        if (!makes && !Has(name))
            throw new InvalidOperationException(
                $"{file} is not there, and PersonalData:MakeKeys is false: put the file into the folder, or let one process make it."
            );
        var wrapping = provider.CreateProtector("secrets", name);
        var kept = SecretFile.ReadOrCreate(
            file,
            () =>
            {
                var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
                return certificate is null ? secret : Wrapped + wrapping.Protect(secret);
            }
        );
        return kept.StartsWith(Wrapped, StringComparison.Ordinal) ? wrapping.Unprotect(kept[Wrapped.Length..]) : kept;
    }

    static X509Certificate2 Load(string setting, string file)
    {
        try
        {
            // One PEM file with the certificate and its key, or PKCS #12 without a password, as cert-manager and others mount them.
            var loaded = file.EndsWith(".pem", StringComparison.OrdinalIgnoreCase)
                ? X509Certificate2.CreateFromPemFile(file)
                : X509CertificateLoader.LoadPkcs12FromFile(file, null);
            if (loaded.HasPrivateKey)
                return loaded;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"{setting} names {file}, which cannot be read as a certificate with its key: {e.Message}",
                e
            );
        }
        throw new InvalidOperationException($"{setting} names {file}, which has no private key. Put the key into the same file.");
    }
}
