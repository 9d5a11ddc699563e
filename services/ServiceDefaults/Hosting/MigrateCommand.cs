using JasperFx.Resources;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Wolverine.Runtime;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// <c>dotnet PolicyPlatform.Documents.dll migrate</c> brings the service's tables, its queues and what is made of its events to this
/// release, and ends. It connects with <c>ConnectionStrings:Migrations</c>, whose user may change schemas, or else with
/// <c>ConnectionStrings:Database</c>; the user named by <c>Database:ServiceUser</c> may then read and write, and change no table. Services with
/// <c>Database:Migrate=false</c> wait for it.
/// </summary>
/// <remarks>
/// A release that only adds is prepared while the one before still runs. One that makes something anew is refused until that has ended.
/// </remarks>
static class MigrateCommand
{
    public static bool IsIn(string[] args) => args is ["migrate", ..];

    public static void Configure(IConfiguration configuration)
    {
        configuration["Database:Migrate"] = "true";
        if (configuration.GetConnectionString("Migrations") is { } own)
            configuration["ConnectionStrings:Database"] = own;
    }

    public static async Task Run(WebApplication app)
    {
        var cancellation = CancellationToken.None;
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        var messages = app.Services.GetRequiredService<IWolverineRuntime>().MessageSchema();
        var preparation = app.Services.GetRequiredService<PrepareDatabase>();
        await preparation.Answers(cancellation);
        if (await preparation.Changed(cancellation) is { Count: > 0 } changed && await Running(database, messages) is > 0 and var running)
        {
            Console.Error.WriteLine(
                $"{running} processes of the release before are running, and this one makes anew what they write: {string.Join(", ", changed)}. Stop them, and run this again a minute later."
            );
            Environment.ExitCode = 1;
            return;
        }
        await preparation.Prepare(cancellation);
        await app.SetupResources(cancellation);
        if (app.Configuration["Database:ServiceUser"] is { Length: > 0 } user)
            foreach (
                var schema in new[]
                {
                    app.Services.GetRequiredService<IDocumentStore>().Options.DatabaseSchemaName,
                    messages,
                    Persistence.QueueSchema,
                }
            )
                await Let(user, schema, database);
        Console.WriteLine("The database is as this release needs it.");
    }

    // Whoever runs says so every few seconds.
    static async Task<long> Running(NpgsqlDataSource database, string messages)
    {
        await using var command = database.CreateCommand(
            $"select count(*) from {messages}.wolverine_nodes where health_check > now() - interval '1 minute'"
        );
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static async Task Let(string user, string schema, NpgsqlDataSource database)
    {
        var name = $"\"{user.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await using var command = database.CreateCommand(
            $"""
            do $$ begin if exists (select from pg_namespace where nspname = '{schema}') then
              grant usage on schema {schema} to {name};
              grant select, insert, update, delete on all tables in schema {schema} to {name};
              grant usage, select, update on all sequences in schema {schema} to {name};
              grant execute on all routines in schema {schema} to {name};
            end if; end $$
            """
        );
        await command.ExecuteNonQueryAsync();
    }
}
