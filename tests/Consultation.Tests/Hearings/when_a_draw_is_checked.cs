using System.Text.Json;
using CsCheck;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Hearings;

/// <summary>The record, its hashes and who was drawn were computed apart from this code; its people and values are made up.</summary>
public sealed class when_a_draw_is_checked
{
    const string AnnouncementHash = "3e3722d55db5b7cbd75724ed36b607f95bc3d00b64edf69841b647040d3f08d8";

    static readonly string sample = File.ReadAllText(
        Path.Combine(Repository.Folder, "tests", "Consultation.Tests", "Hearings", "heating-hearing.json")
    );

    static DrawRecord Read(string json) => JsonSerializer.Deserialize<DrawRecord>(json, JsonDefaults.Options)!;

    [Fact]
    public void a_published_record_is_read_as_it_is_written()
    {
        var record = Read(sample);
        Assert.Equal(AnnouncementHash, record.Announcement.Hash());
        Assert.Null(record.Flaw(AnnouncementHash));
        Assert.Equal(Compact(sample), Compact(JsonSerializer.Serialize(record, JsonDefaults.Options)));

        static string Compact(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json), JsonDefaults.Options);
    }

    [Fact]
    public async Task the_tool_draws_again_and_tells_each_step()
    {
        var (code, output) = await Verify(sample, "--announced", AnnouncementHash.ToUpperInvariant());
        Assert.True(code == 0, output);
        Assert.Contains(
            "ok    draw.json: drawn are 21, 11, 9, 1, 22, 10, 19, 3, 15, 17; alternates: 20, 24, 7",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(AnnouncementHash, output, StringComparison.Ordinal);
        Assert.Contains("3.9.17.22.28.31./12./3874.6/6F1C", output, StringComparison.Ordinal);
        Assert.Equal(13, output.Split('\n').Count(l => l.Contains(" mod ", StringComparison.Ordinal)));
        Assert.Equal(3, output.Split('\n').Count(l => l.EndsWith(" (alternate)", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("报名号007", "报名号017", "the pool is not the one that was published")]
    [InlineData("\"3874.60\"", "\"3874.61\"", "and the record says 3.9.17.22.28.31./12./3874.6/")]
    [InlineData("\"places\": 10", "\"places\": 11", "Drawn are")]
    [InlineData("\"drawn\": [\n      21,", "\"drawn\": [\n      22,", "Drawn are")]
    [InlineData("\"readAt\": \"2026-12-06", "\"readAt\": \"2026-12-05", "has no value before")]
    [InlineData("\"kind\": \"decimal\"", "\"kind\": \"decimai\"", "This is no record of a draw.")]
    [InlineData("\"label\"", "\"labei\"", "This is no record of a draw.")]
    [InlineData("\"void\": null", "\"drawn\": []", "This is no record of a draw.")]
    public async Task the_tool_finds_a_byte_that_was_changed(string part, string changed, string flaw)
    {
        Assert.Contains(part, sample, StringComparison.Ordinal);
        var (code, output) = await Verify(sample.Replace(part, changed, StringComparison.Ordinal));
        Assert.Equal(2, code);
        Assert.Contains("FLAW  draw.json: ", output, StringComparison.Ordinal);
        Assert.Contains(flaw, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_tool_finds_that_the_announcement_was_another()
    {
        var record = Read(sample);
        var announcement = record.Announcement with { Purpose = "另一场听证会" };
        // All in it fits together: only who kept the hash from before can tell.
        var other = JsonSerializer.Serialize(record with { Announcement = announcement }, JsonDefaults.Options);
        Assert.Equal(0, (await Verify(other)).ExitCode);
        var (code, output) = await Verify(other, "--announced", AnnouncementHash);
        Assert.Equal(2, code);
        Assert.Contains($"its hash is {announcement.Hash()}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_tool_tells_that_a_draw_was_void()
    {
        var record = Read(sample);
        var values = record.Values.Take(3).Append(record.Values[3] with { Values = [], Failure = "当轮未发布。" }).ToArray();
        var outcome = Draw.Hold(record.Announcement, values, record.Outcome.At).Outcome!;
        var (code, output) = await Verify(
            JsonSerializer.Serialize(new DrawRecord(record.Announcement, values, outcome), JsonDefaults.Options)
        );
        Assert.True(code == 0, output);
        Assert.Contains(
            "ok    draw.json: The draw is void: drand（default）第5641200轮随机数 gave no value. 当轮未发布。",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task the_tool_says_what_is_no_record()
    {
        foreach (
            var json in new[]
            {
                "",
                "{}",
                "null",
                "[1]",
                sample.Replace("\"values\": [\n        \"12\"", "\"values\": [\n        null", StringComparison.Ordinal),
            }
        )
        {
            var (code, output) = await Verify(json);
            Assert.Equal(2, code);
            Assert.Contains("FLAW  draw.json: This is no record of a draw.", output, StringComparison.Ordinal);
        }
        Assert.Equal(1, (await Tool.Run("Verify", "draw", "no-such-file.json")).ExitCode);
        Assert.Equal(1, (await Tool.Run("Verify", "draw")).ExitCode);
    }

    const string Characters = "0123456789abcdef\"某[]{}, .-:+Z";

    /// <summary>Whatever character of the record becomes another: either it says the same, or a flaw is found.</summary>
    [Fact]
    public void nobody_changes_a_character_unseen()
    {
        var original = Read(sample);
        (
            from place in Gen.Int[0, sample.Length - 1]
            from character in Gen.Int[0, Characters.Length - 1].Select(i => Characters[i])
            select sample[..place] + character + sample[(place + 1)..]
        ).Sample(
            changed =>
            {
                DrawRecord record;
                try
                {
                    record = Read(changed);
                    if (record.Announcement is null || record.Values is null || record.Outcome is null)
                        return;
                }
                catch (JsonException)
                {
                    return;
                }
                if (!Complete(record) || Decisive(record) == Decisive(original))
                    return;
                Assert.NotNull(record.Flaw(AnnouncementHash));
            },
            iter: 20_000
        );

        // What the tool refuses to read.
        static bool Complete(DrawRecord r) =>
            r.Announcement is { Purpose: not null, Pool: not null, PoolHash: not null, Sources: not null }
            && r.Announcement.Pool.All(e => e?.Label is not null)
            && r.Announcement.Sources.All(s => s?.Name is not null)
            && r.Values.All(v => v is { Source: not null, Values: not null, ReadFrom: not null } && v.Values.All(x => x is not null))
            && r.Outcome is { Drawn: not null, Alternates: not null };
        // Where a value was read, and when, decides nothing.
        static string Decisive(DrawRecord r) =>
            JsonSerializer.Serialize(
                (
                    r.Announcement.Hash(),
                    r.Outcome.Key,
                    string.Join(',', r.Outcome.Drawn),
                    string.Join(',', r.Outcome.Alternates),
                    r.Outcome.Void?.ToString()
                ).ToString()
            );
    }

    static async Task<(int ExitCode, string Output)> Verify(string json, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-draw-");
        var file = Path.Combine(folder.FullName, "draw.json");
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        var result = await Tool.Run("Verify", ["draw", file, .. options]);
        folder.Delete(recursive: true);
        return result;
    }
}
