using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolicyPlatform.Faults;

/// <summary>What kind of write was acknowledged.</summary>
enum Work
{
    /// <summary>Anything that only has to be carried out.</summary>
    Step,
    Draft,
    Revision,
    Publication,
    Amendment,
    Repeal,
    Material,
    Exemption,
    Ticket,
    Consultation,
    Comment,
    OpenDay,
    Registration,
    Hearing,
    Application,
}

/// <summary>A write that was acknowledged.</summary>
/// <param name="Round">In which round.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Work">What it was.</param>
/// <param name="Path">Where it was sent.</param>
/// <param name="Key">Its idempotency key.</param>
/// <param name="Sent">The SHA-256 of its body.</param>
/// <param name="Text">The SHA-256 of the words that it said, where they can be read again.</param>
/// <param name="Of">What it belongs to: the document, the consultation, the open day, the hearing.</param>
/// <param name="Id">What it made, as the answer says.</param>
/// <param name="Version">The version that the answer says.</param>
/// <param name="Number">The revision or the number that the answer says.</param>
/// <param name="Receipt">What it is read with.</param>
sealed record Entry(
    int Round,
    DateTimeOffset At,
    Work Work,
    string Path,
    string Key,
    string Sent,
    string? Text,
    string? Of,
    string? Id,
    long? Version,
    long? Number,
    string? Receipt
);

/// <summary>Everything that was acknowledged, one JSON line each, on disk before the next request is sent.</summary>
sealed class Journal(string file) : IDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    readonly Lock writing = new();
    readonly FileStream stream = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    readonly List<Entry> entries = [];

    /// <summary>Where it is.</summary>
    public string File => file;

    /// <summary>What it says of the rounds that fit.</summary>
    public IReadOnlyList<Entry> Of(Func<Entry, bool> fits)
    {
        lock (writing)
            return [.. entries.Where(fits)];
    }

    public void Add(Entry entry)
    {
        lock (writing)
        {
            stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, Json), (byte)'\n']);
            stream.Flush(flushToDisk: true);
            entries.Add(entry);
        }
    }

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public void Dispose() => stream.Dispose();
}
