using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.ServiceDefaults;

/// <summary>How JSON looks everywhere: camelCase, enums as camelCase strings, Chinese as it is written.</summary>
public static class JsonDefaults
{
    /// <summary>The options for answers and requests.</summary>
    public static readonly JsonSerializerOptions Options = ReadOnly(Apply(new(JsonSerializerDefaults.Web)));

    // Types can be looked at before anything is read.
    static JsonSerializerOptions ReadOnly(JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>The word for a value, as JSON has it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Puts the platform's settings into <paramref name="options"/>.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = false;
        if (!options.Converters.Any(c => c is JsonStringEnumConverter))
            options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new Wording.Answered());
        return options;
    }
}
