using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>A database that only the command <c>migrate</c> may change: the services read and write, and have no right to more.</summary>
public sealed class when_services_may_not_change_tables(PostgresCluster postgres)
{
    const string User = "district-services";

    static readonly string[] Services = ["Catalog", "Documents", "Interpretation", "Consultation"];

    [Fact]
    public async Task they_do_all_their_work_once_it_was_prepared()
    {
        await using var district = new District(postgres);
        var database = "";
        district.Before = async own =>
        {
            database = own;
            await using var source = NpgsqlDataSource.Create(own);
            await using (var role = source.CreateCommand($"create role \"{User}\" login password 'of the test'"))
                await role.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            foreach (var service in Services)
                Assert.Equal((0, ""), await Migrate(service, own));
            district.Settings["ConnectionStrings:Database"] = new NpgsqlConnectionStringBuilder(own)
            {
                Username = User,
                Password = "of the test",
            }.ConnectionString;
            district.Settings["Database:Migrate"] = "false";
            // With what several processes of a service need besides.
            district.Settings["Messaging:SingleNode"] = "false";
        };
        // They would wait for ever for what was not prepared.
        await district.InitializeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await district.StartConsultation();
        var id = await district.Documents.Publish(await district.Documents.Draft(), "测试发〔2026〕1号");
        // What a message tells another service, which keeps it.
        await Calls.Eventually(async () =>
            await district.Count($"select count(*) from interpretation.mt_doc_knowndocument where id = '{id}'") > 0 ? true : (bool?)null
        );
        await district.Consultation!.Consult(await district.Documents.Draft(title: "征求意见的办法"));

        await using var services = NpgsqlDataSource.Create(district.Settings["ConnectionStrings:Database"]);
        foreach (var sql in new[] { "create table documents.more (n int)", "drop table documents.mt_events", "create schema more" })
        {
            await using var command = services.CreateCommand(sql);
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                (
                    await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))
                ).SqlState
            );
        }

        // A second time there is nothing to do, whoever runs.
        Assert.Equal((0, ""), await Migrate("Documents", database));
        // What other code would make anew is not changed under those who write it.
        await district.Execute(
            "update documents.mt_doc_builtprojection set data = jsonb_set(data, '{version}', '-1') where id not like '% %'"
        );
        var (code, said) = await Migrate("Documents", database);
        Assert.Equal(1, code);
        Assert.Contains("changes what they write", said, StringComparison.Ordinal);
    }

    static async Task<(int Code, string Said)> Migrate(string service, string database)
    {
        // With the settings of the service, whoever it would ask.
        var (code, output) = await Tool.Run(
            service,
            [
                "migrate",
                .. Services.Select(s => $"--Services:{s}:Grpc=http://localhost:1"),
                $"--ConnectionStrings:Migrations={database}",
                $"--PersonalData:KeyFolder={Path.Combine(Path.GetTempPath(), $"policyplatform-keys-{Guid.NewGuid():N}")}",
                $"--Database:ServiceUser={User}",
                "--Logging:LogLevel:Default=Warning",
            ]
        );
        return (code, output.EndsWith("The database is as this release needs it.\n", StringComparison.Ordinal) ? "" : output);
    }
}
