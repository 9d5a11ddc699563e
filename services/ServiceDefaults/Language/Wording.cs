using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolicyPlatform.ServiceDefaults.Language;

/// <summary>
/// A sentence for people that is told in the language of whoever reads it. It is written in English where it is said, as an interpolated
/// string or a literal; the English words, with <c>{0}</c> for what stands in them, are the name under which a language's file has its own.
/// </summary>
[InterpolatedStringHandler]
public sealed class Wording : IEquatable<Wording>
{
    // As it was written, where nothing stands in it: most checks find nothing wrong, and theirs is never told.
    readonly string? literal;
    readonly StringBuilder? pattern;
    readonly List<object>? parts;

    /// <summary>For the compiler, which makes an interpolated string by it.</summary>
    public Wording(int literalLength, int formattedCount)
    {
        pattern = new(literalLength + 3 * formattedCount);
        parts = new(formattedCount);
    }

    Wording(string literal) => this.literal = literal;

    Wording(string pattern, List<object> parts)
    {
        this.pattern = new(pattern);
        this.parts = parts;
    }

    /// <summary>What other languages know it by.</summary>
    public string Pattern => literal is null ? $"{pattern}" : Escaped(literal);

    /// <summary>For the compiler: words of the sentence.</summary>
    public void AppendLiteral(string words) => pattern!.Append(Escaped(words));

    static string Escaped(string words) => words.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    /// <summary>For the compiler: what stands in the sentence. Of a sentence in the sentence the language is chosen with it.</summary>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>For the compiler: what stands in the sentence, written in a form.</summary>
    public void AppendFormatted<T>(T value, string? format)
    {
        pattern!.Append(CultureInfo.InvariantCulture, $"{{{parts!.Count}}}");
        parts.Add(
            value switch
            {
                Wording sentence => sentence,
                IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
                _ => value?.ToString() ?? "",
            }
        );
    }

    /// <summary>A sentence without anything in it. A literal: what is put together at run time is <see cref="Verbatim"/>.</summary>
    public static implicit operator Wording(string words) => Known(words);

    /// <summary>A sentence without anything in it that is said elsewhere.</summary>
    /// <param name="words">Its English words.</param>
    public static Wording Known(string words) => new(words);

    /// <summary>What others said, in whatever language they did.</summary>
    public static Wording Verbatim(string words)
    {
        var wording = new Wording(0, 1);
        wording.AppendFormatted(words);
        return wording;
    }

    /// <summary>Sentences one after the other.</summary>
    public static Wording Together(IEnumerable<Wording> sentences)
    {
        List<object> all = [.. sentences];
        return new(string.Join(' ', all.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{{{i}}}"))), all);
    }

    /// <summary>The sentence in the language of the request that is being answered.</summary>
    public string Told => In(CultureInfo.CurrentUICulture);

    /// <summary>The sentence in a language; in English where that language has no words for it.</summary>
    public string In(CultureInfo language) =>
        string.Format(
            CultureInfo.InvariantCulture,
            Languages.Pattern(Pattern, language) ?? Pattern,
            [.. (parts ?? []).Select(p => p is Wording sentence ? sentence.In(language) : p)]
        );

    /// <summary>The sentence in English.</summary>
    public override string ToString() => In(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool Equals(Wording? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Wording);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>As an answer has it: the sentence in the reader's language.</summary>
    internal sealed class Answered : JsonConverter<Wording>
    {
        public override Wording? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } words ? Verbatim(words) : null;

        public override void Write(Utf8JsonWriter writer, Wording value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Told);
    }

    /// <summary>As a row has it: pattern and parts, so that each reader reads it in another language. A plain text stays as it is.</summary>
    internal sealed class Stored : JsonConverter<Wording>
    {
        public override Wording? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var json = JsonDocument.ParseValue(ref reader);
            return Of(json.RootElement);
        }

        static Wording Of(JsonElement json) =>
            json.ValueKind is JsonValueKind.String
                ? Verbatim(json.GetString()!)
                : new(
                    json.GetProperty("pattern").GetString()!,
                    [
                        .. json.GetProperty("parts")
                            .EnumerateArray()
                            .Select(p => p.ValueKind is JsonValueKind.String ? p.GetString()! : (object)Of(p)),
                    ]
                );

        public override void Write(Utf8JsonWriter writer, Wording value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("pattern", value.Pattern);
            writer.WriteStartArray("parts");
            foreach (var part in value.parts ?? [])
                if (part is Wording sentence)
                    Write(writer, sentence, options);
                else
                    writer.WriteStringValue((string)part);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }
}
