using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>Makes a checkpoint now.</summary>
public sealed record MakeCheckpoint : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/integrity/checkpoints", Post)
            .RequireAnyRole(Roles.Supervisor, Roles.Publisher)
            .Produces<Checkpoint>(201)
            .WithName("makeCheckpoint");

    static async Task<IResult> Post(Checkpoints checkpoints, EventWriter writer, HttpContext http)
    {
        if (checkpoints.PublicKey is null)
            return DocumentProblems
                .NoIntegrityKey.With("Integrity:KeyFile names no key. Give the service one, kept apart from the database.")
                .ToResult();
        return await writer.Start<KeptCheckpoint>(
            http,
            Guid.CreateVersion7(),
            async session =>
            {
                var made = await checkpoints.Make(session, http.RequestAborted);
                return Decision.Record(new CheckpointMade(made.Number, made.Root, made.At)).Knowing(made);
            },
            recorded => new Answer(
                201,
                recorded.Known<Checkpoint>()!,
                $"/api/v1/integrity/checkpoints/{recorded.The<CheckpointMade>().Number}"
            )
        );
    }
}

/// <summary>A checkpoint was made.</summary>
public sealed record CheckpointMade(int Number, string Root, DateTimeOffset At);
