using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Drafting;

/// <summary>What arrives for many documents while others are recorded is recorded in one transaction, and each is answered for itself.</summary>
public sealed class when_many_record_at_once(District district) : IClassFixture<District>
{
    const int Many = 40;

    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task what_waited_for_the_same_is_recorded_in_a_few_transactions()
    {
        var ids = await Drafts();
        var before = await Transactions();
        await using (var hold = await Hold())
        {
            var answers = ids.Select(id => Documents.Revise(id, $"第一条 {id}。")).ToArray();
            await Waits(2);
            await hold.DisposeAsync();
            Assert.All(await Task.WhenAll(answers), a => Assert.Equal(2, a.GetProperty("revision").GetInt32()));
        }
        // Two groups were on their way when it began to wait.
        Assert.InRange(await Transactions() - before, 2, Many - 1);
        foreach (var id in ids)
            Assert.Equal(
                $"第一条 {id}。",
                (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2"))
                    .GetProperty("blocks")[0]
                    .GetProperty("text")
                    .GetString()
            );
    }

    [Fact]
    public async Task whoever_met_another_writer_hears_of_it_and_the_others_do_not()
    {
        var ids = await Drafts();
        var overtaken = ids[Many / 2];
        Task<IScenarioResult>[] answers;
        await using (var hold = await Hold())
        {
            // Those that are decided while the first two wait are in groups.
            answers = [.. ids.Select(id => Revise(id, "\"2\""))];
            await Waits(2);
            // As if another process had recorded something that this one has not seen.
            await using var other = hold.CreateCommand();
            other.CommandText = $"update documents.mt_streams set version = version + 1 where id = '{overtaken}'";
            await other.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await using var done = hold.CreateCommand();
            done.CommandText = "commit";
            await done.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        foreach (var (id, answer) in ids.Zip(await Task.WhenAll(answers)))
            Assert.Equal((id, id == overtaken ? 412 : 201), (id, answer.Context.Response.StatusCode));
        foreach (var id in ids)
            Assert.Equal(
                id == overtaken ? 1 : 2,
                (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions")).GetProperty("items").GetArrayLength()
            );
    }

    Task<IScenarioResult> Revise(Guid id, string version) =>
        Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing).WithRequestHeader("If-Match", version);
            s.Post.Json(new { text = "第一条 又一稿。" }).ToUrl($"/api/v1/documents/{id}/revisions");
            s.IgnoreStatusCode();
        });

    async Task<Guid[]> Drafts()
    {
        var ids = new Guid[Many];
        for (var n = 0; n < Many; n++)
            ids[n] = await Documents.Draft("第一条 起点。");
        return ids;
    }

    // Nobody appends to a stream for as long as this is held; streams can be read.
    async Task<Npgsql.NpgsqlConnection> Hold()
    {
        var connection = await district.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = "begin; lock table documents.mt_streams in share mode";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    Task<bool> Waits(int transactions) =>
        Calls.Eventually<bool>(async () =>
            await district.Count("select count(*) from pg_locks where not granted and relation = 'documents.mt_streams'::regclass")
            >= transactions
                ? true
                : null
        );

    // Each transaction that changes what others can read counts itself once.
    Task<long> Transactions() => district.Count("select coalesce(sum(changes), 0)::bigint from documents.public_changes");
}
