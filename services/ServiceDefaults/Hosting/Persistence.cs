using JasperFx;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Operations;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;
using Weasel.Core;
using Wolverine.Marten;
using Wolverine.Runtime;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Marten as every service uses it: its own schema of one database, events with server timestamps, the outbox beside them.
/// </summary>
static class Persistence
{
    /// <summary>The schema of the message queues, shared by all services.</summary>
    internal const string QueueSchema = "queues";

    /// <summary>The schema of a service's inbox, outbox and dead letters.</summary>
    internal static string MessageSchemaOf(string service) => $"{service}_messages";

    /// <summary>The schema of this service's inbox, outbox and dead letters.</summary>
    internal static string MessageSchema(this IWolverineRuntime messaging) => MessageSchemaOf(messaging.Options.ServiceName!);

    public static void AddPersistence(this WebApplicationBuilder builder, string service, Action<StoreOptions> configure)
    {
        var seals = new Seals(new(builder.Configuration), service);
        builder.Services.AddSingleton(_ =>
            NpgsqlDataSource.Create(
                Connection(
                    builder.Configuration.GetConnectionString("Database")
                        ?? throw new InvalidOperationException(
                            "ConnectionStrings:Database is not set: the service needs to know its PostgreSQL database."
                        ),
                    service
                )
            )
        );
        builder
            .Services.AddMarten(options =>
            {
                options.AutoCreateSchemaObjects = PrepareDatabase.IsOwn(builder.Configuration)
                    ? AutoCreate.CreateOrUpdate
                    : AutoCreate.None;
                Configure(options, service, seals, configure);
                // Statements are traced by Npgsql. Marten's own spans of connections are never ended where a transaction was begun, and what
                // is in them belongs to nothing then.
                options.OpenTelemetry.TrackEventCounters();
                options.Listeners.Add(new StateEvents.Guard());
            })
            .UseNpgsqlDataSource()
            .UseLightweightSessions()
            .IntegrateWithWolverine(integration =>
            {
                integration.MessageStorageSchemaName = MessageSchemaOf(service);
                integration.TransportSchemaName = QueueSchema;
            });
        builder.AddReplicas(service);
        builder
            .Services.AddSingleton(seals)
            .AddSingleton<ActorNames>()
            .AddSingleton<EventWriter>()
            .AddSingleton(services => ActivatorUtilities.CreateInstance<PublicChanges>(services, service))
            .AddSingleton<Presence>()
            .AddSingleton<PrepareDatabase>()
            .AddHostedService(services => services.GetRequiredService<PrepareDatabase>())
            .AddHostedService(services => services.GetRequiredService<Presence>())
            .AddHostedService<ForgetOldAnswers>()
            .AddHostedService<ForgottenMessages>()
            .AddSingleton<SealingKeys>()
            .AddSingleton<DatabaseTakesWrites>()
            .AddSingleton<StuckMessages>()
            .AddHostedService(services => services.GetRequiredService<SealingKeys>())
            .AddHostedService(services => services.GetRequiredService<StuckMessages>())
            .AddWatchedMessages();
        builder
            .Services.AddHealthChecks()
            .AddCheck<DatabaseAnswers>("database", tags: ["ready"], timeout: TimeSpan.FromSeconds(3))
            .AddCheck<DatabaseTakesWrites>("storage", tags: ["ready"], timeout: TimeSpan.FromSeconds(3))
            .AddCheck<SealingKeys>("personalData", tags: ["ready"], timeout: TimeSpan.FromSeconds(3))
            .AddCheck<StuckMessages>("waiting", tags: ["ready"], timeout: TimeSpan.FromSeconds(3))
            .AddCheck<NoDeadLetters>("messages", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
    }

    // As many statements as there can be keep their plans, so that none ever takes the place of another: where one does in a batch that fails
    // halfway, what follows binds to the wrong one (seen as 08P01 with two hundred writers).
    const int PreparedStatements = 2000;

    static NpgsqlConnectionStringBuilder Connection(string given, string service)
    {
        var connection = new NpgsqlConnectionStringBuilder(given)
        {
            ApplicationName = service,
            // Wolverine compares instants without a zone: on a server with another one they would be hours off.
            Timezone = "UTC",
            // A process that is halted in the middle of a transaction holds up nobody for longer.
            Options = "-c idle_in_transaction_session_timeout=60000",
            // A text of 18 KB leaves in one piece instead of in several.
            WriteBufferSize = 64 * 1024,
            // Nothing here leaves anything behind in a session; resetting one throws away the plans of the function that appends
            // events, a third of its time.
            NoResetOnClose = true,
        };
        // Whoever has a pooler in between that knows of no prepared statements says 0.
        if (!IsSaid(given, nameof(connection.MaxAutoPrepare)))
            connection.MaxAutoPrepare = PreparedStatements;
        return connection;
    }

    // With blanks or without, as connection strings may have them.
    static bool IsSaid(string given, string setting) =>
        new System.Data.Common.DbConnectionStringBuilder { ConnectionString = given }
            .Keys.Cast<string>()
            .Any(said => string.Equals(said.Replace(" ", "", StringComparison.Ordinal), setting, StringComparison.OrdinalIgnoreCase));

    /// <summary>Lets requests read, by their session or by themselves; the public from standbys where there are some.</summary>
    static void AddReplicas(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddScoped<ReadDatabase>();
        if (builder.Configuration.GetConnectionString("Replicas") is not { Length: > 0 } given)
        {
            builder.Services.AddSingleton(new StandbyPatience(TimeSpan.Zero));
            return;
        }
        var connection = Connection(given, service);
        // Whoever waits for one that is away could have read from the database.
        if (!IsSaid(given, nameof(connection.Timeout)))
            connection.Timeout = 2;
        var mostLag = StandbyPatience.MostLag(builder.Configuration);
        builder
            .Services.AddSingleton(services => new Replicas(
                services.GetRequiredService<NpgsqlDataSource>(),
                connection,
                mostLag,
                services.GetRequiredService<ILogger<Replicas>>()
            ))
            .AddHostedService(services => services.GetRequiredService<Replicas>())
            .AddSingleton(services => new StandbyPatience(services.GetRequiredService<Replicas>().LongestStale))
            .AddSingleton(services => ActivatorUtilities.CreateInstance<PublicReads>(services, service))
            .AddScoped<IQuerySession>(services =>
                services.GetRequiredService<ReadDatabase>().Standby is { } standby
                    ? services.GetRequiredService<IDocumentStore>().QuerySession(Marten.Services.SessionOptions.ForConnection(standby))
                    : services.GetRequiredService<ISessionFactory>().QuerySession()
            )
            .Watch(
                new(
                    "policyplatform.replicas.ready",
                    "{replica}",
                    "Whether the public reads from a replica of the database: 1, or 0",
                    "replica",
                    (services, _) => Task.FromResult(services.GetRequiredService<Replicas>().Ready())
                )
            )
            .Watch(
                new(
                    "policyplatform.replicas.lag",
                    "s",
                    "How far a replica of the database is behind it",
                    "replica",
                    (services, _) => Task.FromResult(services.GetRequiredService<Replicas>().Lags())
                )
            )
            .AddHealthChecks()
            .AddCheck<Replicas>("replicas", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
    }

    /// <summary>Where a service keeps what, and how it is written: all that somebody needs to know who reads it from outside the service.</summary>
    /// <param name="options">The store.</param>
    /// <param name="service">The service's name in lower case.</param>
    /// <param name="seals">Opens what is sealed; null for whoever has no keys, and reads nothing that is.</param>
    /// <param name="configure">What the service keeps.</param>
    internal static void Configure(StoreOptions options, string service, Seals? seals, Action<StoreOptions> configure)
    {
        options.DatabaseSchemaName = service;
        options.DisableNpgsqlLogging = true;
        var json = JsonDefaults.Apply(new());
        if (seals is not null)
            json.Converters.Add(seals);
        json.Converters.Insert(0, new Wording.Stored());
        options.UseSystemTextJsonForSerialization(json, EnumStorage.AsString, Casing.CamelCase);
        options.Schema.For<IdempotentAnswer>().Index(a => a.At);
        options.Schema.For<ActorName>();
        options.Schema.For<SealingKey>();
        options.Schema.For<BuiltProjection>();
        PublicChanges.AddTo(options);
        configure(options);
    }
}
