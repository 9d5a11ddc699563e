using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Verify;

/// <summary><c>draw</c>: draws again from what was published of a draw.</summary>
static class Draws
{
    static readonly JsonSerializerOptions options = new(JsonDefaults.Options)
    {
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static Command Command()
    {
        var files = new Argument<FileInfo[]>("files")
        {
            Description = "Records of draws, as they were published.",
            Arity = ArgumentArity.OneOrMore,
        }.AcceptExistingOnly();
        var announced = new Option<string>("--announced")
        {
            Description =
                "The hash of the announcement from before the draw, from a place that you trust. Without it, compare the one that is told.",
        };
        var command = new Command("draw", "Draws again, by RFC 3797, and says whether the record tells who was drawn.")
        {
            files,
            announced,
        };
        command.SetAction(parsed =>
        {
            var flaws = 0;
            foreach (var file in parsed.GetRequiredValue(files))
                flaws += IsFine(file, parsed.GetValue(announced)?.Trim()) ? 0 : 1;
            return flaws == 0 ? 0 : 2;
        });
        return command;
    }

    static bool IsFine(FileInfo file, string? announced)
    {
        if (Read(file) is not { } record)
        {
            Console.Error.WriteLine($"FLAW  {file.Name}: This is no record of a draw.");
            return false;
        }
        var flaw = record.Flaw(announced);
        if (flaw is null)
            Console.WriteLine($"ok    {file.Name}: {Outcome(record)}");
        else
            Console.Error.WriteLine($"FLAW  {file.Name}: {flaw}");
        Tell("announced", record.Announcement.Hash());
        Tell("pool", $"{DrawAnnouncement.HashOf(record.Announcement.Pool)} of {record.Announcement.Pool.Count}");
        if (Draw.Hold(record.Announcement, record.Values, record.Outcome.At).Outcome is not { Key: { } key })
            return flaw is null;
        Tell("key", key);
        var (pool, count) = (record.Announcement.Pool, record.Announcement.Places + record.Announcement.Alternates);
        foreach (var step in Draw.Steps(key, pool.Count, count, record.Announcement.Algorithm))
            Tell(
                (step.Counter + 1).ToString(CultureInfo.InvariantCulture),
                $"{step.Hash} mod {step.Left} = {step.Remainder}: {step.Number} {pool[step.Number - 1].Label}{(step.Counter < record.Announcement.Places ? "" : " (alternate)")}"
            );
        return flaw is null;
    }

    static string Outcome(DrawRecord record) =>
        record.Outcome.Void?.Told().ToString()
        ?? $"drawn are {string.Join(", ", record.Outcome.Drawn)}; alternates: {(record.Outcome.Alternates.Count == 0 ? "none" : string.Join(", ", record.Outcome.Alternates))}";

    static void Tell(string what, string said) => Console.WriteLine($"      {what, -10}{said}");

    static DrawRecord? Read(FileInfo file)
    {
        try
        {
            var record = JsonSerializer.Deserialize<DrawRecord>(File.ReadAllText(file.FullName), options);
            // Of what a list has, nothing says that it is not null.
            return
                record is null
                || record.Announcement.Pool.Contains(null!)
                || record.Announcement.Sources.Contains(null!)
                || record.Values.Any(v => v is null || v.Values.Contains(null!))
                ? null
                : record;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
