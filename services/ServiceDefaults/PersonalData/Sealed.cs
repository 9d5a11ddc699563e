using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;

namespace PolicyPlatform.ServiceDefaults.PersonalData;

/// <summary>
/// Personal data and secrets in a row that can be erased: whoever reads the database, or a copy of it, does not read these. Never part of
/// an event, a message or a log.
/// </summary>
/// <param name="Value">What is sealed.</param>
public sealed record Sealed<T>(T Value)
{
    /// <summary>Says nothing: what is sealed does not end up in a log by mistake.</summary>
    public override string ToString() => "(sealed)";
}

/// <summary>
/// Seals what is stored, with keys that are kept in a folder apart from the database. A key is renewed every 90 days, and what an older one
/// sealed stays readable.
/// </summary>
public sealed class Seals : JsonConverterFactory
{
    // What does not begin like this was stored before there were seals; it is sealed when it is stored again.
    const string Mark = "sealed:";

    readonly IDataProtector protector,
        messages;
    readonly Lazy<byte[]> lookupKey;

    /// <summary>Opens the folder of the keys, which is made when it is not there.</summary>
    /// <param name="keys">Where the keys are, and what they are wrapped in.</param>
    /// <param name="service">What one service seals another one does not read.</param>
    public Seals(KeyFolder keys, string service)
    {
        var provider = keys.Open();
        protector = provider.CreateProtector(service);
        messages = provider.CreateProtector("messages");
        lookupKey = new(() => Convert.FromBase64String(keys.Secret($"{service}-lookup.key", provider)));
    }

    /// <summary>
    /// Finds the rows of the same value without reading them: the same text gives the same fingerprint, which says nothing without the key.
    /// </summary>
    public string Fingerprint(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(lookupKey.Value, Encoding.UTF8.GetBytes(text)));

    /// <summary>Seals a text in a message, which waits in databases and brokers, so that the service it goes to reads it.</summary>
    public string ForMessage(string text) => Mark + messages.Protect(text);

    /// <summary>Reads what another service sealed in a message; what was sent before there were seals is as it is.</summary>
    public string FromMessage(string text) =>
        text.StartsWith(Mark, StringComparison.Ordinal) ? messages.Unprotect(text[Mark.Length..]) : text;

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Sealed<>);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()), protector)!;

    sealed class Converter<T>(IDataProtector protector) : JsonConverter<Sealed<T>>
    {
        public override Sealed<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(
                reader.TokenType is JsonTokenType.String
                && reader.GetString() is { } text
                && text.StartsWith(Mark, StringComparison.Ordinal)
                    ? JsonSerializer.Deserialize<T>(protector.Unprotect(text[Mark.Length..]), options)!
                    : JsonSerializer.Deserialize<T>(ref reader, options)!
            );

        public override void Write(Utf8JsonWriter writer, Sealed<T> value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Mark + protector.Protect(JsonSerializer.Serialize(value.Value, options)));
    }
}
