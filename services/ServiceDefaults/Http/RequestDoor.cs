using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>
/// The one door that every request comes through before it is bound: what no endpoint knows is refused with the nearest name that it knows,
/// so that a typing error
/// never has another effect than the caller meant; nulls in lists, nil UUIDs and instants without an offset are refused; empty parameters are none;
/// every charset is read or refused.
/// All that is wrong is told at once.
/// </summary>
public static class RequestDoor
{
    // For a body that says it is longer no more room than this is made before it comes.
    const int ExpectedAtOnce = 256 * 1024;

    /// <summary>Looks at every request for an endpoint.</summary>
    internal static void Guard(IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        app.Use(
            async (http, next) =>
            {
                if (http.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<IParameterBindingMetadata>() is not null)
                {
                    var invalid = new Invalid();
                    Query(http.Request, endpoint, invalid);
                    // A file is what it is, whatever it is called.
                    if (
                        endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType != typeof(byte[])
                        && IsJson(http.Request, out var type)
                    )
                    {
                        if (Charset(http.Request, type) is { } refused)
                        {
                            await refused.ToResult().ExecuteAsync(http);
                            return;
                        }
                        if (
                            endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } body
                            && await Body(http, body, options, invalid) is { } unreadable
                        )
                        {
                            await unreadable.ToResult().ExecuteAsync(http);
                            return;
                        }
                    }
                    if (invalid.Problem is { } problem)
                    {
                        await problem.ToResult().ExecuteAsync(http);
                        return;
                    }
                }
                await next(http);
            }
        );
    }

    static void Query(HttpRequest request, RouteEndpoint endpoint, Invalid invalid)
    {
        if (!request.QueryString.HasValue)
            return;
        var known = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>())
        {
            var type = parameter.ParameterInfo.ParameterType;
            if (
                parameter.HasBindAsync
                || !(parameter.HasTryParse || type == typeof(string) || type == typeof(StringValues))
                || endpoint.RoutePattern.GetParameter(parameter.Name) is not null
            )
                continue;
            known[parameter.Name] = Nullable.GetUnderlyingType(type) ?? type;
        }
        foreach (var name in endpoint.Metadata.GetOrderedMetadata<QueryParameters>().SelectMany(p => p.Names))
            known[name] = typeof(string);

        var query = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Query)
        {
            if (!known.TryGetValue(name, out var type))
            {
                invalid.Add(name, "parameter.unknown", Unknown(name, known.Keys.Select(JsonNamingPolicy.CamelCase.ConvertName)));
                continue;
            }
            string[] given = [.. values.Where(v => !string.IsNullOrEmpty(v)).Select(v => Characters.Clean(v!))];
            invalid.If(given.Any(v => !Characters.AreWhole(v)), name, "text.encoding.invalid", "The text is not valid UTF-8.");
            if (type == typeof(DateTimeOffset))
                foreach (var instant in given)
                    invalid.If(
                        !HasOffset(instant),
                        name,
                        "instant.offset.missing",
                        instant.Contains(' ', StringComparison.Ordinal)
                            ? (Wording)
                                "An instant says where on Earth it is meant: 2025-07-11T08:00:00Z, or 2025-07-11T16:00:00+08:00, whose + is written %2B in an address."
                            : "An instant says where on Earth it is meant: 2025-07-11T08:00:00Z."
                    );
            // Nothing was asked for where nothing was written.
            if (given.Length > 0)
                query[name] = given;
        }
        request.Query = new QueryCollection(query);
    }

    static bool IsJson(HttpRequest request, out MediaTypeHeaderValue type)
    {
        type = null!;
        return request.ContentType is not null
            && MediaTypeHeaderValue.TryParse(request.ContentType, out type!)
            && (
                type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>Brings the body to UTF-8; a charset that is not read is refused.</summary>
    static Problem? Charset(HttpRequest request, MediaTypeHeaderValue type)
    {
        if (!type.Charset.HasValue)
            return null;
        if (TextEncodings.Named(type.Charset.Value) is not { } encoding)
            return CommonProblems.UnsupportedMediaType.With(
                $"The charset {type.Charset} is not read. Send UTF-8, or GB18030 (GBK, GB2312)."
            );
        if (encoding.CodePage != Encoding.UTF8.CodePage)
            request.Body = Encoding.CreateTranscodingStream(request.Body, encoding, Encoding.UTF8);
        request.ContentType = "application/json";
        return null;
    }

    static async Task<Problem?> Body(HttpContext http, Type type, JsonSerializerOptions options, Invalid invalid)
    {
        var given = await Bytes(http);
        try
        {
            using var body = JsonDocument.Parse(given);
            var isUnclean = false;
            if (Unreadable(body.RootElement, ref isUnclean) is { } place)
                return CommonProblems.Malformed.With(
                    $"The text is not valid UTF-8 or has an unpaired surrogate. Send it as UTF-8. Place: {(place.Length == 0 ? (Wording)"the body" : Wording.Verbatim(place))}."
                ) with
                {
                    Errors = [new(place, "text.encoding.invalid", "The text is not valid UTF-8 or has an unpaired surrogate.")],
                };
            Check(body.RootElement, type, options, "", invalid);
            if (isUnclean)
                given = Rewritten(body.RootElement, type, options);
        }
        catch (JsonException)
        {
            // Whoever binds it says what is broken, and where.
        }
        ReadBody.Leave(http, given);
        return null;
    }

    static async Task<ReadOnlyMemory<byte>> Bytes(HttpContext http)
    {
        var all = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, ExpectedAtOnce));
        await http.Request.Body.CopyToAsync(all, http.RequestAborted);
        var bytes = all.GetBuffer().AsMemory(0, (int)all.Length);
        return bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }

    /// <summary>A body that was read, for whoever binds it: in one piece, which is read fastest.</summary>
    sealed class ReadBody(ReadOnlyMemory<byte> bytes) : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(bytes));

        public static void Leave(HttpContext http, ReadOnlyMemory<byte> bytes)
        {
            MemoryMarshal.TryGetArray(bytes, out var array);
            http.Request.Body = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
            http.Features.Set<IRequestBodyPipeFeature>(new ReadBody(bytes));
            if (http.Request.ContentLength is not null)
                http.Request.ContentLength = bytes.Length;
        }
    }

    /// <summary>
    /// The pointer to the first string that is none: bytes that are no UTF-8, or a half of a pair of surrogates. Each string is looked at once; of
    /// those before it, it is noted whether one is to be cleaned.
    /// </summary>
    static string? Unreadable(JsonElement json, ref bool isUnclean)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    if (Reads(member, static m => m.Name) is not { } name)
                        return "";
                    isUnclean |= !ReferenceEquals(Characters.Clean(name), name);
                    if (Unreadable(member.Value, ref isUnclean) is { } inMember)
                        return $"/{Escaped(name)}{inMember}";
                }
                return null;
            case JsonValueKind.Array:
                var i = 0;
                foreach (var item in json.EnumerateArray())
                {
                    if (Unreadable(item, ref isUnclean) is { } inItem)
                        return string.Create(CultureInfo.InvariantCulture, $"/{i}{inItem}");
                    i++;
                }
                return null;
            case JsonValueKind.String when !IsAscii(json):
                if (Reads(json, static s => s.GetString()) is not { } text)
                    return "";
                isUnclean |= !ReferenceEquals(Characters.Clean(text), text);
                return null;
            default:
                return null;
        }
    }

    static string? Reads<T>(T from, Func<T, string?> read)
    {
        try
        {
            return read(from);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // Base64 for one.
    static bool IsAscii(JsonElement value) =>
        JsonMarshal.GetRawUtf8Value(value) is var raw && !raw.Contains((byte)'\\') && raw.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;

    /// <summary>
    /// The same JSON with every string cleaned, names of members too; null where there is nothing to clean. A text keeps its compatibility
    /// ideographs (<see cref="IsTextAttribute"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">A string is not valid UTF-8, or has an unpaired surrogate.</exception>
    public static byte[]? Cleaned(JsonElement json, Type type, JsonSerializerOptions options)
    {
        var isUnclean = false;
        if (Unreadable(json, ref isUnclean) is { } place)
            throw new InvalidOperationException($"The string at {place} is not valid UTF-8 or has an unpaired surrogate.");
        return isUnclean ? Rewritten(json, type, options) : null;
    }

    static byte[] Rewritten(JsonElement json, Type type, JsonSerializerOptions options)
    {
        using var cleaned = new MemoryStream();
        using var writer = new Utf8JsonWriter(cleaned);
        Write(json, type, isText: false);
        writer.Flush();
        return cleaned.ToArray();

        void Write(JsonElement value, Type? of, bool isText)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    var shape =
                        of is null || of == typeof(JsonElement) || of == typeof(object)
                            ? null
                            : options.GetTypeInfo(Nullable.GetUnderlyingType(of) ?? of);
                    writer.WriteStartObject();
                    foreach (var member in value.EnumerateObject())
                    {
                        var known = shape?.Properties.FirstOrDefault(p => p.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
                        writer.WritePropertyName(Characters.Clean(member.Name));
                        Write(
                            member.Value,
                            known?.PropertyType ?? (shape?.Kind is JsonTypeInfoKind.Dictionary ? shape.ElementType : null),
                            known?.AttributeProvider?.IsDefined(typeof(IsTextAttribute), false) is true
                        );
                    }
                    writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    var element =
                        of is null || of == typeof(JsonElement) || of == typeof(object)
                            ? null
                            : options.GetTypeInfo(Nullable.GetUnderlyingType(of) ?? of).ElementType;
                    writer.WriteStartArray();
                    foreach (var item in value.EnumerateArray())
                        Write(item, element, isText);
                    writer.WriteEndArray();
                    break;
                case JsonValueKind.String:
                    writer.WriteStringValue(isText ? Characters.CleanText(value.GetString()!) : Characters.Clean(value.GetString()!));
                    break;
                default:
                    value.WriteTo(writer);
                    break;
            }
        }
    }

    /// <summary>Notes members that the type does not know, nulls in lists, nil UUIDs, and instants without an offset, all with their places.</summary>
    public static void Check(JsonElement json, Type type, JsonSerializerOptions options, string pointer, Invalid invalid)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(DateTimeOffset))
        {
            invalid.If(
                json.ValueKind is JsonValueKind.String
                    && json.GetString() is { } instant
                    && DateTimeOffset.TryParse(instant, CultureInfo.InvariantCulture, out _)
                    && !HasOffset(instant),
                pointer,
                "instant.offset.missing",
                "An instant says where on Earth it is meant: 2025-07-11T08:00:00Z, or 2025-07-11T16:00:00+08:00."
            );
            return;
        }
        if (type == typeof(Guid))
        {
            invalid.If(
                json.ValueKind is JsonValueKind.String && json.TryGetGuid(out var id) && id == Guid.Empty,
                pointer,
                "id.nil",
                "The nil UUID names nothing. Send the id of something, or leave it out."
            );
            return;
        }
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) || type == typeof(JsonElement) || type == typeof(object))
            return;
        var shape = options.GetTypeInfo(type);
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Object when json.ValueKind is JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    if (invalid.IsFull)
                        return;
                    var at = $"{pointer}/{Escaped(member.Name)}";
                    var known = shape.Properties.FirstOrDefault(p => p.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
                    if (known is null)
                        invalid.Add(at, "member.unknown", Unknown(member.Name, shape.Properties.Select(p => p.Name)));
                    else
                        Check(member.Value, known.PropertyType, options, at, invalid);
                }
                // A value that cannot be null and was left out would be whatever is first of its kind.
                foreach (var needed in shape.Properties.Where(IsNeeded))
                    invalid.If(
                        !json.EnumerateObject().Any(m => m.Name.Equals(needed.Name, StringComparison.OrdinalIgnoreCase)),
                        $"{pointer}/{needed.Name}",
                        "value.missing",
                        "A value is required."
                    );
                break;
            case JsonTypeInfoKind.Enumerable when json.ValueKind is JsonValueKind.Array && shape.ElementType is { } element:
                foreach (var (value, i) in json.EnumerateArray().Select((v, i) => (v, i)))
                {
                    if (invalid.IsFull)
                        return;
                    if (value.ValueKind is JsonValueKind.Null)
                        invalid.Add($"{pointer}/{i}", "value.missing", "A list holds no null.");
                    else
                        Check(value, element, options, $"{pointer}/{i}", invalid);
                }
                break;
            case JsonTypeInfoKind.Dictionary when json.ValueKind is JsonValueKind.Object && shape.ElementType is { } element:
                foreach (var member in json.EnumerateObject())
                    Check(member.Value, element, options, $"{pointer}/{Escaped(member.Name)}", invalid);
                break;
        }
    }

    static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    static bool HasOffset(string instant)
    {
        var time = instant.IndexOf('T', StringComparison.OrdinalIgnoreCase);
        if (time < 0)
            return false;
        var clock = instant.AsSpan(time);
        return clock[^1] is 'Z' or 'z' || clock.LastIndexOfAny(['+', '-']) > 0;
    }

    static bool IsNeeded(JsonPropertyInfo member) =>
        member is { PropertyType.IsValueType: true, AssociatedParameter.HasDefaultValue: false }
        && Nullable.GetUnderlyingType(member.PropertyType) is null
        && member.PropertyType != typeof(JsonElement);

    static Wording Unknown(string name, IEnumerable<string> known)
    {
        string[] names = [.. known];
        var nearest = names.Select(n => (Name: n, Distance: Distance(n, name))).OrderBy(n => n.Distance).FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, name.Length / 2)
                ? $"There is no {name} here. Do you mean {nearest.Name}?"
            : names.Length == 0 ? (Wording)"Nothing is read here."
            : $"There is no {name} here. There are {string.Join(", ", names)}.";
    }

    /// <summary>
    /// How many signs must be changed to come from one name to the other (Levenshtein); capitals and underlines count for nothing.
    /// </summary>
    static int Distance(string one, string other)
    {
        one = one.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        other = other.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (other.Length > 100)
            return int.MaxValue;
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
