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
/// <remarks>It ends with 1, and has done nothing, where processes run that would write on as the release before has it.</remarks>
static class MigrateCommand
{
    public static bool IsIn(string[] args) => args is ["migrate", ..];

    public static void Configure(IConfiguration configuration)
    {
        configuration["Database:Migrate"] = "true";
        if ((configuration.GetConnectionString("Migrations") ?? configuration.GetConnectionString("Database")) is { } connection)
            // A large table takes its time.
            configuration["ConnectionStrings:Database"] = new NpgsqlConnectionStringBuilder(connection)
            {
                CommandTimeout = 0,
            }.ConnectionString;
    }

    public static async Task Run(WebApplication app)
    {
        var cancellation = CancellationToken.None;
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        var messages = app.Services.GetRequiredService<IWolverineRuntime>().MessageSchema();
        var preparation = app.Services.GetRequiredService<PrepareDatabase>();
        await preparation.Answers(cancellation);
        var held = await preparation.Prepare(
            async () =>
            {
                await app.SetupResources(cancellation);
                if (app.Configuration["Database:ServiceUser"] is { Length: > 0 } user)
                    foreach (var schema in new[] { Schema(app), messages, Persistence.QueueSchema })
                        await Let(user, schema, database);
            },
            cancellation
        );
        if (held.Count > 0)
        {
            Console.Error.WriteLine(
                $"Processes of the service are running, and this release changes what they write: {string.Join(", ", held)}. Stop them, and run this again."
            );
            Environment.ExitCode = 1;
            return;
        }
        Console.WriteLine("The database is as this release needs it.");
    }

    static string Schema(WebApplication app) => app.Services.GetRequiredService<IDocumentStore>().Options.DatabaseSchemaName;

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
