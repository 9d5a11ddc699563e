using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine.Persistence.Durability.DeadLetterManagement;
using Wolverine.Runtime;
using Wolverine.Runtime.Serialization;

namespace PolicyPlatform.ServiceDefaults.Operations;

/// <summary>
/// A message that a service could not handle, and not because of anything that passes. What it was to do is not done until it is replayed.
/// </summary>
/// <param name="Service">The service that it was for.</param>
/// <param name="Id">The message.</param>
/// <param name="Type">What it says: the name of its contract.</param>
/// <param name="Content">All that it says.</param>
/// <param name="Fault">The kind of failure.</param>
/// <param name="Detail">What went wrong.</param>
/// <param name="From">The service that sent it; null where that is not known.</param>
/// <param name="SentAt">When it was sent, UTC.</param>
/// <param name="IsReplaying">Whether it was asked to be replayed and is about to be taken up.</param>
public sealed record DeadLetter(
    string Service,
    Guid Id,
    string Type,
    JsonElement? Content,
    string Fault,
    string Detail,
    string? From,
    DateTimeOffset SentAt,
    bool IsReplaying
);

/// <summary>The dead letters of a page.</summary>
/// <param name="Items">The dead letters, last sent first.</param>
/// <param name="NextPageToken">Send it as <c>pageToken</c> for the next page; null on the last one.</param>
/// <param name="Unanswered">The services that could not be asked: theirs are missing.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, string? NextPageToken, IReadOnlyList<string> Unanswered)
    : Page<DeadLetter>(Items, NextPageToken);

/// <summary>
/// The messages that a service could not handle, last sent first, paged; each can be replayed once its cause is mended, or discarded.
/// </summary>
public sealed class DeadLetters : IEndpoint
{
    /// <summary>Where they are listed.</summary>
    public const string Path = "/operations/dead-letters";

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(Path, List).RequireAnyRole(Roles.Supervisor).Produces<DeadLetterPage>().WithName("listDeadLetters");
        api.MapGet($"{Path}/{{service}}/{{id:guid}}", One)
            .RequireAnyRole(Roles.Supervisor)
            .Produces<DeadLetter>()
            .WithName("readDeadLetter");
        api.MapPost($"{Path}/{{service}}/{{id:guid}}/replay", Replay)
            .RequireAnyRole(Roles.Supervisor)
            .Produces<DeadLetter>(202)
            .WithName("replayDeadLetter");
        api.MapDelete($"{Path}/{{service}}/{{id:guid}}", Discard)
            .RequireAnyRole(Roles.Supervisor)
            .Produces(204)
            .WithName("discardDeadLetter");
    }

    /// <summary>Reads which page is asked for; the same for one service as for all of them.</summary>
    public static PageRequest<DeadLetterPlace> PageOf(int? pageSize, string? pageToken, Invalid invalid) =>
        PageRequest.From<DeadLetterPlace>(pageSize, pageToken, invalid);

    /// <summary>Where a dead letter stands in the list.</summary>
    public static DeadLetterPlace PlaceOf(DeadLetter letter) => new(letter.SentAt, letter.Id);

    /// <summary>
    /// The messages that the services could not handle, last sent first, paged. A service that cannot be asked is named, and its messages
    /// are missing.
    /// </summary>
    static async Task<IResult> List(
        int? pageSize,
        string? pageToken,
        IWolverineRuntime messaging,
        NpgsqlDataSource database,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageOf(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var shown = page.Page(await Read(messaging, database, null, page.After, page.Size + 1, http.RequestAborted), l => l, PlaceOf);
        return Results.Ok(new DeadLetterPage(shown.Items, shown.NextPageToken, []));
    }

    /// <summary>One message that a service could not handle, with all that it says and what went wrong.</summary>
    static async Task<IResult> One(string service, Guid id, IWolverineRuntime messaging, NpgsqlDataSource database, HttpContext http) =>
        await Find(service, id, messaging, database, http) is { } letter ? Results.Ok(letter) : NotFound(service, id).ToResult();

    /// <summary>
    /// Has the message handled again, once its cause is mended; it is taken up soon after the answer. One that fails again is listed again.
    /// </summary>
    static async Task<IResult> Replay(
        string service,
        Guid id,
        Caller caller,
        IWolverineRuntime messaging,
        NpgsqlDataSource database,
        ILogger<DeadLetters> logger,
        HttpContext http
    )
    {
        if (await Find(service, id, messaging, database, http) is not { } letter)
            return NotFound(service, id).ToResult();
        await messaging.Storage.DeadLetters.ReplayAsync(new DeadLetterEnvelopeQuery([id]), CancellationToken.None);
        logger.LogInformation("{Actor} replays dead letter {Id}, {Type}", caller.Id, id, letter.Type);
        return Results.Accepted(null, letter with { IsReplaying = true });
    }

    /// <summary>Drops the message for good: what it was to do is never done. The log keeps what it said.</summary>
    static async Task<IResult> Discard(
        string service,
        Guid id,
        Caller caller,
        IWolverineRuntime messaging,
        NpgsqlDataSource database,
        ILogger<DeadLetters> logger,
        HttpContext http
    )
    {
        if (await Find(service, id, messaging, database, http) is not { } letter)
            return NotFound(service, id).ToResult();
        await messaging.Storage.DeadLetters.DiscardAsync(new DeadLetterEnvelopeQuery([id]), CancellationToken.None);
        logger.LogWarning("{Actor} discarded dead letter {Id}, {Type}: {Content}", caller.Id, id, letter.Type, letter.Content);
        return Results.NoContent();
    }

    static async Task<DeadLetter?> Find(
        string service,
        Guid id,
        IWolverineRuntime messaging,
        NpgsqlDataSource database,
        HttpContext http
    ) =>
        service == messaging.Options.ServiceName && await Read(messaging, database, id, null, 1, http.RequestAborted) is [var letter]
            ? letter
            : null;

    // The store pages by counting, in an order of its own: what comes in between would repeat and hide others.
    static async Task<IReadOnlyList<DeadLetter>> Read(
        IWolverineRuntime messaging,
        NpgsqlDataSource database,
        Guid? id,
        DeadLetterPlace? after,
        int limit,
        CancellationToken cancellation
    )
    {
        var service = messaging.Options.ServiceName!;
        await using var command = database.CreateCommand(
            $"""
            select id, body, message_type, coalesce(exception_type, ''), coalesce(exception_message, ''), source, coalesce(sent_at, 'epoch'), replayable from {messaging.MessageSchema()}.wolverine_dead_letters
            where ($1::uuid is null or id = $1) and ($2::timestamptz is null or (coalesce(sent_at, 'epoch'), id) < ($2, $3)) order by coalesce(sent_at, 'epoch') desc, id desc limit $4
            """
        );
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)id ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)after?.SentAt ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)after?.Id ?? DBNull.Value });
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var letters = new List<DeadLetter>();
        while (await reader.ReadAsync(cancellation))
            letters.Add(
                new(
                    service,
                    reader.GetGuid(0),
                    reader.GetString(2),
                    Content(reader.GetFieldValue<byte[]>(1)),
                    reader.GetString(3),
                    reader.GetString(4),
                    reader.IsDBNull(5) ? null : reader.GetString(5),
                    reader.GetFieldValue<DateTimeOffset>(6),
                    reader.GetBoolean(7)
                )
            );
        return letters;
    }

    // One that nobody can read any more is shown without what it says.
    static JsonElement? Content(byte[] envelope)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(EnvelopeSerializer.Deserialize(envelope).Data);
        }
        catch (Exception e) when (!Faults.IsTemporary(e))
        {
            return null;
        }
    }

    static Problem NotFound(string service, Guid id) =>
        CommonProblems.NotFound.With($"{service} has no dead letter {id}. It may have been replayed or discarded.");
}

/// <summary>A place in the list of dead letters.</summary>
public sealed record DeadLetterPlace(DateTimeOffset SentAt, Guid Id);
