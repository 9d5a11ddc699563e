using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace PolicyPlatform.ServiceDefaults.PersonalData;

/// <summary>
/// Personal data and secrets in a row that can be erased: whoever reads the database, or a copy of it, does not read these. Never part of
/// an event, a message or a log. Where the key is missing, the row is read without it, and stored again as it was.
/// </summary>
public sealed record Sealed<T>
{
    readonly T? value;

    /// <summary>Something to seal.</summary>
    public Sealed(T value) => this.value = value;

    Sealed(T? value, string stored) => (this.value, Stored) = (value, stored);

    /// <summary>What is sealed.</summary>
    /// <exception cref="UnreadableException">Its key is missing.</exception>
    public T Value => IsReadable ? value! : throw new UnreadableException();

    /// <summary>What is sealed; nothing where its key is missing.</summary>
    public T? IfReadable => value;

    /// <summary>Whether its key is there.</summary>
    public bool IsReadable => Stored is null;

    /// <summary>What cannot be read, as it is stored.</summary>
    internal string? Stored { get; }

    internal static Sealed<T> Unreadable(string stored) => new(default, stored);

    /// <summary>Says nothing: what is sealed does not end up in a log by mistake.</summary>
    public override string ToString() => "(sealed)";
}

/// <summary>Something is sealed with a key that is missing, or was damaged, and nothing can be done without it.</summary>
public sealed class UnreadableException()
    : Exception("What is sealed cannot be read: its key is missing in PersonalData:KeyFolder. /health/ready names it.");

/// <summary>
/// Seals what is stored, with keys that are kept in a folder apart from the database. A key is renewed every 90 days, and what an older one
/// sealed stays readable.
/// </summary>
public sealed class Seals : JsonConverterFactory
{
    // What does not begin like this was stored before there were seals; it is sealed when it is stored again.
    const string Mark = "sealed:";

    // Whether a missing key was put back is not asked more often, in milliseconds.
    const long AskedEvery = 2_000;

    readonly KeyFolder folder;
    readonly string service;
    readonly Lazy<byte[]> lookupKey;
    readonly Lock opening = new();
    volatile Ring ring;
    long asked;

    /// <summary>Opens the folder of the keys, which is made when it is not there.</summary>
    /// <param name="keys">Where the keys are, and what they are wrapped in.</param>
    /// <param name="service">What one service seals another one does not read.</param>
    public Seals(KeyFolder keys, string service)
    {
        (folder, this.service) = (keys, service);
        ring = new(folder, service);
        lookupKey = new(() => Convert.FromBase64String(folder.Secret(LookupName, ring.Provider)), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>
    /// The keys that are there, by names that say nothing of them: those that seal, and the one that finds rows.
    /// </summary>
    public IReadOnlySet<string> Keys()
    {
        var keys = Ring.KeysOf(ring.Manager).Select(NameOf).ToHashSet();
        if (LookupKey() is { } lookup)
            keys.Add($"{LookupName} {Convert.ToHexStringLower(SHA256.HashData(lookup))[..12]}");
        return keys;
    }

    // Null where there is none yet, or none that the certificate opens.
    byte[]? LookupKey()
    {
        try
        {
            return lookupKey.IsValueCreated || folder.Has(LookupName) ? lookupKey.Value : null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Finds the rows of the same value without reading them: the same text gives the same fingerprint, which says nothing without the key.
    /// </summary>
    public string Fingerprint(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(lookupKey.Value, Encoding.UTF8.GetBytes(text)));

    /// <summary>Seals a text in a message, which waits in databases and brokers, so that the service it goes to reads it.</summary>
    public string ForMessage(string text) => Mark + ring.Messages.Protect(text);

    /// <summary>Reads what another service sealed in a message; what was sent before there were seals is as it is.</summary>
    /// <exception cref="UnreadableException">Its key is missing.</exception>
    public string FromMessage(string text) =>
        text.StartsWith(Mark, StringComparison.Ordinal) ? Open(text, r => r.Messages) ?? throw new UnreadableException() : text;

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Sealed<>);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()), this)!;

    string LookupName => $"{service}-lookup.key";

    // As the file of the key is called.
    static string NameOf(Guid key) => $"key-{key:D}.xml";

    // Null where the key is missing. One that was put back meanwhile is found.
    string? Open(string text, Func<Ring, IDataProtector> of)
    {
        for (var now = ring; ; now = ring)
            try
            {
                return of(now).Unprotect(text[Mark.Length..]);
            }
            catch (CryptographicException)
            {
                if (!IsPutBack(text, now))
                    return null;
            }
    }

    bool IsPutBack(string text, Ring tried)
    {
        if (KeyOf(text) is not { } key)
            return false;
        lock (opening)
        {
            if (ring != tried)
                return true;
            if (tried.Has(key) || Environment.TickCount64 - asked < AskedEvery)
                return false;
            asked = Environment.TickCount64;
            if (!Ring.KeysOf(tried.Manager).Contains(key))
                return false;
            ring = new(folder, service);
            return true;
        }
    }

    // A sealed text begins with four bytes that are always the same, and the key's id.
    static Guid? KeyOf(string text)
    {
        try
        {
            return new Guid(WebEncoders.Base64UrlDecode(text[Mark.Length..]).AsSpan(4, 16));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }

    sealed class Ring
    {
        readonly HashSet<Guid> keys;

        public Ring(KeyFolder folder, string service)
        {
            var services = new ServiceCollection();
            folder.Open(services);
            var provider = services.BuildServiceProvider();
            Provider = provider.GetRequiredService<IDataProtectionProvider>();
            (Rows, Messages) = (Provider.CreateProtector(service), Provider.CreateProtector("messages"));
            Manager = provider.GetRequiredService<IKeyManager>();
            keys = KeysOf(Manager);
        }

        /// <summary>The keys that are there now; none where one of the files is none of a key, and that is looked at again.</summary>
        public static HashSet<Guid> KeysOf(IKeyManager manager)
        {
            try
            {
                return [.. manager.GetAllKeys().Select(k => k.KeyId)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException or CryptographicException)
            {
                return [];
            }
        }

        public IDataProtectionProvider Provider { get; }

        public IDataProtector Rows { get; }

        public IDataProtector Messages { get; }

        public IKeyManager Manager { get; }

        public bool Has(Guid key) => keys.Contains(key);
    }

    sealed class Converter<T>(Seals seals) : JsonConverter<Sealed<T>>
    {
        public override Sealed<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (
                reader.TokenType is not JsonTokenType.String
                || reader.GetString() is not { } text
                || !text.StartsWith(Mark, StringComparison.Ordinal)
            )
                return new(JsonSerializer.Deserialize<T>(ref reader, options)!);
            return seals.Open(text, r => r.Rows) is { } opened
                ? new(JsonSerializer.Deserialize<T>(opened, options)!)
                : Sealed<T>.Unreadable(text);
        }

        public override void Write(Utf8JsonWriter writer, Sealed<T> value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Stored ?? Mark + seals.ring.Rows.Protect(JsonSerializer.Serialize(value.Value, options)));
    }
}
