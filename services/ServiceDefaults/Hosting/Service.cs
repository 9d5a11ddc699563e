using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Operations;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>One capability of a service, in a folder of its own: what can be asked of it, what it tells others, and what it needs.</summary>
public interface ICapability
{
    /// <summary>Adds it.</summary>
    static abstract void AddTo(Service service);
}

/// <summary>A service, put together of its capabilities. Its Program.cs reads like a table of contents.</summary>
public sealed class Service
{
    readonly string name;
    readonly List<Action<Messages>> messages = [];
    readonly List<Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>>> filters = [];
    readonly List<Action<IEndpointRouteBuilder>> endpoints = [],
        contracts = [];

    /// <summary>A service with what every service has: telemetry, identity, persistence, messages, health, problem details.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">Its name in lower case: its schema, its queue and its name in telemetry.</param>
    /// <param name="store">Its events and what is made of them.</param>
    /// <param name="made">The versions of what is made of events; what has another than the database's is made anew.</param>
    public Service(
        WebApplicationBuilder builder,
        string name,
        Action<StoreOptions> store,
        params IReadOnlyList<(string Name, int Version)> made
    )
    {
        Host = builder;
        builder.AddServiceDefaults(name, store);
        this.name = name;
        builder.RebuildWhenChanged(made);
    }

    /// <summary>What the container holds.</summary>
    public IServiceCollection Services => Host.Services;

    /// <summary>The host.</summary>
    public WebApplicationBuilder Host { get; }

    /// <summary>Adds a capability.</summary>
    public Service With<TCapability>()
        where TCapability : ICapability
    {
        TCapability.AddTo(this);
        return this;
    }

    /// <summary>Adds something that can be asked for over HTTP.</summary>
    public Service Endpoint<TEndpoint>()
        where TEndpoint : IEndpoint
    {
        endpoints.Add(TEndpoint.Map);
        return this;
    }

    /// <summary>Puts something before all that can be asked for over HTTP.</summary>
    public Service Before(Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> filter)
    {
        filters.Add(filter);
        return this;
    }

    /// <summary>Adds something that other services can ask for over gRPC.</summary>
    public Service Answers<TContract>()
        where TContract : class
    {
        contracts.Add(app => app.MapGrpcService<TContract>());
        return this;
    }

    /// <summary>Lets it ask another service over gRPC.</summary>
    /// <param name="other">The other's name, as <c>Services:…:Grpc</c> has it.</param>
    public Service Asks<TClient>(string other)
        where TClient : class
    {
        Host.AddGrpcClientOf<TClient>(other);
        return this;
    }

    /// <summary>Sends messages of this type to the named services, a copy each.</summary>
    public Service Sends<TMessage>(params string[] services) => Says(m => m.Send<TMessage>(services));

    /// <summary>Receives what others send to it.</summary>
    public Service Receives() => Says(m => m.Receive());

    /// <summary>Has a number watched that the database counts: as a metric, and in the service's status.</summary>
    /// <param name="name">Its name as a metric.</param>
    /// <param name="unit">Its unit in UCUM; what is counted in braces.</param>
    /// <param name="what">What is counted, for people.</param>
    /// <param name="by">The attribute that tells its kinds apart; null for one number alone.</param>
    /// <param name="sql">Asks for it: see <see cref="WatchedNumber.InDatabase"/>.</param>
    public Service Watches(string name, string unit, Wording what, string? by, string sql) =>
        Watches(WatchedNumber.InDatabase(name, unit, what, by, sql));

    /// <summary>Has a number watched.</summary>
    public Service Watches(WatchedNumber number)
    {
        Services.Watch(number);
        return this;
    }

    /// <summary>Says how its messages are handled.</summary>
    public Service Says(Action<Messages> how)
    {
        messages.Add(how);
        return this;
    }

    /// <summary>
    /// Runs it; with the argument <c>codegen</c> it writes the code of its message handlers instead, with <c>migrate</c> it brings its
    /// database to this release.
    /// </summary>
    public Task Run(string[] args)
    {
        if (MigrateCommand.IsIn(args))
            MigrateCommand.Configure(Host.Configuration);
        Host.AddMessaging(name, all => messages.ForEach(say => say(all)));
        var app = Host.Build();
        foreach (var map in contracts)
            map(app);
        var api = app.UseServiceDefaults();
        foreach (var filter in filters)
            api.AddEndpointFilter((context, next) => filter(context, next));
        foreach (var map in endpoints)
            map(api);
        return app.RunService(args);
    }
}
