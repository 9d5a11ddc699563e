using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>Services on databases of their own, which may be on servers of their own; a broker is all that they share.</summary>
public sealed class when_each_service_has_a_database_of_its_own(PostgresCluster postgres)
{
    [Fact]
    public async Task they_tell_each_other_by_the_broker()
    {
        Assert.SkipUnless(RabbitMqBroker.IsInstalled, "RabbitMQ is not installed here.");
        await using var broker = await RabbitMqBroker.Start();
        await using var district = new District(postgres) { OwnDatabases = true };
        district.Settings["Messaging:RabbitMq"] = broker.Address;
        await district.InitializeAsync();
        await district.StartConsultation();

        var id = await district.Documents.Publish(await district.Documents.Draft(), "测试发〔2026〕1号");
        await Eventually("Interpretation", $"select count(*) from interpretation.mt_doc_knowndocument where id = '{id}'");
        await Eventually(
            "Catalog",
            $"select count(*) from catalog.mt_doc_obligation where id = 'obligation/{id}' and data -> 'metOn' <> '{{}}'::jsonb"
        );
        // And back: what another service decides on a document.
        var draft = await district.Documents.Draft(title: "征求意见的办法");
        await district.Consultation!.Consult(draft);
        await Calls.Eventually(async () =>
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}")).GetProperty("state").GetString()
                is "inConsultation"
                ? true
                : (bool?)null
        );

        foreach (var (service, database) in district.Databases)
        {
            string[] own = [service.Split('.')[^1].ToLowerInvariant(), $"{service.Split('.')[^1].ToLowerInvariant()}_messages"];
            Assert.Equal(own, await Schemas(database));
        }

        Task<bool> Eventually(string service, string count) =>
            Calls.Eventually(async () =>
            {
                await using var source = NpgsqlDataSource.Create(district.Databases[$"PolicyPlatform.{service}"]);
                await using var command = source.CreateCommand(count);
                return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! > 0 ? true : (bool?)null;
            });
    }

    static async Task<string[]> Schemas(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            "select nspname::text from pg_namespace where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public') order by 1"
        );
        await using var reader = await command.ExecuteReaderAsync();
        var schemas = new List<string>();
        while (await reader.ReadAsync())
            schemas.Add(reader.GetString(0));
        return [.. schemas];
    }
}
