using System.Globalization;
using System.Text.Json;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Consultation.Questionnaires.Import;

/// <summary>
/// Reads a questionnaire as SurveyJS writes it (JSON): pages and panels; radiogroup, dropdown, boolean, checkbox, rating, matrix, text and
/// comment; visibleIf of the simple kind.
/// </summary>
static class SurveyJs
{
    // Deeper than this nothing is read; the document itself nests at most 64 deep.
    const int DeepestPanel = 8,
        MostElements = 1000;

    static readonly string[] OfSurvey =

        [
            "title",
            "description",
            "pages",
            "elements",
            "questions",
            // How it looks.
            "locale",
            "logoPosition",
            "showProgressBar",
            "showQuestionNumbers",
            "questionErrorLocation",
            "widthMode",
            "width",
            "headerView",
            "fitToContainer",
        ],
        OfGroup = ["name", "type", "title", "description", "elements", "questions", "visibleIf", "state", "startWithNewLine"],
        OfQuestion =

        [
            "name",
            "type",
            "title",
            "description",
            "isRequired",
            "visibleIf",
            "startWithNewLine",
            "colCount",
            "width",
            "minWidth",
            "maxWidth",
            "titleLocation",
            "indent",
            "placeholder",
            "placeHolder",
        ];

    static readonly Dictionary<string, string[]> OfType = new()
    {
        ["radiogroup"] = ["choices", "showOtherItem", "hasOther"],
        ["dropdown"] = ["choices", "showOtherItem", "hasOther"],
        ["checkbox"] = ["choices", "showOtherItem", "hasOther", "minSelectedChoices", "maxSelectedChoices"],
        ["boolean"] = ["labelTrue", "labelFalse", "valueTrue", "valueFalse"],
        ["rating"] = ["rateMin", "rateMax", "rateStep", "rateCount", "minRateDescription", "maxRateDescription", "rateType", "displayMode"],
        ["matrix"] = ["rows", "columns", "isAllRowRequired", "eachRowRequired"],
        ["text"] = ["inputType", "maxLength", "min", "max", "step"],
        ["comment"] = ["maxLength", "rows", "cols", "autoGrow"],
        ["html"] = ["html"],
    };

    /// <summary>The form; null for what is no questionnaire.</summary>
    public static ReadForm? Read(JsonElement survey)
    {
        if (survey.ValueKind is not JsonValueKind.Object)
            return null;
        var form = new FormBuilder();
        Unknown(form, survey, "", OfSurvey);
        var read = 0;
        foreach (var (page, place) in Each(survey, "pages", ""))
        {
            Unknown(form, page, place, OfGroup);
            form.Page(Words(page, "title"));
            if (Words(page, "description") is { } description)
                form.Note(description);
            Elements(form, page, place, Conditions(page, place, []), 1, ref read);
        }
        if (survey.TryGetProperty("elements", out _) || survey.TryGetProperty("questions", out _))
        {
            form.Page(null);
            Elements(form, survey, "", [], 1, ref read);
        }
        return form.Finished(Words(survey, "title"), Words(survey, "description"));
    }

    static void Elements(
        FormBuilder form,
        JsonElement group,
        string place,
        IReadOnlyList<(string, string)> conditions,
        int depth,
        ref int read
    )
    {
        foreach (var (element, at) in Each(group, "elements", place).Concat(Each(group, "questions", place)))
        {
            if (++read > MostElements || depth > DeepestPanel)
            {
                form.Find(at, "element.tooMany", $"At most {MostElements} elements, {DeepestPanel} deep, are read; this one was left out.");
                return;
            }
            var own = Conditions(element, at, conditions);
            if (Words(element, "type") is "panel")
            {
                Unknown(form, element, at, OfGroup);
                foreach (var words in new[] { Words(element, "title"), Words(element, "description") }.OfType<string>())
                    form.Note(words);
                Elements(form, element, at, own, depth + 1, ref read);
            }
            else
                Question(form, element, at, own);
        }
    }

    static void Question(FormBuilder form, JsonElement element, string at, IReadOnlyList<(string, string)> conditions)
    {
        var type = Words(element, "type") ?? "";
        var name = Words(element, "name") ?? "";
        if (element.ValueKind is not JsonValueKind.Object || !OfType.TryGetValue(type, out var members))
        {
            form.Find(at, "element.notUnderstood", $"An element {FormBuilder.Short(name)} of type {FormBuilder.Short(type)} was left out.");
            return;
        }
        Unknown(form, element, at, [.. OfQuestion, .. members]);
        if (type is "html")
        {
            form.Find(at, "element.notUnderstood", $"Markup is not shown; the element {FormBuilder.Short(name)} was left out.");
            return;
        }
        var question = new FormQuestion(
            null,
            type switch
            {
                "radiogroup" or "dropdown" or "boolean" => QuestionKind.Single,
                "checkbox" => QuestionKind.Multiple,
                "rating" => QuestionKind.Scale,
                "matrix" => QuestionKind.Matrix,
                "text" when Words(element, "inputType") is "number" or "range" => QuestionKind.Number,
                _ => QuestionKind.Text,
            },
            Words(element, "title") ?? name,
            Words(element, "description"),
            Holds(element, "isRequired") || Holds(element, "isAllRowRequired") || Holds(element, "eachRowRequired")
        );
        Dictionary<string, string> values = [];
        switch (type)
        {
            case "radiogroup" or "dropdown" or "checkbox":
                var other = Holds(element, "showOtherItem") || Holds(element, "hasOther");
                (var options, values) = form.Options(Choices(form, element, "choices", at), at);
                question = question with { Options = options, Other = other };
                if (other)
                    values.TryAdd("other", FormQuestion.OtherCode);
                if (type is "checkbox")
                    question = question with { Least = Above0("minSelectedChoices"), Most = Above0("maxSelectedChoices") };
                break;
            case "boolean":
                // Compared as true and false whatever they are called.
                question = question with
                {
                    Options = [new("true", Words(element, "labelTrue") ?? "是"), new("false", Words(element, "labelFalse") ?? "否")],
                };
                values = new() { ["true"] = "true", ["false"] = "false" };
                values.TryAdd(Words(element, "valueTrue") ?? "true", "true");
                values.TryAdd(Words(element, "valueFalse") ?? "false", "false");
                break;
            case "rating":
                var least = Number(form, element, "rateMin", at) ?? 1;
                question = question with
                {
                    Least = least,
                    Most =
                        Number(form, element, "rateMax", at)
                        ?? (Number(form, element, "rateCount", at) is { } count ? least + count - 1 : 5),
                    LeastLabel = Words(element, "minRateDescription"),
                    MostLabel = Words(element, "maxRateDescription"),
                };
                if (Number(form, element, "rateStep", at) is not (null or 1))
                    form.Find($"{at}/rateStep", "scale.step", $"A scale goes in steps of one; another step was left out.");
                break;
            case "matrix":
                (var columns, _) = form.Options(Choices(form, element, "columns", at), at);
                (var rows, _) = form.Options(Choices(form, element, "rows", at), at);
                question = question with { Options = columns, Rows = rows };
                break;
            case "text" when question.Kind is QuestionKind.Number:
                question = question with { Least = Number(form, element, "min", at), Most = Number(form, element, "max", at) };
                break;
            default:
                question = question with { Most = Above0("maxLength") };
                if (Words(element, "inputType") is { } input and not "text")
                    form.Find($"{at}/inputType", "text.input", $"The answer is a text, not checked as {FormBuilder.Short(input)}.");
                break;
        }
        form.Question(name, question, values, conditions, at);

        // SurveyJS writes 0 and -1 for none.
        decimal? Above0(string member) => Number(form, element, member, at) is { } n and > 0 ? n : null;
    }

    static List<(string Value, string Label)> Choices(FormBuilder form, JsonElement element, string member, string at)
    {
        var choices = new List<(string, string)>();
        foreach (var (choice, place) in Each(element, member, at))
        {
            if (choice.ValueKind is JsonValueKind.Object && Value(choice, "value") is { } value)
            {
                choices.Add((value, Words(choice, "text") ?? value));
                Unknown(form, choice, place, ["value", "text"]);
            }
            else if (Value(choice) is { } plain)
                choices.Add((plain, plain));
            else
                form.Find(place, "option.notUnderstood", "An option without a value was left out.");
        }
        return choices;
    }

    static IReadOnlyList<(string, string)> Conditions(JsonElement element, string at, IReadOnlyList<(string, string)> outer) =>
        Words(element, "visibleIf") is { } condition ? [.. outer, (condition, $"{at}/visibleIf")] : outer;

    static IEnumerable<(JsonElement Element, string Place)> Each(JsonElement of, string member, string at) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(member, out var list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Select((e, i) => (e, string.Create(CultureInfo.InvariantCulture, $"{at}/{member}/{i}")))
            : [];

    /// <summary>Words, in Chinese where they are given in several languages.</summary>
    static string? Words(JsonElement of, string member)
    {
        if (of.ValueKind is not JsonValueKind.Object || !of.TryGetProperty(member, out var words))
            return null;
        if (words.ValueKind is JsonValueKind.Object)
            words = new[] { "zh-cn", "zh", "default", "en" }
                .Select(l => words.TryGetProperty(l, out var said) ? said : default)
                .FirstOrDefault(w => w.ValueKind is JsonValueKind.String);
        return words.ValueKind is JsonValueKind.String ? words.GetString().OrNone() : null;
    }

    static string? Value(JsonElement of, string member) => of.TryGetProperty(member, out var value) ? Value(value) : null;

    static string? Value(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => null,
        };

    static bool Holds(JsonElement of, string member) => of.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.True;

    static decimal? Number(FormBuilder form, JsonElement of, string member, string at)
    {
        if (!of.TryGetProperty(member, out var value) || value.ValueKind is JsonValueKind.Null)
            return null;
        if (value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out var number))
            return number;
        form.Find($"{at}/{member}", "number.invalid", $"{member} is no number, and was left out.");
        return null;
    }

    static void Unknown(FormBuilder form, JsonElement of, string at, string[] known)
    {
        if (of.ValueKind is JsonValueKind.Object)
            foreach (var member in of.EnumerateObject())
                if (!known.Contains(member.Name))
                    form.Find(
                        $"{at}/{FormBuilder.Short(member.Name)}",
                        "member.notUnderstood",
                        $"{FormBuilder.Short(member.Name)} was left out."
                    );
    }
}
