using System.Globalization;
using Npgsql;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>What the Dockerfile makes, started as in a container as far as that can be had without one.</summary>
public sealed class when_a_published_service_starts(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task it_serves_as_nobody_in_particular_on_a_disk_that_it_cannot_write_to_and_with_two_roles_of_its_database()
    {
        Assert.SkipUnless(
            Environment.UserName is "root" && Tools.OnPath("unshare") is not null && Tools.OnPath("setpriv") is not null,
            "Only root can take rights away here, with unshare and setpriv."
        );
        await using var service = new PublishedService();
        await service.InitializeAsync();
        var services = (await Manifests.Of("small"))
            .Of<Custom<DatabaseCluster>>()
            .Single()
            .Spec.Managed.Roles.Single(r => r.InRoles is null)
            .Name;
        var database = await cluster.NewDatabase();
        await Execute(database, $"create role {Owner} login password '{Password}'");
        await Execute(database, $"create role {services} login password '{Password}'");
        await Execute(database, $"alter database {new NpgsqlConnectionStringBuilder(database).Database} owner to {Owner}");
        var (http, grpc) = (FreePort.Next(), FreePort.Next());
        var environment = Dockerfile.Read().Environment.ToDictionary();
        environment["Kestrel__Endpoints__Http__Url"] = $"http://+:{http.ToString(CultureInfo.InvariantCulture)}";
        environment["Kestrel__Endpoints__Grpc__Url"] = $"http://+:{grpc.ToString(CultureInfo.InvariantCulture)}";
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["Authentication__Authority"] = "https://login.example.org/";
        environment["PersonalData__KeyFolder"] = Path.Combine(service.Writable, "keys", "personal");
        foreach (var other in Sources.Asks[PublishedService.Name])
            environment[$"Services__{other}__Grpc"] = "http://127.0.0.1:9";
        // The socket is the server's own.
        environment["ConnectionStrings__Database"] = new NpgsqlConnectionStringBuilder(database)
        {
            Host = "127.0.0.1",
            Username = null,
            Password = null,
        }.ToString();
        environment["Shutdown__DrainSeconds"] = "1";
        environment["PGPASSWORD"] = Password;

        environment["PGUSER"] = Owner;
        environment["Database__ServiceUser"] = services;
        await using (var migrate = await service.Start(environment, "migrate"))
            Assert.True(await migrate.End() == 0, migrate.Said);
        environment["PGUSER"] = services;
        environment["Database__Migrate"] = "false";
        await using (var before = await service.Start(environment, "health"))
            Assert.Equal(1, await before.End());
        await using var running = await service.Start(environment);
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{http.ToString(CultureInfo.InvariantCulture)}") };
        foreach (var path in Sources.HealthPaths)
            await Answers(client, path, running);
        Assert.Contains(
            "\"paths\"",
            await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        await using (var asked = await service.Start(environment, "health"))
            Assert.Equal(0, await asked.End());
        Assert.DoesNotContain("Read-only file system", running.Said, StringComparison.Ordinal);
        Assert.Equal(0, await running.Stop());
        await RowsAreChangedAndNothingElse(
            new NpgsqlConnectionStringBuilder(database) { Username = services, Password = Password }.ToString()
        );
    }

    // The cluster here has a superuser of the name that the manifests give the owner.
    const string Owner = "owner_of_schemas";
    const string Password = "nobody-knows";

    static async Task RowsAreChangedAndNothingElse(string services)
    {
        await Execute(services, "insert into catalog.mt_streams (id) values (gen_random_uuid())");
        await Execute(services, "update catalog.mt_streams set version = 1");
        await Execute(services, "delete from catalog.mt_streams");
        await Execute(services, "select nextval('catalog.mt_events_sequence')");
        await Execute(services, "select count(*) from catalog_messages.wolverine_incoming_envelopes, queues.wolverine_queue_documents");
        string[] refused =
        [
            "create table catalog.more (id int)",
            "create schema more",
            "create table public.more (id int)",
            "alter table catalog.mt_streams add column more int",
            "drop table catalog.mt_streams",
            "truncate catalog.mt_streams",
            "create or replace function catalog.mt_immutable_timestamp(value text) returns timestamp language sql as 'select now()::timestamp'",
            "alter role current_user superuser",
        ];
        foreach (var statement in refused)
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                (await Assert.ThrowsAsync<PostgresException>(() => Execute(services, statement))).SqlState
            );
    }

    static async Task Answers(HttpClient client, string path, RunningProgram running)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        while (true)
        {
            Assert.False(running.HasEnded, running.Said);
            try
            {
                using var answer = await client.GetAsync(path, limit.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(100, limit.Token);
        }
    }

    static async Task Execute(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
