using JasperFx;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Contracts;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Postgresql;
using Wolverine.Postgresql.Transport;
using Wolverine.RabbitMQ;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Wolverine as every service uses it: a durable inbox and outbox, PostgreSQL queues by default, RabbitMQ where
/// <c>Messaging:RabbitMq</c> names a broker.
/// </summary>
static class Messaging
{
    public static void AddMessaging(this WebApplicationBuilder builder, string service, Action<Messages> configure)
    {
        var broker = builder.Configuration["Messaging:RabbitMq"];
        var poll = TimeSpan.FromSeconds(builder.Configuration.GetValue("Messaging:PollSeconds", 5.0));
        builder.Host.UseWolverine(
            options =>
            {
                options.ServiceName = service;
                options.ApplicationAssembly = System.Reflection.Assembly.Load(builder.Environment.ApplicationName);
                // The code around the handlers is written beforehand (tools/write-handlers.sh): no compiler is loaded, and the first
                // message waits for none.
                options.CodeGeneration.TypeLoadMode = JasperFx.CodeGeneration.TypeLoadMode.Static;
                if (builder.Configuration["CodeGeneration:Folder"] is { } folder)
                    options.CodeGeneration.GeneratedCodeOutputPath = folder;
                var own = PrepareDatabase.IsOwn(builder.Configuration);
                options.AutoBuildMessageStorageOnStartup = own ? AutoCreate.CreateOrUpdate : AutoCreate.None;
                // One node answers at once after a crash; several must find out which of them is gone first.
                if (builder.Configuration.GetValue<bool>("Messaging:SingleNode"))
                    options.Durability.Mode = DurabilityMode.Solo;
                // What one that is gone had in its hands, another one has ten to fifteen seconds later. One that was only slow, such as a machine
                // that was halted, finds its messages handled, as whoever handles one twice does.
                options.Durability.HealthCheckPollingTime = TimeSpan.FromSeconds(2);
                options.Durability.StaleNodeTimeout = TimeSpan.FromSeconds(10);
                options.Durability.CheckAssignmentPeriod = TimeSpan.FromSeconds(5);
                // Looking after the others is no work of anybody's.
                options.Durability.NodeAssignmentHealthCheckTracingEnabled = false;
                // What is set for an instant leaves at it, and what belongs to nobody is taken up within a second: by QueueAlarm.
                options.Durability.ScheduledJobPollingTime = TimeSpan.FromSeconds(5);
                // Nobody reads them more often.
                options.Durability.UpdateMetricsPeriod = TimeSpan.FromSeconds(15);
                options.Policies.AutoApplyTransactions();
                options.Policies.UseDurableLocalQueues();
                options.Policies.UseDurableInboxOnAllListeners();
                options.Policies.UseDurableOutboxOnAllSendingEndpoints();
                // What is temporary waits as long as it takes. Everything else is a dead letter after a few tries, which a supervisor sees: GET
                // /operations/dead-letters.
                options.OnException(Faults.IsTemporary).RetryWithCooldown(Cooldown).Then.ScheduleRetryIndefinitely(Waits);
                // A message whose move to the queue was carried out and not answered is not in the outbox any more. Tried again it fails for
                // ever, and three failures keep whoever sends from sending anything there.
                options.SendingFailure.OnException<InvalidOperationException>(IsMoved).Discard();
                // Sent in a transaction whose commit was not answered: nobody hands it on before it is looked for. The inbox is looked after by
                // ForgottenMessages.
                options.Durability.OutboxStaleTime = TimeSpan.FromSeconds(30);
                options.Policies.ForMessagesOfType<IAboutDocument>().AddMiddleware(typeof(DocumentTurn));
                if (broker is { Length: > 0 })
                    options
                        .UseRabbitMq(new Uri(broker))
                        .AutoProvision()
                        .DisableDeadLetterQueueing()
                        .ConfigureChannelCreation(channel =>
                        {
                            // A message leaves the outbox when the broker has it, not when it was sent: the broker, too, can be killed.
                            channel.PublisherConfirmationsEnabled = true;
                            channel.PublisherConfirmationTrackingEnabled = true;
                        });
                else
                {
                    var queues = options.Transports.GetOrCreate<PostgresqlTransport>();
                    queues.AutoProvision = own;
                    // Whoever sends wakes whoever receives; without a word of it the poll finds what has come.
                    queues.EnableQueueNotifications = true;
                }
                configure(new(options, overRabbitMq: broker is { Length: > 0 }, poll));
                // After all that somebody waits for: the first rule that fits is the one.
                options.OnAnyException().RetryWithCooldown(Cooldown).Then.ScheduleRetry(Tries).Then.MoveToErrorQueue();
            },
            ExtensionDiscovery.ManualOnly
        ); // Looking for extensions would load every assembly there is.
        builder.Services.AddSingleton(new Transport(IsBroker: broker is { Length: > 0 })).AddHostedService<QueueAlarm>();
    }

    /// <summary>What carries the messages between services.</summary>
    internal sealed record Transport(bool IsBroker);

    // Wolverine has no other word for it.
    static bool IsMoved(InvalidOperationException e) => e.Message.StartsWith("No matching outgoing envelope", StringComparison.Ordinal);

    /// <summary>The pauses of a message that waits for something; the last one repeats until it has come.</summary>
    internal static readonly TimeSpan[] Waits = [.. new[] { 1, 2, 5, 10, 30, 60 }.Select(s => TimeSpan.FromSeconds(s))];

    // Tried again at once, on the thread that has it.
    static readonly TimeSpan[] Cooldown = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200)];

    // Tried again later, while others are handled.
    static readonly TimeSpan[] Tries = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];
}

/// <summary>Says which messages a service sends to whom and where it listens, whatever carries them.</summary>
public sealed class Messages(WolverineOptions options, bool overRabbitMq, TimeSpan poll)
{
    /// <summary>Sends messages of this type to the named services, a copy each.</summary>
    public Messages Send<TMessage>(params string[] services)
    {
        foreach (var service in services)
        {
            if (overRabbitMq)
                options.PublishMessage<TMessage>().ToRabbitQueue(service);
            else
                options.PublishMessage<TMessage>().ToPostgresqlQueue(service);
        }
        return this;
    }

    /// <summary>Tries a message again later when its handler throws this: what it builds on has not come yet.</summary>
    public Messages WaitFor<TException>()
        where TException : Exception
    {
        options.OnException<TException>().ScheduleRetryIndefinitely(Messaging.Waits);
        return this;
    }

    /// <summary>
    /// Handles the service's own messages of this type one after the other in each process; where they must be so in all of them, the handler
    /// takes a turn.
    /// </summary>
    public Messages OneAtATime<TMessage>()
    {
        options.LocalQueueFor<TMessage>().Sequential();
        return this;
    }

    /// <summary>Handles so many of the service's own messages of this type at once: they wait for others more than they work.</summary>
    public Messages ManyAtATime<TMessage>(int many)
    {
        options.LocalQueueFor<TMessage>().MaximumParallelMessages(many);
        return this;
    }

    /// <summary>Receives what others send to this service.</summary>
    public Messages Receive()
    {
        if (overRabbitMq)
            options.ListenToRabbitQueue(options.ServiceName!);
        // Many at a time keeps up with a flood. Whoever sends wakes, and so does QueueAlarm: the poll is for when nobody is heard.
        else
            options.ListenToPostgresqlQueue(options.ServiceName!).PollingInterval(poll).MaximumMessagesToReceive(500);
        return this;
    }
}
