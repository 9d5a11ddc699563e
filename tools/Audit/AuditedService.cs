using System.Security.Cryptography;
using System.Text.Json;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Microsoft.Extensions.Configuration;
using Npgsql;
using PolicyPlatform.Catalog;
using PolicyPlatform.Consultation;
using PolicyPlatform.Documents;
using PolicyPlatform.Interpretation;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.PersonalData;
using Weasel.Storage;

namespace PolicyPlatform.Audit;

/// <summary>A service as its database shows it: its store as the service itself describes it, on a connection that writes nothing.</summary>
sealed class AuditedService : IAsyncDisposable
{
    /// <summary>The services, each with what it keeps and what it makes of events.</summary>
    public static readonly (string Name, Action<StoreOptions> Store, (string Name, int Version)[] Made)[] All =
    [
        ("catalog", CatalogStore.Configure, CatalogStore.Made),
        ("documents", DocumentsStore.Configure, DocumentsStore.Made),
        ("interpretation", InterpretationStore.Configure, InterpretationStore.Made),
        ("consultation", ConsultationStore.Configure, ConsultationStore.Made),
    ];

    readonly NpgsqlDataSource database;
    readonly DocumentStore store;
    readonly JsonSerializerOptions? opening;
    readonly Lazy<(NpgsqlDataSource Database, DocumentStore Store)>? mending;

    AuditedService(string name, string connection, string? keys, TimeSpan longest, bool repairs)
    {
        Name = name;
        Made = All.First(s => s.Name == name).Made;
        database = NpgsqlDataSource.Create(Connection(connection, longest, "on"));
        var seals = keys is null ? null : new Seals(KeysIn(keys), name);
        opening = seals is null ? null : new() { Converters = { seals } };
        store = Open(database, seals);
        if (repairs)
            mending = new(() =>
            {
                var writing = NpgsqlDataSource.Create(Connection(connection, longest, "off"));
                return (writing, Open(writing, seals));
            });
    }

    /// <summary>Opens a service.</summary>
    /// <param name="name">Its name in lower case.</param>
    /// <param name="connection">The database that it is in.</param>
    /// <param name="keys">The folder of the keys of personal data; null where nothing sealed is opened.</param>
    /// <param name="longest">How long a statement may take.</param>
    /// <param name="repairs">Whether something may be mended.</param>
    public static AuditedService Open(string name, string connection, string? keys, TimeSpan longest, bool repairs) =>
        new(name, connection, keys, longest, repairs);

    /// <summary>Its name: its schema.</summary>
    public string Name { get; }

    /// <summary>The schema of its inbox, outbox and dead letters.</summary>
    public string MessageSchema => Persistence.MessageSchemaOf(Name);

    /// <summary>What it makes of events.</summary>
    public IReadOnlyList<(string Name, int Version)> Made { get; }

    /// <summary>How it is kept.</summary>
    public StoreOptions Options => store.Options;

    /// <summary>Whether its streams are known by codes that people gave.</summary>
    public bool IsByCode => store.Options.Events.StreamIdentity is StreamIdentity.AsString;

    /// <summary>Whether what is sealed can be opened.</summary>
    public bool HasKeys => opening is not null;

    /// <summary>The name of a table of it.</summary>
    public string TableOf<T>() => ((IReadOnlyStoreOptions)store.Options).Schema.For<T>();

    /// <summary>A session that is never saved: it gathers what a projection would store.</summary>
    public IDocumentSession Gathering() => store.LightweightSession();

    /// <summary>What a document is as JSON.</summary>
    public string Json(object document) => store.Options.Serializer().ToJson(document);

    /// <summary>Whether all that is sealed in a row opens with the keys.</summary>
    public bool Opens(string row)
    {
        using var json = JsonDocument.Parse(row);
        try
        {
            return Sealed(json.RootElement).All(s => s.Deserialize<Sealed<JsonElement>>(opening)!.IsReadable);
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException)
        {
            return false;
        }

        static IEnumerable<JsonElement> Sealed(JsonElement element) =>
            element.ValueKind switch
            {
                JsonValueKind.String => element.GetString()!.StartsWith("sealed:", StringComparison.Ordinal) ? [element] : [],
                JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Sealed(p.Value)),
                JsonValueKind.Array => element.EnumerateArray().SelectMany(Sealed),
                _ => [],
            };
    }

    /// <summary>Looks at the service as it is at one instant; what is written meanwhile is not seen.</summary>
    public async Task<Snapshot> Look(CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        return new(this, transaction, store.QuerySession(SessionOptions.ForTransaction(transaction)));
    }

    /// <summary>A session that mends: what it stores stands in place of what is there.</summary>
    public IDocumentSession Mending() =>
        (mending ?? throw new InvalidOperationException("Nothing is mended without --repair.")).Value.Store.LightweightSession(
            new SessionOptions { ConcurrencyChecks = ConcurrencyChecks.Disabled }
        );

    /// <summary>Mends by a statement.</summary>
    public async Task Execute(string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = mending!.Value.Database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        store.Dispose();
        await database.DisposeAsync();
        if (mending is { IsValueCreated: true, Value: var (writing, mended) })
        {
            mended.Dispose();
            await writing.DisposeAsync();
        }
    }

    // Whatever is done here, the database itself refuses to write.
    static string Connection(string connection, TimeSpan longest, string readOnly)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection) { ApplicationName = "audit", MaxPoolSize = 4 };
        builder.CommandTimeout = (int)longest.TotalSeconds + 10;
        builder.Options = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{builder.Options} -c default_transaction_read_only={readOnly} -c statement_timeout={(long)longest.TotalMilliseconds}"
        );
        return builder.ConnectionString;
    }

    DocumentStore Open(NpgsqlDataSource source, Seals? seals) =>
        DocumentStore.For(options =>
        {
            options.Connection(source);
            options.AutoCreateSchemaObjects = AutoCreate.None;
            Persistence.Configure(options, Name, seals, All.First(s => s.Name == Name).Store);
        });

    // Keys are read and never made.
    static KeyFolder KeysIn(string folder) =>
        new(
            new ConfigurationBuilder()
                .AddEnvironmentVariables()
                .AddInMemoryCollection(
                    new Dictionary<string, string?> { ["PersonalData:KeyFolder"] = folder, ["PersonalData:MakeKeys"] = "false" }
                )
                .Build()
        );
}

/// <summary>A service at one instant.</summary>
sealed class Snapshot(AuditedService service, NpgsqlTransaction transaction, IQuerySession session) : IAsyncDisposable
{
    readonly NpgsqlConnection connection = transaction.Connection!;

    /// <summary>The service.</summary>
    public AuditedService Service => service;

    /// <summary>Reads its documents and events.</summary>
    public IQuerySession Session => session;

    /// <summary>Reads rows.</summary>
    public async Task<IReadOnlyList<T>> Rows<T>(
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellation,
        params object[] parameters
    )
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
