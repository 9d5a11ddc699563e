using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// That a process of the service runs, held as a lock of the database that all of them share: whoever changes tables under them sees it, and
/// it goes with the process, however that ends.
/// </summary>
sealed class Presence(IDocumentStore store, NpgsqlDataSource database, IHostApplicationLifetime lifetime, ILogger<Presence> logger)
    : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    Func<CancellationToken, Task<bool>>? isStillPrepared;
    NpgsqlConnection? held;

    string Key => $"hashtext('runs {store.Options.DatabaseSchemaName}')";

    /// <summary>Becomes present; not while somebody changes tables.</summary>
    public async Task<bool> Take(CancellationToken cancellation)
    {
        if (held is not null)
            return true;
        var connection = await database.OpenConnectionAsync(cancellation);
        if (await Ask(connection, $"select pg_try_advisory_lock_shared({Key})", cancellation))
        {
            held = connection;
            return true;
        }
        await connection.DisposeAsync();
        return false;
    }

    /// <summary>Is present no more.</summary>
    public async Task Leave()
    {
        if (Interlocked.Exchange(ref held, null) is not { } connection)
            return;
        await using (connection)
            // A connection that broke has left already.
            try
            {
                await Ask(connection, $"select pg_advisory_unlock_shared({Key})", CancellationToken.None);
            }
            catch (Exception e) when (e is NpgsqlException or ObjectDisposedException or InvalidOperationException || Faults.IsTemporary(e))
            { }
    }

    /// <summary>Whether nobody is present, and nobody becomes present while this connection holds it.</summary>
    public Task<bool> IsAlone(NpgsqlConnection connection, CancellationToken cancellation) =>
        Ask(connection, $"select pg_try_advisory_lock({Key})", cancellation);

    /// <summary>Lets others become present again.</summary>
    public Task AloneNoMore(NpgsqlConnection connection) => Ask(connection, $"select pg_advisory_unlock({Key})", CancellationToken.None);

    /// <summary>From now on sees to it that it stays present, and ends the process where tables were changed while it was not.</summary>
    public void Watch(Func<CancellationToken, Task<bool>> isStillPrepared) => this.isStillPrepared = isStillPrepared;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's clock, not by the platform's: it is about this process.
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Stay(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It ends.
        }
        finally
        {
            await Leave();
        }
    }

    async Task Stay(CancellationToken cancellation)
    {
        try
        {
            if (held is { } connection && await Ask(connection, "select true", cancellation))
                return;
        }
        catch (Exception e)
            when (!cancellation.IsCancellationRequested
                && (e is NpgsqlException or ObjectDisposedException or InvalidOperationException || Faults.IsTemporary(e))
            )
        {
            await Leave();
        }
        try
        {
            if (await Take(cancellation) && (isStillPrepared is null || await isStillPrepared(cancellation)))
                return;
            logger.LogCritical(
                "The database was prepared for another release while its connection was lost. The process ends, and waits when it starts again."
            );
            lifetime.StopApplication();
        }
        catch (Exception e) when (Faults.IsForNextTime(e, cancellation))
        {
            logger.LogInformation("The database does not answer: {Reason}", e.Message);
        }
    }

    static async Task<bool> Ask(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
