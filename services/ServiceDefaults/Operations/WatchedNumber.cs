using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.ServiceDefaults.Operations;

/// <summary>
/// A number by which people see how the work of a service stands: what waits, and what is late. It is a metric of the process and a line of
/// its status.
/// </summary>
/// <param name="Name">Its name as a metric: <c>policyplatform.obligations</c>.</param>
/// <param name="Unit">Its unit in UCUM; what is counted in braces: <c>{obligation}</c>.</param>
/// <param name="What">What is counted, for people.</param>
/// <param name="By">The attribute that tells its kinds apart; null for one number alone.</param>
/// <param name="Count">Counts it.</param>
public sealed record WatchedNumber(
    string Name,
    string Unit,
    Wording What,
    string? By,
    Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<CountedKind>>> Count
)
{
    /// <summary>A number that the database counts.</summary>
    /// <param name="name">Its name as a metric.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="what">What is counted, for people.</param>
    /// <param name="by">The attribute that tells its kinds apart; null for one number alone.</param>
    /// <param name="sql">
    /// Asks for rows of a kind (null for one number alone) and a number. It is asked once a minute by each process, so an index finds what it
    /// counts. <c>@now</c> is the instant, <c>@today</c> the day in Asia/Shanghai, by the platform's clock.
    /// </param>
    public static WatchedNumber InDatabase(string name, string unit, Wording what, string? by, string sql) =>
        new(
            name,
            unit,
            what,
            by,
            async (services, cancellation) =>
            {
                var time = services.GetRequiredService<TimeProvider>();
                await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
                if (sql.Contains("@now", StringComparison.Ordinal))
                    command.Parameters.AddWithValue("now", time.GetUtcNow().ToUniversalTime());
                if (sql.Contains("@today", StringComparison.Ordinal))
                    command.Parameters.AddWithValue("today", time.Today());
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                var counted = new List<CountedKind>();
                while (await reader.ReadAsync(cancellation))
                    counted.Add(
                        new(
                            reader.IsDBNull(0) ? null : reader.GetString(0),
                            Convert.ToDouble(reader.GetValue(1), System.Globalization.CultureInfo.InvariantCulture)
                        )
                    );
                return counted;
            }
        );
}

/// <summary>How many there are of a kind.</summary>
/// <param name="Kind">The kind, in snake_case as attributes of metrics are; null for one number alone.</param>
/// <param name="Value">How many, or how much in the number's unit.</param>
public sealed record CountedKind(string? Kind, double Value);
