using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using PolicyPlatform.ServiceDefaults.PersonalData;

namespace PolicyPlatform.Documents.Tests.Operations;

public sealed class when_keys_of_personal_data_are_kept : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("policyplatform-keys-");

    string Keys => Path.Combine(folder.FullName, "keys");

    [Fact]
    public void a_copy_of_the_folder_opens_nothing_without_the_certificate()
    {
        var certificate = Certificate("first");
        var stored = Seal(("Certificate", certificate));
        Assert.Equal(("张三", stored.Fingerprint), Open(stored, ("Certificate", certificate)));
        // Neither the keys nor what finds a mailbox stand there as they are.
        foreach (var file in Directory.GetFiles(Keys, "key-*.xml"))
            Assert.Contains("<EncryptedData", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.StartsWith("wrapped:", File.ReadAllText(Path.Combine(Keys, "catalog-lookup.key")), StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => Open(stored));
        Assert.ThrowsAny<Exception>(() => Open(stored, ("Certificate", Certificate("another"))));
    }

    [Fact]
    public void a_certificate_is_replaced_while_what_the_one_before_wrapped_is_still_read()
    {
        var (first, second) = (Certificate("first"), Certificate("second"));
        var stored = Seal(("Certificate", first));
        Assert.Equal(("张三", stored.Fingerprint), Open(stored, ("Certificate", second), ("EarlierCertificates:0", first)));
    }

    [Fact]
    public void what_was_kept_before_there_was_a_certificate_is_read_with_one()
    {
        var stored = Seal();
        Assert.Equal(("张三", stored.Fingerprint), Open(stored, ("Certificate", Certificate("first"))));
    }

    [Fact]
    public void a_mounted_secret_is_read_and_never_written()
    {
        var stored = Seal();
        var before = Directory.GetFiles(Keys).Order().ToArray();
        Assert.Equal(("张三", stored.Fingerprint), Open(stored, ("MakeKeys", "false")));
        Seal(("MakeKeys", "false"));
        Assert.Equal(before, Directory.GetFiles(Keys).Order());

        File.Delete(Path.Combine(Keys, "catalog-lookup.key"));
        Assert.Contains(
            "catalog-lookup.key is not there",
            Assert.Throws<InvalidOperationException>(() => Open(stored, ("MakeKeys", "false"))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("nothing.pem", "cannot be read")]
    [InlineData("no-key.pem", "cannot be read")]
    [InlineData("text.pfx", "cannot be read")]
    public void a_file_that_is_no_certificate_with_its_key_is_named(string name, string why)
    {
        var file = Path.Combine(folder.FullName, name);
        if (name is "no-key.pem")
            File.WriteAllText(file, X509CertificateLoader.LoadPkcs12FromFile(Certificate("first"), null).ExportCertificatePem());
        else if (name is "text.pfx")
            File.WriteAllText(file, "text");
        var refused = Assert.Throws<InvalidOperationException>(() => Seal(("Certificate", file)));
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    (string Row, string Fingerprint) Seal(params (string Name, string Value)[] settings)
    {
        var seals = Seals(settings);
        return (JsonSerializer.Serialize(new Sealed<string>("张三"), Options(seals)), seals.Fingerprint("张三"));
    }

    (string Name, string Fingerprint) Open((string Row, string) stored, params (string Name, string Value)[] settings)
    {
        var seals = Seals(settings);
        return (JsonSerializer.Deserialize<Sealed<string>>(stored.Row, Options(seals))!.Value, seals.Fingerprint("张三"));
    }

    Seals Seals((string Name, string Value)[] settings) =>
        new(
            new(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        settings.Append(("KeyFolder", Keys)).Select(s => KeyValuePair.Create($"PersonalData:{s.Item1}", (string?)s.Item2))
                    )
                    .Build()
            ),
            "catalog"
        );

    static JsonSerializerOptions Options(Seals seals) => new() { Converters = { seals } };

    string Certificate(string name)
    {
        var file = Path.Combine(folder.FullName, $"{name}.pfx");
        if (File.Exists(file))
            return file;
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        File.WriteAllBytes(file, made.Export(X509ContentType.Pkcs12));
        return file;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
