using System.Security.Cryptography;
using System.Text;
using Marten;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>A checkpoint as it is kept.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Checkpoint">What was signed.</param>
public sealed record KeptCheckpoint(int Id, Checkpoint Checkpoint);

/// <summary>A document whose newest text was not the one of the checkpoint before.</summary>
/// <param name="Id">The checkpoint and the document.</param>
/// <param name="Number">The checkpoint.</param>
/// <param name="Index">The document's place in the tree; it keeps it in all checkpoints.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">Its newest revision then.</param>
/// <param name="ChainHash">The hash chain over its revisions then.</param>
public sealed record CheckpointEntry(string Id, int Number, int Index, Guid DocumentId, int Revision, string ChainHash);

/// <summary>Makes checkpoints, with a key that is no part of the database: who runs the one does not need to have the other.</summary>
sealed class Checkpoints(IConfiguration configuration, TimeProvider time) : IDisposable
{
    readonly Lazy<ECDsa?> key = new(() =>
    {
        if (configuration["Integrity:KeyFile"] is not { Length: > 0 } file)
            return null;
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var loaded = ECDsa.Create();
        loaded.ImportFromPem(SecretFile.ReadOrCreate(file, fresh.ExportPkcs8PrivateKeyPem));
        return loaded;
    });

    /// <summary>The public key; null where no key is configured.</summary>
    public string? PublicKey => key.Value?.ExportSubjectPublicKeyInfoPem();

    /// <summary>Signs what all texts are now.</summary>
    public async Task<Checkpoint> Make(IDocumentSession session, CancellationToken cancellation)
    {
        var previous = (await session.Query<KeptCheckpoint>().OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellation))?.Checkpoint;
        var entries = (await Entries(session, int.MaxValue, cancellation)).ToDictionary(e => e.DocumentId);
        var number = (previous?.Number ?? 0) + 1;
        var heads = await session
            .Query<PolicyDocument>()
            .Where(d => d.Revision > 0)
            .Select(d => new
            {
                d.Id,
                d.Revision,
                d.ChainHash,
            })
            .ToListAsync(cancellation);
        foreach (var head in heads.OrderBy(h => h.Id))
        {
            var known = entries.GetValueOrDefault(head.Id);
            if (known?.ChainHash == head.ChainHash)
                continue;
            entries[head.Id] = new($"{number}/{head.Id}", number, known?.Index ?? entries.Count, head.Id, head.Revision, head.ChainHash!);
            session.Insert(entries[head.Id]);
        }
        var root = Convert.ToHexStringLower(MerkleTree.Root([.. Leaves(entries.Values)]));
        // PostgreSQL keeps microseconds; what is signed is what is read back.
        var at = new DateTimeOffset(time.GetUtcNow().Ticks / 10 * 10, TimeSpan.Zero);
        var unsigned = new Checkpoint(number, at, entries.Count, root, previous?.Hash(), "");
        var checkpoint = unsigned with
        {
            Signature = Convert.ToBase64String(key.Value!.SignData(Encoding.UTF8.GetBytes(unsigned.Statement), HashAlgorithmName.SHA256)),
        };
        session.Insert(new KeptCheckpoint(number, checkpoint));
        return checkpoint;
    }

    /// <summary>What a checkpoint covers: of each document the newest entry up to it, in the order of the tree.</summary>
    public static async Task<IReadOnlyList<CheckpointEntry>> Entries(IQuerySession session, int number, CancellationToken cancellation) =>
        [
            .. (await session.Query<CheckpointEntry>().Where(e => e.Number <= number).ToListAsync(cancellation))
                .GroupBy(e => e.DocumentId)
                .Select(g => g.MaxBy(e => e.Number)!)
                .OrderBy(e => e.Index),
        ];

    public static IEnumerable<byte[]> Leaves(IEnumerable<CheckpointEntry> entries) =>
        entries.OrderBy(e => e.Index).Select(e => MerkleTree.Leaf(RevisionProof.Entry(e.DocumentId, e.Revision, e.ChainHash)));

    public void Dispose()
    {
        if (key is { IsValueCreated: true, Value: { } loaded })
            loaded.Dispose();
    }
}

/// <summary>Makes a checkpoint each day, a little after midnight in China or when the service starts.</summary>
sealed class DailyCheckpoint(Checkpoints checkpoints, IDocumentStore store, TimeProvider time, ILogger<DailyCheckpoint> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (checkpoints.PublicKey is null)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(15), time);
        do
        {
            try
            {
                await using var session = store.LightweightSession();
                var newest = await session.Query<KeptCheckpoint>().OrderByDescending(c => c.Id).FirstOrDefaultAsync(stoppingToken);
                if (newest is not null && OfficialTime.DateIn(newest.Checkpoint.At) >= time.Today())
                    continue;
                if (newest is null && !await session.Query<PolicyDocument>().AnyAsync(d => d.Revision > 0, stoppingToken))
                    continue;
                var made = await checkpoints.Make(session, stoppingToken);
                await session.SaveChangesAsync(stoppingToken);
                logger.LogInformation("Checkpoint {Number} covers {Documents} documents", made.Number, made.Documents);
            }
            catch (Exception e) when (Faults.IsForNextTime(e, stoppingToken))
            {
                logger.LogInformation("No checkpoint was made: {Reason}. Another process may have made it; trying again", e.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

/// <summary>Makes a checkpoint now.</summary>
public sealed record MakeCheckpoint : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/integrity/checkpoints", Post)
            .RequireAnyRole(Roles.Supervisor, Roles.Publisher)
            .Produces<Checkpoint>(201)
            .WithTags("Integrity")
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

/// <summary>
/// The checkpoints, newest first, paged; one of them; and the key to check them with. Public: they are to be kept by others.
/// </summary>
public sealed class ReadCheckpoints : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/integrity/checkpoints", List).Produces<Page<Checkpoint>>().WithTags("Integrity").WithName("listCheckpoints");
        api.MapGet("/integrity/checkpoints/{number:int}", One).Produces<Checkpoint>().WithTags("Integrity").WithName("readCheckpoint");
        api.MapGet("/integrity/key", Key)
            .Produces<string>(200, "application/x-pem-file")
            .WithTags("Integrity")
            .WithName("readIntegrityKey");
    }

    static async Task<IResult> List(int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var before = page.After?.Number ?? int.MaxValue;
        var rows = await session
            .Query<KeptCheckpoint>()
            .Where(c => c.Id < before)
            .OrderByDescending(c => c.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, c => c.Checkpoint, c => new Place(c.Id)));
    }

    static async Task<IResult> One(int number, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<KeptCheckpoint>(number, http.RequestAborted) is { } kept
            ? http.Conditional($"\"k{number}\"", () => Results.Ok(kept.Checkpoint))
            : CommonProblems.NotFound.With($"There is no checkpoint {number}.").ToResult();

    static IResult Key(Checkpoints checkpoints) =>
        checkpoints.PublicKey is { } key
            ? Results.Text(key, "application/x-pem-file")
            : DocumentProblems.NoIntegrityKey.With("Integrity:KeyFile names no key.").ToResult();

    sealed record Place(int Number);
}

/// <summary>The proof that a revision was in the library at a checkpoint, the newest one when none is named.</summary>
public sealed class ReadProof : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/revisions/{revision:int}/proof", Get)
            .Produces<RevisionProof>()
            .WithTags("Integrity")
            .WithName("readProof");

    static async Task<IResult> Get(Guid id, int revision, int? checkpoint, Caller caller, IQuerySession session, HttpContext http)
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id).ToResult();
        if (!caller.SeesRevision(document!, revision))
            return DocumentProblems.RevisionNotFound.With($"There is no revision {revision} of this document that you may see.").ToResult();
        var number =
            checkpoint
            ?? (await session.Query<KeptCheckpoint>().OrderByDescending(c => c.Id).FirstOrDefaultAsync(http.RequestAborted))?.Id
            ?? 0;
        var kept = await session.LoadAsync<KeptCheckpoint>(number, http.RequestAborted);
        var entries = await Checkpoints.Entries(session, number, http.RequestAborted);
        if (kept is null || entries.FirstOrDefault(e => e.DocumentId == id) is not { } entry || entry.Revision < revision)
            return DocumentProblems
                .NotYetCovered.With(
                    kept is null
                        ? "There is no such checkpoint. One is made each day, and by POST /api/v1/integrity/checkpoints."
                        : $"Checkpoint {number} of {kept.Checkpoint.At:O} was made before revision {revision} was recorded. One is made each day."
                )
                .ToResult();

        string? before = null,
            text = null;
        IReadOnlyList<string>? files = null;
        var later = new List<LaterRevision>();
        await foreach (var recorded in RevisionTexts.All(session, document!, http.RequestAborted))
        {
            if (recorded.Revision == revision - 1)
                before = recorded.ChainHash;
            else if (recorded.Revision == revision)
                (text, files) = (CanonicalText.Of(recorded.Blocks), AttachedFile.HashedLines(recorded.Files));
            else if (recorded.Revision > revision && recorded.Revision <= entry.Revision)
                later.Add(new(recorded.Revision, recorded.TextHash, AttachedFile.HashOf(recorded.Files)));
        }
        return Results.Ok(
            new RevisionProof(
                id,
                revision,
                text!,
                before,
                later,
                entry.Index,
                [.. MerkleTree.Path([.. Checkpoints.Leaves(entries)], entry.Index).Select(Convert.ToHexStringLower)],
                kept.Checkpoint,
                files
            )
        );
    }
}
