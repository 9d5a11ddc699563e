using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>A service whose database has no room, or can only be read, answers who reads and refuses who writes: its health says so.</summary>
sealed class DatabaseTakesWrites(NpgsqlDataSource database) : IHealthCheck
{
    // More rows than the memory of this one statement holds: the server writes them into a file, which is gone with the statement.
    const string SomeRoom =
        "select set_config('work_mem', '64kB', true), current_setting('transaction_read_only') = 'on'; select count(*) from generate_series(1, 20000)";

    // In milliseconds: however often somebody asks.
    const long AskedEvery = 1_000;

    volatile Asked? last;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (last is not { } known || Environment.TickCount64 - known.At > AskedEvery)
            last = known = new(await Ask(cancellationToken), Environment.TickCount64);
        return known.Result;
    }

    sealed record Asked(HealthCheckResult Result, long At);

    async Task<HealthCheckResult> Ask(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            // The setting ends with the transaction.
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var command = new NpgsqlCommand(SomeRoom, connection, transaction);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var isReadOnly = reader.GetBoolean(1);
            while (await reader.NextResultAsync(cancellation)) { }
            return isReadOnly
                ? HealthCheckResult.Degraded("The database can only be read: writes are refused with storage.readOnly.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (Faults.IsFull(e))
        {
            return HealthCheckResult.Degraded(
                "The database has no room: writes are refused with storage.full, reads go on. Make room on its disk.",
                e
            );
        }
        catch (Exception e) when (Faults.IsReadOnly(e))
        {
            return HealthCheckResult.Degraded("The disk of the database can only be read: writes are refused with storage.readOnly.", e);
        }
        catch (Exception e) when (e is NpgsqlException || Faults.IsTemporary(e))
        {
            return HealthCheckResult.Degraded("The database does not say whether it can be written.", e);
        }
    }
}
