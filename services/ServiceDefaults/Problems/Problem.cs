using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.ServiceDefaults.Problems;

/// <summary>A kind of problem: its stable code, its HTTP status and the title that never changes with the case.</summary>
/// <param name="Code">Dotted and stable; clients branch on it: <c>document.number.taken</c>.</param>
/// <param name="Status">The HTTP status that it answers with.</param>
/// <param name="Title">One short sentence, the same for every occurrence.</param>
public sealed record ProblemCode(string Code, int Status, Wording Title)
{
    /// <summary>One occurrence of this problem.</summary>
    /// <param name="detail">What is wrong, where, and what to do about it, for a person to read.</param>
    public Problem With(Wording detail) => new(this, detail);
}

/// <summary>What kept a request from being carried out: a value, not an exception (RFC 9457).</summary>
/// <param name="Kind">The kind of problem.</param>
/// <param name="Detail">What is wrong with this very request, and what to do.</param>
public sealed record Problem(ProblemCode Kind, Wording Detail)
{
    /// <summary>Everything that is wrong with the input, all at once.</summary>
    public IReadOnlyList<ProblemError> Errors { get; init; } = [];

    /// <summary>Further members of the answer, such as <c>gates</c> or <c>currentVersion</c>.</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; init; } = new Dictionary<string, object?>();

    /// <summary>Seconds after which a retry makes sense, where it does.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Whether a secret that was sent, such as a receipt, belongs to nothing: somebody may be guessing, and the gateway counts it.</summary>
    public bool IsWrongSecret { get; init; }
}

/// <summary>One thing wrong with the input.</summary>
/// <param name="Pointer">Where, as a JSON pointer into the request body, or the name of a query parameter or header.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record ProblemError(string Pointer, string Code, Wording Detail);

/// <summary>Gathers everything that is wrong with a request, so that the caller hears all of it at once.</summary>
public sealed class Invalid
{
    /// <summary>Nobody reads more at once; what is found beyond is not kept.</summary>
    public const int Most = 200;

    readonly List<ProblemError> errors;

    /// <summary>Nothing is wrong yet.</summary>
    public Invalid() => errors = [];

    /// <summary>What was found before counts.</summary>
    public Invalid(Invalid before) => errors = [.. before.errors];

    /// <summary>Whether looking for more is of no use.</summary>
    public bool IsFull => errors.Count >= Most;

    /// <summary>Notes something wrong at <paramref name="pointer"/>.</summary>
    public Invalid Add(string pointer, string code, Wording detail)
    {
        if (!IsFull)
            errors.Add(new(pointer, code, detail));
        return this;
    }

    /// <summary>Notes something wrong at <paramref name="pointer"/> when <paramref name="wrong"/> holds.</summary>
    public Invalid If(bool wrong, string pointer, string code, Wording detail) => wrong ? Add(pointer, code, detail) : this;

    /// <summary>
    /// Notes a text that is longer than <paramref name="longest"/> characters, or required and missing or blank. What is not required may be
    /// blank, as forms send what nobody filled in.
    /// </summary>
    public Invalid Text(string pointer, string? value, int longest, bool required = true) =>
        If(required && string.IsNullOrWhiteSpace(value), pointer, "value.missing", "A value is required.")
            .If(
                value?.Length > longest,
                pointer,
                "value.tooLong",
                $"At most {longest} characters are accepted; {value?.Length} were sent."
            );

    /// <summary>Reads one of the values of an enum as the API writes it; what is none of them is noted.</summary>
    public T? OneOf<T>(string pointer, string? value)
        where T : struct, Enum
    {
        if (value is null)
            return null;
        foreach (var known in Enum.GetValues<T>())
            if (JsonDefaults.Word(known) == value)
                return known;
        Add(pointer, "value.unknown", $"One of {string.Join(", ", Enum.GetValues<T>().Select(JsonDefaults.Word))}.");
        return null;
    }

    /// <summary>The problem of this request, or null when nothing is wrong.</summary>
    public Problem? Problem =>
        errors.Count == 0
            ? null
            : CommonProblems.InvalidContent.With(
                errors.Count == 1
                    ? (Wording)$"{errors[0].Pointer}: {errors[0].Detail}"
                    : $"{errors.Count} things are wrong; `errors` names each with its place."
            ) with
            {
                Errors = errors,
            };
}
