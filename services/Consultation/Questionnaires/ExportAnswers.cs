using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>The answers as they were given, all of them, for those who work on the questionnaire.</summary>
public sealed class ExportAnswers : IEndpoint
{
    // However many there are, they leave piece by piece.
    const int PieceOf = 64 * 1024;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/questionnaires/{id:guid}/answers/export.ndjson", Ndjson)
            .RequireAnyRole(Roles.Drafter, Roles.Reviewer, Roles.Publisher, Roles.Supervisor)
            .Produces<string>(200, "application/x-ndjson")
            .WithName("exportAnswersAsLines");
        api.MapGet("/questionnaires/{id:guid}/answers/export.csv", Csv)
            .RequireAnyRole(Roles.Drafter, Roles.Reviewer, Roles.Publisher, Roles.Supervisor)
            .Produces<string>(200, "text/csv")
            .WithName("exportAnswersAsTable");
    }

    /// <summary>All answers, a line of JSON each, with the edition that was answered, in an order that tells nothing.</summary>
    static async Task<IResult> Ndjson(
        Guid id,
        [Description("The answers to this edition alone.")] int? edition,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        if (await session.Seen(id, caller, http.RequestAborted) is not { } questionnaire || !caller.SeesInside(questionnaire))
            return QuestionnaireSteps.NotFound(id).ToResult();
        return Results.Stream(
            async body =>
            {
                using var piece = new MemoryStream();
                await foreach (var answer in Answers(session, id, edition).ToAsyncEnumerable(http.RequestAborted))
                {
                    JsonSerializer.Serialize(
                        piece,
                        new ExportedAnswer(answer.Id, answer.Edition, answer.On, answer.Answers),
                        JsonDefaults.Options
                    );
                    piece.WriteByte((byte)'\n');
                    if (piece.Length > PieceOf)
                        await Send(piece, body, http.RequestAborted);
                }
                await Send(piece, body, http.RequestAborted);
            },
            "application/x-ndjson; charset=utf-8",
            "answers.ndjson"
        );
    }

    /// <summary>
    /// All answers to an edition as a table (CSV in UTF-8), a row an answer, in an order that tells nothing: a column a question, a row of a
    /// matrix, and the words of an other. Several options stand in one cell, with semicolons.
    /// </summary>
    static async Task<IResult> Csv(
        Guid id,
        [Description("The edition; the newest when left out.")] int? edition,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        if (await session.Seen(id, caller, http.RequestAborted) is not { } questionnaire || !caller.SeesInside(questionnaire))
            return QuestionnaireSteps.NotFound(id).ToResult();
        var wanted = edition ?? questionnaire.Edition;
        if (await session.Form(id, wanted, http.RequestAborted) is not { } form)
            return ConsultationProblems.QuestionnaireNotFound.With($"There is no edition {wanted} of a questionnaire {id}.").ToResult();
        return Results.Stream(
            async body =>
            {
                using var piece = new MemoryStream();
                // A spreadsheet reads UTF-8 only by its mark, and takes what begins with = for a formula.
                using var csv = CsvWriter.Create(piece, new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, true);
                csv.WriteRecord(["id", "on", .. form.Questions().SelectMany(Columns)]);
                await foreach (var answer in Answers(session, id, wanted).ToAsyncEnumerable(http.RequestAborted))
                {
                    var given = answer.Answers.ToDictionary(a => a.Question!);
                    csv.WriteRecord([
                        answer.Id.ToString(),
                        answer.On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        .. form.Questions().SelectMany(q => Cells(q, given.GetValueOrDefault(q.Code!))),
                    ]);
                    csv.Flush();
                    if (piece.Length > PieceOf)
                        await Send(piece, body, http.RequestAborted);
                }
                csv.Flush();
                await Send(piece, body, http.RequestAborted);
            },
            "text/csv; charset=utf-8",
            "answers.csv"
        );
    }

    static IQueryable<GivenAnswer> Answers(IQuerySession session, Guid id, int? edition)
    {
        var query = session.Query<GivenAnswer>().Where(a => a.QuestionnaireId == id);
        if (edition is { } of)
            query = query.Where(a => a.Edition == of);
        return query.OrderBy(a => a.Id);
    }

    static async Task Send(MemoryStream piece, Stream body, CancellationToken cancellation)
    {
        await body.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), cancellation);
        piece.SetLength(0);
    }

    static IEnumerable<string> Columns(FormQuestion question) =>
        question.Kind is QuestionKind.Matrix ? question.Rows!.Select(r => $"{question.Code}/{r.Code}")
        : question.Other is true ? [question.Code!, $"{question.Code}/{FormQuestion.OtherCode}"]
        : [question.Code!];

    static IEnumerable<string> Cells(FormQuestion question, AnswerToQuestion? answer) =>
        question.Kind switch
        {
            QuestionKind.Matrix => question.Rows!.Select(r => answer?.Cells!.FirstOrDefault(c => c.Row == r.Code)?.Column ?? ""),
            QuestionKind.Single or QuestionKind.Multiple => question.Other is true
                ? [string.Join(';', answer?.Options ?? []), answer?.Other ?? ""]
                : [string.Join(';', answer?.Options ?? [])],
            QuestionKind.Text => [answer?.Text ?? ""],
            _ => [answer?.Number?.ToString(CultureInfo.InvariantCulture) ?? ""],
        };
}

/// <summary>An answer as it leaves.</summary>
/// <param name="Id">The answer; chance, which tells no order.</param>
/// <param name="Edition">The edition that was answered.</param>
/// <param name="On">The day, Asia/Shanghai.</param>
/// <param name="Answers">What was answered to each question.</param>
public sealed record ExportedAnswer(Guid Id, int Edition, DateOnly On, IReadOnlyList<AnswerToQuestion> Answers);
