using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace PolicyPlatform.ServiceDefaults;

/// <summary>
/// Messages of the gRPC contracts as the JSON of the API: fields are members of the same name, values of enums the same words. Two things that
/// protobuf does not have stand in messages of their own: a list that is a value, such as a row of a table or files that can be none, is a
/// message of one repeated field, and an object that counts is a list of messages of a key and a value.
/// </summary>
public static class ContractJson
{
    // Years 1 to 9999, in seconds.
    const long FirstSecond = -62_135_596_800,
        LastSecond = 253_402_300_799;

    /// <summary>The value of a contract's enum that has the same word; unspecified for null.</summary>
    public static TContract In<TContract>(this System.Enum? value)
        where TContract : struct, System.Enum => System.Enum.TryParse<TContract>(value?.ToString(), out var same) ? same : default;

    /// <summary>The word for a value of a contract's enum, as JSON has it; null where it is unspecified.</summary>
    public static string? GivenWord<TContract>(this TContract value)
        where TContract : struct, System.Enum =>
        EqualityComparer<TContract>.Default.Equals(value, default) ? null : JsonDefaults.Word(value);

    /// <summary>The fields of a message that are given, as a JSON object.</summary>
    /// <param name="message">The message.</param>
    /// <param name="fields">Which of its fields; all when left out.</param>
    public static byte[] Write(IMessage message, IEnumerable<FieldDescriptor>? fields = null)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new() { Encoder = JsonDefaults.Options.Encoder }))
            Write(writer, message, fields ?? message.Descriptor.Fields.InFieldNumberOrder());
        return json.ToArray();
    }

    /// <summary>The value of a field as a parameter of an address; null where it is not given.</summary>
    public static string? Parameter(IMessage message, FieldDescriptor field) =>
        !IsGiven(message, field) ? null
        : field.FieldType is FieldType.Enum ? Word(field.Accessor.GetValue(message))
        : Convert.ToString(field.Accessor.GetValue(message), CultureInfo.InvariantCulture);

    /// <summary>A message of what the API answered; members that the contract does not have are left out.</summary>
    public static TMessage Read<TMessage>(JsonElement json)
        where TMessage : IMessage, new()
    {
        var message = new TMessage();
        Read(json, message);
        return message;
    }

    /// <summary>Whether a message stands for a list.</summary>
    public static bool IsList(MessageDescriptor message) => message.Fields.InFieldNumberOrder() is [{ IsRepeated: true }];

    // Empty is not given, whether the field can be missing or not.
    static bool IsGiven(IMessage message, FieldDescriptor field) =>
        field.Accessor.GetValue(message) switch
        {
            null => false,
            IList list => list.Count > 0,
            string text => text.Length > 0,
            ByteString bytes => bytes.Length > 0,
            System.Enum value => Convert.ToInt32(value, CultureInfo.InvariantCulture) != 0,
            var value => !field.HasPresence || field.Accessor.HasValue(message) || value is IMessage,
        };

    static string Word(object value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!);

    static void Write(Utf8JsonWriter writer, IMessage message, IEnumerable<FieldDescriptor> fields)
    {
        writer.WriteStartObject();
        foreach (var field in fields.Where(f => IsGiven(message, f)))
        {
            writer.WritePropertyName(field.JsonName);
            var value = field.Accessor.GetValue(message);
            if (value is IList list)
                WriteList(writer, list);
            else
                WriteValue(writer, value);
        }
        writer.WriteEndObject();
    }

    static void WriteList(Utf8JsonWriter writer, IList list)
    {
        writer.WriteStartArray();
        foreach (var item in list)
            WriteValue(writer, item);
        writer.WriteEndArray();
    }

    static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool yes:
                writer.WriteBooleanValue(yes);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case System.Enum one:
                writer.WriteStringValue(Word(one));
                break;
            case ByteString bytes:
                writer.WriteBase64StringValue(bytes.Span);
                break;
            case Timestamp { Seconds: >= FirstSecond and <= LastSecond, Nanos: >= 0 and < 1_000_000_000 } instant:
                writer.WriteStringValue(instant.ToDateTimeOffset());
                break;
            // None that there is: refused like every other value that is no instant.
            case Timestamp instant:
                writer.WriteNumberValue(instant.Seconds);
                break;
            case IMessage list when IsList(list.Descriptor):
                WriteList(writer, (IList)list.Descriptor.Fields.InFieldNumberOrder()[0].Accessor.GetValue(list));
                break;
            case IMessage message:
                Write(writer, message, message.Descriptor.Fields.InFieldNumberOrder());
                break;
            default:
                throw new NotSupportedException($"No contract has a {value.GetType()} in a call that is made of JSON.");
        }
    }

    static void Read(JsonElement json, IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (!json.TryGetProperty(field.JsonName, out var member) || member.ValueKind is JsonValueKind.Null)
                continue;
            if (!field.IsRepeated)
                field.Accessor.SetValue(message, Read(member, field));
            else if (member.ValueKind is JsonValueKind.Object)
                ReadCounts(member, field, (IList)field.Accessor.GetValue(message));
            else
                foreach (var item in member.EnumerateArray())
                    ((IList)field.Accessor.GetValue(message)).Add(Read(item, field));
        }
    }

    static void ReadCounts(JsonElement json, FieldDescriptor field, IList counts)
    {
        foreach (var member in json.EnumerateObject())
        {
            var count = New(field);
            var (key, value) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
            key.Accessor.SetValue(count, Value(member.Name, key));
            value.Accessor.SetValue(count, Read(member.Value, value));
            counts.Add(count);
        }
    }

    static object Read(JsonElement json, FieldDescriptor field)
    {
        switch (field.FieldType)
        {
            case FieldType.Bool:
                return json.GetBoolean();
            case FieldType.Int32:
                return json.GetInt32();
            case FieldType.Int64:
                return json.GetInt64();
            case FieldType.Double:
                return json.GetDouble();
            case FieldType.Message when field.MessageType == Timestamp.Descriptor:
                return Timestamp.FromDateTimeOffset(json.GetDateTimeOffset());
            case FieldType.Message:
                var message = New(field);
                Read(json, message);
                return message;
            default:
                return Value(json.GetString()!, field);
        }
    }

    static object Value(string text, FieldDescriptor field) =>
        field.FieldType switch
        {
            // A word that the contract does not have yet is unspecified.
            FieldType.Enum => System.Enum.TryParse(field.EnumType.ClrType, text, ignoreCase: true, out var value)
                ? value
                : System.Enum.ToObject(field.EnumType.ClrType, 0),
            FieldType.Bytes => ByteString.FromBase64(text),
            _ => text,
        };

    static IMessage New(FieldDescriptor field) => field.MessageType.Parser.ParseFrom(ByteString.Empty);
}
