using System.Globalization;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Questionnaires.Import;

/// <summary>
/// Reads a questionnaire as an XLSForm (.xlsx with the sheets survey, choices and settings): select_one, select_multiple, text, integer,
/// decimal, range and note; groups as pages; relevant of the simple kind.
/// </summary>
static class XlsForm
{
    const int DeepestGroup = 8;

    static readonly string[] Known =
    [
        "type",
        "name",
        "label",
        "hint",
        "required",
        "relevant",
        "parameters",
        // How it looks.
        "appearance",
    ];

    // What every form has and nobody answers.
    static readonly string[] Meta = ["start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit"];

    /// <summary>The form; null for what is no XLSForm. What is too large to be read whole is noted.</summary>
    public static ReadForm? Read(byte[] content, Invalid invalid)
    {
        if (Workbook.Read(content, invalid) is not { } sheets || !sheets.TryGetValue("survey", out var survey))
            return null;
        var form = new FormBuilder();
        foreach (var name in sheets.Keys.Where(n => n.ToLowerInvariant() is not ("survey" or "choices" or "settings")))
            form.Find(name, "sheet.notUnderstood", $"The sheet {FormBuilder.Short(name)} was left out.");
        Formulas(form, "survey", survey);
        var lists = Lists(form, sheets.GetValueOrDefault("choices") ?? []);
        // A group that is not shown shows nothing in it.
        var groups = new Stack<(string Text, string Place)?>();
        foreach (var row in survey)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"survey/{row.Number}");
            foreach (var heading in row.Cells.Keys.Where(h => !Known.Contains(Plain(h))))
                form.Find($"{at}/{FormBuilder.Short(heading)}", "member.notUnderstood", $"{FormBuilder.Short(heading)} was left out.");
            var type = row["type"].ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            (string, string)? relevant = row["relevant"].Length > 0 ? (row["relevant"], $"{at}/relevant") : null;
            switch (type)
            {
                case []:
                    form.Find(at, "element.notUnderstood", "A row without a type was left out.");
                    break;
                case ["begin_group"] or ["begin", "group"] when groups.Count < DeepestGroup:
                    groups.Push(relevant);
                    if (groups.Count == 1)
                        form.Page(Said(row, "label"));
                    else if (Said(row, "label") is { } heading)
                        form.Note(heading);
                    break;
                case ["end_group"] or ["end", "group"]:
                    if (groups.TryPop(out _) && groups.Count == 0)
                        form.Page(null);
                    break;
                case [var meta] when Meta.Contains(meta):
                    form.Find(at, "element.notUnderstood", $"{meta} was left out: nothing is recorded of whoever answers.");
                    break;
                case ["note"]:
                    if (Said(row, "label") is { } note)
                        form.Note(note);
                    if (relevant is not null)
                        form.Find($"{at}/relevant", "condition.notUnderstood", "Words that ask for nothing are shown to everybody.");
                    break;
                default:
                    Question(form, row, type, lists, [.. groups.Reverse().Append(relevant).OfType<(string, string)>()], at);
                    break;
            }
        }
        var settings = sheets.GetValueOrDefault("settings") ?? [];
        foreach (
            var heading in settings
                .SelectMany(s => s.Cells.Keys)
                .Where(h => h is not ("form_title" or "form_id" or "version" or "default_language" or "style"))
                .Distinct()
        )
            form.Find($"settings/{FormBuilder.Short(heading)}", "member.notUnderstood", $"{FormBuilder.Short(heading)} was left out.");
        return form.Finished(settings.Select(s => s["form_title"]).FirstOrDefault(t => t.Length > 0), null);
    }

    static void Question(
        FormBuilder form,
        SheetRow row,
        string[] type,
        Dictionary<string, List<(string, string)>> lists,
        IReadOnlyList<(string, string)> conditions,
        string at
    )
    {
        var question = new FormQuestion(
            null,
            QuestionKind.Text,
            Said(row, "label") ?? row["name"],
            Said(row, "hint"),
            row["required"].ToLowerInvariant() is "yes" or "true" or "true()" or "1"
        );
        if (
            row["required"].Length > 0
            && question.Required is not true
            && row["required"].ToLowerInvariant() is not ("no" or "false" or "false()" or "0")
        )
            form.Find(
                $"{at}/required",
                "condition.notUnderstood",
                $"{FormBuilder.Short(row["required"])} was left out: the question is not required."
            );
        IReadOnlyDictionary<string, string> values = new Dictionary<string, string>();
        switch (type)
        {
            case ["select_one" or "select_multiple", var list, .. var rest] when lists.TryGetValue(list, out var choices):
                (var options, var named) = form.Options(choices, at);
                var other = rest is ["or_other"];
                if (other)
                    named.TryAdd("other", FormQuestion.OtherCode);
                else if (rest.Length > 0)
                    form.Find(at, "member.notUnderstood", $"{FormBuilder.Short(string.Join(' ', rest))} was left out.");
                (question, values) = (
                    question with
                    {
                        Kind = type[0] is "select_one" ? QuestionKind.Single : QuestionKind.Multiple,
                        Options = options,
                        Other = other,
                    },
                    named
                );
                break;
            case ["text"]:
                break;
            case ["integer"] or ["decimal"]:
                question = question with { Kind = QuestionKind.Number, Whole = type is ["integer"] };
                break;
            case ["range"]:
                question = Range(form, question, row["parameters"], at);
                break;
            default:
                form.Find(
                    at,
                    "element.notUnderstood",
                    $"A question {FormBuilder.Short(row["name"])} of type {FormBuilder.Short(row["type"])} was left out."
                );
                return;
        }
        if (type is not ["range"] && row["parameters"].Length > 0)
            form.Find($"{at}/parameters", "member.notUnderstood", $"{FormBuilder.Short(row["parameters"])} was left out.");
        form.Question(row["name"], question, values, conditions, at);
    }

    // start=1 end=5 step=1: what goes in whole steps from 0 or 1 to ten at most is a scale, everything else a number.
    static FormQuestion Range(FormBuilder form, FormQuestion question, string parameters, string at)
    {
        var (start, end, step) = (1m, 10m, 1m);
        foreach (var part in parameters.Split([' ', ';', ','], StringSplitOptions.RemoveEmptyEntries).Take(10))
        {
            var known =
                part.Split('=') is [var name, var said]
                && decimal.TryParse(
                    said,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                && name.ToLowerInvariant() switch
                {
                    "start" => (start = value) == value,
                    "end" => (end = value) == value,
                    "step" => (step = value) == value,
                    _ => false,
                };
            if (!known)
                form.Find($"{at}/parameters", "member.notUnderstood", $"{FormBuilder.Short(part)} was left out.");
        }
        if (step != 1)
            form.Find($"{at}/parameters", "scale.step", $"A scale goes in steps of one; another step was left out.");
        return start is 0 or 1 && end is >= 2 and <= 10 && end == decimal.Truncate(end)
            ? question with
            {
                Kind = QuestionKind.Scale,
                Least = start,
                Most = end,
            }
            : question with
            {
                Kind = QuestionKind.Number,
                Least = start,
                Most = end,
            };
    }

    static Dictionary<string, List<(string, string)>> Lists(FormBuilder form, IReadOnlyList<SheetRow> choices)
    {
        Formulas(form, "choices", choices);
        var lists = new Dictionary<string, List<(string, string)>>();
        foreach (var row in choices)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"choices/{row.Number}");
            var list = (row["list_name"].Length > 0 ? row["list_name"] : row["list name"]).ToLowerInvariant();
            if (list.Length == 0 || row["name"].Length == 0)
            {
                form.Find(at, "option.notUnderstood", "An option without a list and a name was left out.");
                continue;
            }
            foreach (var heading in row.Cells.Keys.Where(h => Plain(h) is not ("list_name" or "list name" or "name" or "label")))
                form.Find($"{at}/{FormBuilder.Short(heading)}", "member.notUnderstood", $"{FormBuilder.Short(heading)} was left out.");
            if (!lists.TryGetValue(list, out var options))
                lists[list] = options = [];
            options.Add((row["name"], Said(row, "label") ?? row["name"]));
        }
        return lists;
    }

    static void Formulas(FormBuilder form, string sheet, IReadOnlyList<SheetRow> rows)
    {
        foreach (var row in rows)
        foreach (var heading in row.Formulas)
            form.Find(
                string.Create(CultureInfo.InvariantCulture, $"{sheet}/{row.Number}/{FormBuilder.Short(heading)}"),
                "cell.formula",
                "The cell is computed, which is not done here; what it last showed was taken."
            );
    }

    // label::中文 (zh) is label in Chinese.
    static string Plain(string heading) => heading.Split("::")[0];

    static string? Said(SheetRow row, string what) =>
        row[what].OrNone()
        ?? row.Cells.Where(c => Plain(c.Key) == what)
            .OrderBy(c => c.Key.Contains("zh", StringComparison.Ordinal) || c.Key.Contains('中', StringComparison.Ordinal) ? 0 : 1)
            .Select(c => c.Value)
            .FirstOrDefault();
}
