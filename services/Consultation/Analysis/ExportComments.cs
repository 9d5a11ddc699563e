using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.Groups;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Consultation.Analysis;

/// <summary>All comments of a consultation in one stream, without pages and without a cap; without anything of a person.</summary>
public sealed class ExportComments : IEndpoint
{
    const int CommentsAtOnce = 500;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consultations/{id:guid}/comments.ndjson", Lines)
            .Produces<string>(200, "application/x-ndjson")
            .WithName("exportCommentsAsLines");
        api.MapGet("/consultations/{id:guid}/comments.csv", Table).Produces<string>(200, "text/csv").WithName("exportCommentsAsTable");
    }

    /// <summary>
    /// All comments that everybody reads, first received first, a line of JSON each: with the text of their block, their group and their
    /// feedback. With <c>all=true</c> those that are not shown too, for those who carry the consultation out; they read the form letter as well
    /// that each is one of.
    /// </summary>
    static Task<IResult> Lines(Guid id, bool? all, Caller caller, IDocumentStore store, ReadDatabase database, HttpContext http) =>
        Export(id, all is true, caller, store, database, http, "application/x-ndjson", "comments.ndjson", piece => new LineWriter(piece));

    /// <summary>The same as a table (CSV in UTF-8): a row a comment.</summary>
    static Task<IResult> Table(Guid id, bool? all, Caller caller, IDocumentStore store, ReadDatabase database, HttpContext http) =>
        Export(id, all is true, caller, store, database, http, "text/csv; charset=utf-8", "comments.csv", piece => new RowWriter(piece));

    static async Task<IResult> Export(
        Guid id,
        bool all,
        Caller caller,
        IDocumentStore store,
        ReadDatabase database,
        HttpContext http,
        string mediaType,
        string name,
        Func<MemoryStream, IWriteComments> format
    )
    {
        PublicConsultation? consultation;
        await using (var session = store.QuerySession())
            consultation = await session.LoadAsync<PublicConsultation>(id, http.RequestAborted);
        if (consultation is null)
            return ConsultationSteps.NotFound(id).ToResult();
        var inside = caller.SeesInside(consultation);
        if (all && !inside)
            return ConsultationSteps.Foreign(consultation).ToResult();
        return Results.Stream(
            async body =>
            {
                await using var session = store.QuerySession();
                var groups = (
                    await session.Query<CommentGroup>().Where(g => g.ConsultationId == id).ToListAsync(http.RequestAborted)
                ).ToDictionary(g => g.Id);
                var blocks = new Dictionary<(int, string), string>();
                foreach (var revision in consultation.Revisions)
                foreach (var block in (await session.Text(id, revision.Revision, http.RequestAborted))!.Blocks)
                    blocks[(revision.Revision, block.Id)] = block.Text;
                using var piece = new MemoryStream();
                using var writer = format(piece);
                var query = session.Query<Comment>().Where(c => c.ConsultationId == id);
                query = all ? query.Where(c => c.State != CommentState.Withdrawn) : query.Where(c => c.State == CommentState.Shown);
                var some = new List<Comment>(CommentsAtOnce);
                await foreach (var comment in query.OrderBy(c => c.ReceivedAt).ThenBy(c => c.Id).ToAsyncEnumerable(http.RequestAborted))
                {
                    some.Add(comment);
                    if (some.Count == CommentsAtOnce)
                        await Send();
                }
                await Send();

                async Task Send()
                {
                    var letters = await database.LettersOf(inside ? [.. some.Select(c => c.Id)] : [], http.RequestAborted);
                    foreach (var comment in some)
                        writer.Write(Exported(comment, all, groups, blocks, inside, letters.GetValueOrDefault(comment.Id)));
                    some.Clear();
                    writer.Flush();
                    await body.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), http.RequestAborted);
                    piece.SetLength(0);
                }
            },
            mediaType,
            name
        );
    }

    static ExportedComment Exported(
        Comment c,
        bool all,
        Dictionary<Guid, CommentGroup> groups,
        Dictionary<(int, string), string> blocks,
        bool inside,
        PlacedComment? placed
    )
    {
        var group = c.GroupId is { } id ? groups.GetValueOrDefault(id) : null;
        // What a group is about is public with its feedback.
        if (!inside && group?.Feedback is null)
            group = null;
        return new(
            c.Id,
            c.ReceivedAt,
            c.State,
            c.NotShownBecause,
            c.Revision,
            c.Block,
            c.Block is { } block ? blocks.GetValueOrDefault((c.Revision, block)) : null,
            c.Anchor?.Quote,
            c.Position,
            c.Text,
            [.. c.Supplements.Where(s => all || s.IsShown).Select(s => s.Text)],
            c.Kind,
            c.Region,
            c.Channel,
            c.Signatures,
            [.. c.Files.Where(f => all || f.IsShown).Select(f => f.Name)],
            group?.Title,
            placed?.Letter,
            placed?.Others,
            c.Feedback ?? group?.Feedback
        );
    }

    interface IWriteComments : IDisposable
    {
        void Write(ExportedComment comment);
        void Flush();
    }

    sealed class LineWriter(MemoryStream piece) : IWriteComments
    {
        public void Write(ExportedComment comment)
        {
            JsonSerializer.Serialize(piece, comment, JsonDefaults.Options);
            piece.WriteByte((byte)'\n');
        }

        public void Flush() { }

        public void Dispose() { }
    }

    sealed class RowWriter : IWriteComments
    {
        readonly CsvWriter csv;

        public RowWriter(MemoryStream piece)
        {
            // A spreadsheet reads UTF-8 only by its mark, and takes what begins with = for a formula.
            csv = CsvWriter.Create(piece, new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, true);
            csv.WriteRecord([
                "id",
                "receivedAt",
                "state",
                "notShownBecause",
                "revision",
                "block",
                "blockText",
                "quote",
                "position",
                "text",
                "supplements",
                "kind",
                "region",
                "channel",
                "signatures",
                "files",
                "group",
                "outcome",
                "feedback",
                "answeredInRevision",
                "letter",
                "likeComments",
            ]);
        }

        public void Write(ExportedComment c) =>
            csv.WriteRecord([
                c.Id.ToString(),
                c.ReceivedAt.ToString("O", CultureInfo.InvariantCulture),
                JsonDefaults.Word(c.State),
                c.NotShownBecause is { } reason ? JsonDefaults.Word(reason) : "",
                c.Revision.ToString(CultureInfo.InvariantCulture),
                c.Block ?? "",
                c.BlockText ?? "",
                c.Quote ?? "",
                JsonDefaults.Word(c.Position),
                c.Text,
                string.Join('\n', c.Supplements),
                c.Kind is { } kind ? JsonDefaults.Word(kind) : "",
                c.Region ?? "",
                JsonDefaults.Word(c.Channel),
                c.Signatures.ToString(CultureInfo.InvariantCulture),
                string.Join('\n', c.Files),
                c.Group ?? "",
                c.Feedback is { } feedback ? JsonDefaults.Word(feedback.Outcome) : "",
                c.Feedback?.Reason ?? "",
                c.Feedback?.Revision?.ToString(CultureInfo.InvariantCulture) ?? "",
                c.Letter?.ToString() ?? "",
                c.LikeComments?.ToString(CultureInfo.InvariantCulture) ?? "",
            ]);

        public void Flush() => csv.Flush();

        public void Dispose() => csv.Dispose();
    }
}

/// <summary>A comment as it is exported.</summary>
/// <param name="Id">The comment.</param>
/// <param name="ReceivedAt">When it was received, UTC.</param>
/// <param name="State">Where it is.</param>
/// <param name="NotShownBecause">Why it is not shown.</param>
/// <param name="Revision">The revision that it was made on.</param>
/// <param name="Block">The block that it is about; null for the whole.</param>
/// <param name="BlockText">The text of that block in that revision.</param>
/// <param name="Quote">The words that it is about; null for the whole block.</param>
/// <param name="Position">What its sender thinks.</param>
/// <param name="Text">What its sender says.</param>
/// <param name="Supplements">What was added.</param>
/// <param name="Kind">Who says it.</param>
/// <param name="Region">Where that is.</param>
/// <param name="Channel">The way by which it came.</param>
/// <param name="Signatures">How many people signed it.</param>
/// <param name="Files">The names of the files sent with it.</param>
/// <param name="Group">The title of its group.</param>
/// <param name="Letter">The letter that it is one of, with others that say the same; null for the public, and until it is placed.</param>
/// <param name="LikeComments">How many other comments are of that letter; null where it is.</param>
/// <param name="Feedback">What became of it.</param>
public sealed record ExportedComment(
    Guid Id,
    DateTimeOffset ReceivedAt,
    CommentState State,
    ReasonNotToShow? NotShownBecause,
    int Revision,
    string? Block,
    string? BlockText,
    string? Quote,
    Position Position,
    string Text,
    IReadOnlyList<string> Supplements,
    CommenterKind? Kind,
    string? Region,
    CommentChannel Channel,
    int Signatures,
    IReadOnlyList<string> Files,
    string? Group,
    Guid? Letter,
    int? LikeComments,
    Feedback? Feedback
);
