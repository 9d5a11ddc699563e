using CliWrap;
using CliWrap.Buffered;
using Npgsql;
using PolicyPlatform.AppHost.Postgres;

namespace PolicyPlatform.AppHost.Backups;

/// <summary>The programs of PostgreSQL that copy a database. Not every build of the server comes with them.</summary>
public static class PostgresPrograms
{
    /// <summary>Runs one of them.</summary>
    /// <param name="program">pg_dump, pg_restore or pg_basebackup.</param>
    /// <param name="server">The version of the server; older programs do not fit.</param>
    /// <param name="database">The connection string.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartException">It is not there, or fails.</exception>
    public static async Task Run(string program, int server, string database, string[] arguments, CancellationToken cancellation)
    {
        var path =
            await PostgresBinaries.Client(program, server, cancellation)
            ?? throw new StartException(
                $"{program} {server} or newer was not found, and the embedded PostgreSQL has none: install the client programs of PostgreSQL (Debian: apt-get install postgresql-client)."
            );
        var to = new NpgsqlConnectionStringBuilder(database);
        var ended = await Cli.Wrap(path)
            .WithArguments(arguments)
            .WithWorkingDirectory(Path.GetTempPath())
            .WithValidation(CommandResultValidation.None)
            // Not as arguments: those are seen by everybody on the machine.
            .WithEnvironmentVariables(environment =>
                environment
                    .Set("LC_ALL", "C")
                    .Set("PGHOST", to.Host)
                    .Set("PGPORT", to.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
                    .Set("PGUSER", to.Username)
                    .Set("PGPASSWORD", to.Password)
                    .Set("PGDATABASE", to.Database)
            )
            .ExecuteBufferedAsync(cancellation);
        if (!ended.IsSuccess)
            throw new StartException($"{program} failed: {ended.StandardError.Trim()}");
    }
}
