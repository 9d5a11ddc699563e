using System.Collections.Concurrent;
using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.FormLetters;

/// <summary>Two processes on one database take each other's turn in the middle of it, and lose their connections.</summary>
public sealed class when_two_processes_sort(District district) : IClassFixture<District>
{
    const int Topics = 6,
        AtOnce = 24;

    static readonly string[] topics = [.. Enumerable.Range(0, Topics).Select(n => new LetterCampaigns(n).Text(200))];

    [Fact]
    public async Task no_comment_is_placed_twice_and_none_is_forgotten()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "双进程办法")).Id();
        var other = await district.StartAnotherConsultation();
        var said = new ConcurrentDictionary<Guid, int>();
        var sorted = new HashSet<Guid>();
        await using var database = await district.Connect();
        for (var round = 0; round < 8 || sorted.Count < 2; round++)
        {
            Assert.True(round < 200, "Only one of the two sorts.");
            await Task.WhenAll(
                Enumerable
                    .Range(0, AtOnce)
                    .Select(async n =>
                    {
                        var topic = n % Topics;
                        var text = $"{topics[topic]}我家住在{round}号楼{n}室。";
                        var (comment, receipt) = await (n % 4 < 2 ? consultation : other).Comment(id, new { position = "oppose", text });
                        said[comment] = topic;
                        // One in six takes it back, perhaps before it is placed.
                        if (n % 6 == round % 6)
                        {
                            await consultation.Delete($"comments/{receipt}");
                            said.Remove(comment, out _);
                        }
                    })
            );
            // Whoever has the turn loses it, and with it what it was doing.
            foreach (
                var holder in await Read(
                    "delete from consultation.form_letter_turn returning holder::text",
                    r => r.GetFieldValue<string>(0)
                )
            )
                sorted.Add(Guid.Parse(holder));
            await Read(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state <> 'idle' and query like '%form_letter%' and pid <> pg_backend_pid()",
                r => r.GetBoolean(0)
            );
        }
        await Calls.Eventually<bool>(async () =>
            await district.Count("select count(*) from consultation.comments_to_place") == 0 ? true : null
        );

        var letters = (
            await Read(
                $"select comment_id, letter_id from consultation.form_letter_comments where consultation_id = '{id}'",
                r => (Comment: r.GetGuid(0), Letter: r.GetGuid(1))
            )
        ).ToDictionary(p => p.Comment, p => p.Letter);
        Assert.Equal(said.Keys.Order(), letters.Keys.Order());
        Assert.Equal(Topics, letters.Values.Distinct().Count());
        Assert.Equal(Topics, said.Select(s => (s.Value, letters[s.Key])).Distinct().Count());
        Assert.Equal(
            letters.Values.CountBy(l => l).Select(l => (l.Key, l.Value)).Order(),
            (
                await Read(
                    $"select id, comments from consultation.form_letters where consultation_id = '{id}'",
                    r => (r.GetGuid(0), r.GetInt32(1))
                )
            ).Order()
        );

        async Task<List<T>> Read<T>(string sql, Func<NpgsqlDataReader, T> row)
        {
            await using var command = new NpgsqlCommand(sql, database);
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<T>();
            while (await reader.ReadAsync())
                rows.Add(row(reader));
            return rows;
        }
    }
}
