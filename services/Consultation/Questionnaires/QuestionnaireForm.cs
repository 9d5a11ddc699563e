namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>What is asked for.</summary>
public enum QuestionKind
{
    /// <summary>单选: one of the options.</summary>
    Single,

    /// <summary>多选: some of the options.</summary>
    Multiple,

    /// <summary>量表: a step of a scale.</summary>
    Scale,

    /// <summary>矩阵: one of the options for each row.</summary>
    Matrix,

    /// <summary>填空: words.</summary>
    Text,

    /// <summary>数字: a number.</summary>
    Number,
}

/// <summary>An option, or a row of a matrix.</summary>
/// <param name="Code">What it is called in answers: letters, digits, _ and -, at most 40.</param>
/// <param name="Label">What people read.</param>
public sealed record FormOption(string? Code, string? Label);

/// <summary>A question.</summary>
/// <param name="Code">What it is called in answers and conditions: letters, digits, _ and -, at most 40.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="Text">The question.</param>
/// <param name="Help">What helps to answer it.</param>
/// <param name="Required">Whether it has to be answered by whom it is asked; false when left out. Of a matrix each row.</param>
/// <param name="Options">The options of single and multiple, the columns of a matrix.</param>
/// <param name="Other">Whether single and multiple have a further option, <c>other</c>, with words of one's own.</param>
/// <param name="Rows">The rows of a matrix.</param>
/// <param name="Least">multiple: the fewest options; scale: its first step, 0 or 1; number: the lowest.</param>
/// <param name="Most">multiple: the most options; scale: its last step, at most 10; number: the highest; text: the most characters, 2000 when left out.</param>
/// <param name="Whole">Whether a number has no decimals.</param>
/// <param name="LeastLabel">What the first step of a scale means.</param>
/// <param name="MostLabel">What the last step of a scale means.</param>
/// <param name="ShowIf">It is asked where this holds; always when left out.</param>
public sealed record FormQuestion(
    string? Code,
    QuestionKind Kind,
    string? Text,
    string? Help = null,
    bool? Required = null,
    IReadOnlyList<FormOption>? Options = null,
    bool? Other = null,
    IReadOnlyList<FormOption>? Rows = null,
    decimal? Least = null,
    decimal? Most = null,
    bool? Whole = null,
    string? LeastLabel = null,
    string? MostLabel = null,
    FormCondition? ShowIf = null
)
{
    /// <summary>The code of the further option.</summary>
    internal const string OtherCode = "other";

    /// <summary>The codes of its options, the further one included.</summary>
    internal IEnumerable<string> OptionCodes => (Options ?? []).Select(o => o.Code!).Concat(Other is true ? [OtherCode] : []);

    /// <summary>The steps of a scale.</summary>
    internal IEnumerable<int> Steps => Enumerable.Range((int)Least!, (int)(Most! - Least!) + 1);

    /// <summary>Whether what was answered to the one counts for the other: the same was asked, with the same answers to it.</summary>
    internal bool AsksTheSameAs(FormQuestion other) =>
        (Code, Kind, Text, Other is true, Least, Most, Whole is true, LeastLabel, MostLabel)
            == (
                other.Code,
                other.Kind,
                other.Text,
                other.Other is true,
                other.Least,
                other.Most,
                other.Whole is true,
                other.LeastLabel,
                other.MostLabel
            )
        && (Options ?? []).SequenceEqual(other.Options ?? [])
        && (Rows ?? []).SequenceEqual(other.Rows ?? []);
}

/// <summary>A page of a questionnaire.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Introduction">What stands before its questions.</param>
/// <param name="Questions">Its questions, in their order.</param>
public sealed record FormPage(string? Title, string? Introduction, IReadOnlyList<FormQuestion>? Questions);

/// <summary>
/// The questions of a questionnaire in one edition. What was open is never changed: another edition follows it, and answers keep theirs.
/// </summary>
/// <param name="Id">The questionnaire and the edition, <see cref="IdOf"/>.</param>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <param name="Edition">Counted from 1.</param>
/// <param name="Title">Its title.</param>
/// <param name="Introduction">What stands before the questions.</param>
/// <param name="Pages">The pages, in their order.</param>
/// <param name="Since">Since when it is as it is, UTC.</param>
public sealed record QuestionnaireForm(
    string Id,
    Guid QuestionnaireId,
    int Edition,
    string Title,
    string? Introduction,
    IReadOnlyList<FormPage> Pages,
    DateTimeOffset Since
)
{
    /// <summary>The id of an edition.</summary>
    public static string IdOf(Guid questionnaire, int edition) => $"{questionnaire:N}/{edition}";

    /// <summary>The questions, in their order.</summary>
    internal IEnumerable<FormQuestion> Questions() => Pages.SelectMany(p => p.Questions ?? []);
}
