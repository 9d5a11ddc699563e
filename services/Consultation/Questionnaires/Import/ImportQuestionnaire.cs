using System.ComponentModel;
using System.Text.Json;
using Marten;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Questionnaires.Import;

/// <summary>
/// Begins a questionnaire of what another tool wrote: JSON of SurveyJS, or an XLSForm (.xlsx). What is not understood is told, and the draft is
/// there to be completed by hand.
/// </summary>
public sealed class ImportQuestionnaire : IEndpoint
{
    const string Json = "application/json";
    const int Largest = 5_000_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questionnaires/import", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Accepts<string>(Json, Workbook.MediaType)
            .Produces<ImportedQuestionnaire>(201)
            .WithName("importQuestionnaire");

    static async Task<IResult> Post(
        [Description("Whose it is, a code of the Catalog; the caller's organisation when left out.")] string? body,
        [Description("Its title; that of the file when left out.")] string? title,
        [Description("The consultation that it is a form of.")] Guid? consultation,
        Caller caller,
        Catalog.CatalogClient catalog,
        IQuerySession read,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var type = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        if (type is not (Json or Workbook.MediaType))
            return CommonProblems
                .UnsupportedMediaType.With($"Send a questionnaire of SurveyJS as {Json}, or an XLSForm as {Workbook.MediaType}.")
                .ToResult();
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int some; (some = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0; )
        {
            if (content.Length + some > Largest)
                return CommonProblems.TooLarge.With($"A questionnaire has at most {Largest} bytes.").ToResult();
            content.Write(buffer, 0, some);
        }
        var invalid = new Invalid();
        var form = type is Json ? FromJson(content.ToArray()) : XlsForm.Read(content.ToArray(), invalid);
        if (invalid.Problem is { } tooLarge)
            return tooLarge.ToResult();
        if (form is null)
            return new Invalid()
                .Add("", "questionnaire.unreadable", $"This is no questionnaire of SurveyJS, and no .xlsx with a sheet survey.")
                .Problem!.ToResult();
        return await DraftQuestionnaire.Begin(
            new(body, title.OrNone() ?? form.Title, form.Introduction, consultation, null, null, null, form.Pages),
            new(),
            caller,
            catalog,
            read,
            writer,
            time,
            http,
            view => new ImportedQuestionnaire(view, form.Findings)
        );
    }

    static ReadForm? FromJson(byte[] content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            return SurveyJs.Read(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A questionnaire that was begun of another tool's.</summary>
/// <param name="Questionnaire">The draft.</param>
/// <param name="Findings">What was not understood or taken otherwise, each with its place; empty when everything was.</param>
public sealed record ImportedQuestionnaire(QuestionnaireView Questionnaire, IReadOnlyList<ProblemError> Findings);
