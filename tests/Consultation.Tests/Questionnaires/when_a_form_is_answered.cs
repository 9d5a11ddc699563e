using CsCheck;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Problems;
using static PolicyPlatform.Consultation.Tests.Questionnaires.AnyQuestionnaire;

namespace PolicyPlatform.Consultation.Tests.Questionnaires;

public sealed class when_a_form_is_answered
{
    static readonly FormOption[] Rows = [new("r1", "一"), new("r2", "二")];

    static readonly QuestionnaireForm Every = Form(
        Single("s"),
        new("m", QuestionKind.Multiple, "多选", Options: AB, Other: true, Least: 1, Most: 2),
        new("k", QuestionKind.Scale, "量表", Least: 0, Most: 10),
        new("x", QuestionKind.Matrix, "矩阵", Required: true, Options: AB, Rows: Rows),
        new("t", QuestionKind.Text, "填空", Most: 5),
        new("n", QuestionKind.Number, "数字", Least: -1, Most: 99.5m),
        new("w", QuestionKind.Number, "整数", Whole: true)
    );

    static readonly AnswerToQuestion Matrix = new("x", Cells: [new("r1", "a"), new("r2", "b")]);

    public static TheoryData<AnswerToQuestion> Fitting =>
        [
            new AnswerToQuestion("s", ["a"]),
            new AnswerToQuestion("m", ["b", "a"]),
            new AnswerToQuestion("m", ["other"], "另一种"),
            new AnswerToQuestion("k", Number: 0),
            new AnswerToQuestion("k", Number: 10.0m),
            new AnswerToQuestion("t", Text: "五个字以内"),
            new AnswerToQuestion("n", Number: 99.5m),
            new AnswerToQuestion("n", Number: -1),
            new AnswerToQuestion("w", Number: 3.0m),
            // As forms send what nobody filled in.
            new AnswerToQuestion("t", [], " ", null, "  ", []),
            new AnswerToQuestion("s"),
        ];

    [Theory]
    [MemberData(nameof(Fitting))]
    public void what_fits_its_question_is_accepted(AnswerToQuestion answer) => Assert.Empty(Every.Wrong(Matrix, answer));

    public static TheoryData<AnswerToQuestion, string, string> Unfitting =>
        new()
        {
            { new("s", ["a", "b"]), "/answers/1/options", "value.outOfRange" },
            { new("s", ["c"]), "/answers/1/options/0", "option.unknown" },
            { new("s", ["a"], "我说"), "/answers/1/other", "value.misplaced" },
            { new("s", Text: "a"), "/answers/1/text", "value.misplaced" },
            { new("m", ["a", "b", "other"], "x"), "/answers/1/options", "value.outOfRange" },
            { new("m", ["a", "a"]), "/answers/1/options/1", "option.twice" },
            { new("m", ["other"]), "/answers/1/other", "value.missing" },
            { new("m", ["other"], new string('字', 501)), "/answers/1/other", "value.tooLong" },
            { new("m", Other: "x"), "/answers/1/options", "value.outOfRange" },
            { new("k", Number: 11), "/answers/1/number", "value.outOfRange" },
            { new("k", Number: 2.5m), "/answers/1/number", "value.outOfRange" },
            { new("k", ["a"]), "/answers/1/options", "value.misplaced" },
            { new("t", Text: "六个字不行了"), "/answers/1/text", "value.tooLong" },
            { new("n", Number: 100), "/answers/1/number", "value.outOfRange" },
            { new("n", Text: "5"), "/answers/1/text", "value.misplaced" },
            { new("w", Number: 3.5m), "/answers/1/number", "number.notWhole" },
            { new("w", Number: decimal.MaxValue), "/answers/1/number", "value.outOfRange" },
            { new("zz", ["a"]), "/answers/1/question", "question.unknown" },
            { new(null, ["a"]), "/answers/1/question", "question.unknown" },
            { new("x", Cells: []), "/answers/1/question", "answer.twice" },
        };

    [Theory]
    [MemberData(nameof(Unfitting))]
    public void what_does_not_fit_is_told_with_its_place(AnswerToQuestion answer, string pointer, string code) =>
        Assert.Contains((pointer, code), Every.Wrong(Matrix, answer));

    [Fact]
    public void a_matrix_is_answered_row_by_row()
    {
        Assert.Equal([("/answers", "answer.missing")], Every.Wrong());
        Assert.Equal([("/answers/0/cells", "answer.missing")], Every.Wrong(new AnswerToQuestion("x", Cells: [new("r1", "a")])));
        Assert.Equal(
            [("/answers/0/cells/1/row", "option.twice"), ("/answers/0/cells/1/column", "option.unknown")],
            Every
                .Wrong(new AnswerToQuestion("x", Cells: [new("r1", "a"), new("r1", "z")]))
                .OrderByDescending(e => e.Pointer, StringComparer.Ordinal)
                .ToArray()
        );
        Assert.Equal(
            [("/answers/0/cells", "value.outOfRange")],
            Every.Wrong(new AnswerToQuestion("x", Cells: [.. Enumerable.Repeat(new AnswerCell("r1", "a"), 1000)]))
        );
    }

    [Fact]
    public void everything_wrong_is_told_at_once_and_without_end_is_not_read()
    {
        Assert.Equal(3, Every.Wrong(new AnswerToQuestion("s", ["c"]), new AnswerToQuestion("k", Number: 11)).Count);
        Assert.Equal([("/answers", "value.outOfRange")], Every.Wrong([.. Enumerable.Repeat(new AnswerToQuestion("s", ["a"]), 201)]));
    }

    [Fact]
    public void numbers_of_people_do_not_stay_in_words()
    {
        var read = AnswerToQuestion.Read(
            Form(new FormQuestion("t", QuestionKind.Text, "填空")),
            [new("t", Text: " 电话13912345678，<b>暖气</b>不热 ")],
            new()
        );
        Assert.Equal("电话〔已隐去〕，<b>暖气</b>不热", read[0].Text);
    }

    [Fact]
    public void a_hidden_question_is_not_required_and_not_answered()
    {
        var form = Form(Single("q1", required: true), Single("q2", required: true, new(Question: "q1", Is: "a")));
        Assert.Empty(form.Wrong(new AnswerToQuestion("q1", ["b"])));
        Assert.Equal([("/answers", "answer.missing")], form.Wrong(new AnswerToQuestion("q1", ["a"])));
        Assert.Equal([("/answers/0", "answer.hidden")], form.Wrong(new AnswerToQuestion("q2", ["a"]), new AnswerToQuestion("q1", ["b"])));
        // Whether it is asked after an answer that is none is not known, and not told.
        Assert.Equal(
            [("/answers/0/options/0", "option.unknown")],
            form.Wrong(new AnswerToQuestion("q1", ["z"]), new AnswerToQuestion("q2", ["a"]))
        );
    }

    /// <summary>A question of a form made by chance: whether it is required, its condition, and what is answered to it.</summary>
    public sealed record Made(bool Required, int Condition, int First, int Second, int Answer);

    static readonly Gen<Made[]> Forms = Gen.Select(
        Gen.Bool,
        Gen.Int[0, 8],
        Gen.Int[0, 50],
        Gen.Int[0, 50],
        Gen.Int[0, 2],
        (required, condition, first, second, answer) => new Made(required, condition, first, second, answer)
    ).Array[1, 9];

    static FormCondition? Condition(Made made, int place)
    {
        if (place == 0)
            return null;
        FormCondition Of(int n, string option) => new(Question: $"q{n % place}", Is: option);
        return made.Condition switch
        {
            1 => Of(made.First, "a"),
            2 => new(Not: Of(made.First, "a")),
            3 => new(All: [Of(made.First, "a"), Of(made.Second, "b")]),
            4 => new(Any: [Of(made.First, "a"), Of(made.Second, "b")]),
            5 => new(Question: $"q{made.First % place}", IsAnyOf: ["a", "b"]),
            6 => new(Not: new(Any: [Of(made.First, "b"), new(Not: Of(made.Second, "a"))])),
            _ => null,
        };
    }

    [Fact]
    public void answers_are_accepted_if_and_only_if_those_questions_are_answered_that_are_asked_and_required() =>
        Forms.Sample(
            made =>
            {
                var form = Form([.. made.Select((m, i) => Single($"q{i}", m.Required, Condition(m, i)))]);
                AnswerToQuestion[] answers =
                [
                    .. made.Select((m, i) => (m.Answer, i))
                        .Where(a => a.Answer > 0)
                        .Select(a => new AnswerToQuestion($"q{a.i}", [a.Answer == 1 ? "a" : "b"])),
                ];
                // By the words of the rule, from the last question back to the first.
                bool Asked(int i) => Condition(made[i], i) is not { } condition || Holds(condition);
                bool Holds(FormCondition c) =>
                    c switch
                    {
                        { All: { } all } => all.All(Holds),
                        { Any: { } any } => any.Any(Holds),
                        { Not: { } not } => !Holds(not),
                        _ => int.Parse(c.Question![1..], null) is var n
                            && Asked(n)
                            && made[n].Answer > 0
                            && (c.Is ?? (made[n].Answer == 1 ? "a" : "b")) == (made[n].Answer == 1 ? "a" : "b"),
                    };
                var fits = made.Select((m, i) => (m, i)).All(q => Asked(q.i) ? !q.m.Required || q.m.Answer > 0 : q.m.Answer == 0);
                Assert.Equal(fits, form.Wrong(answers).Count == 0);
                // Their order says nothing.
                Assert.Equal(fits, form.Wrong([.. answers.Reverse()]).Count == 0);
            },
            iter: 2000
        );

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(null, false)]
    public void numbers_are_compared(int? answer, bool asked)
    {
        foreach (
            var condition in new FormCondition[]
            {
                new(Question: "k", GreaterThan: 3),
                new(Question: "k", AtLeast: 3.5m),
                new(Not: new(Any: [new(Question: "k", LessThan: 4), new(Not: new(Question: "k", AtMost: 10))])),
                new(Question: "k", Is: "4.0"),
                new(Question: "k", IsAnyOf: ["4", "5"]),
            }
        )
        {
            var form = Form(new FormQuestion("k", QuestionKind.Scale, "量表"), Single("q", showIf: condition));
            AnswerToQuestion[] answers = answer is null ? [] : [new("k", Number: answer)];
            Assert.Equal(asked, form.Wrong([.. answers, new("q", ["a"])]).Count == 0);
        }
    }

    [Fact]
    public void a_form_that_cannot_be_answered_is_refused_with_every_place()
    {
        Assert.Equal(
            [("0/code", "code.invalid"), ("0/text", "value.missing"), ("0/options", "value.missing")],
            Wrong(new FormQuestion("a/b", QuestionKind.Single, " "))
        );
        Assert.Equal(
            [
                ("1/code", "code.twice"),
                ("1/rows", "value.misplaced"),
                ("1/options/1/code", "code.twice"),
                ("1/options/2/label", "value.missing"),
            ],
            Wrong(Single("q"), new("q", QuestionKind.Single, "问", Options: [new("a", "甲"), new("a", "乙"), new("c", "")], Rows: Rows))
                .OrderBy(e => e.Pointer.Contains("options", StringComparison.Ordinal))
                .ToArray()
        );
        Assert.Equal(
            [("0/options/0/code", "code.twice")],
            Wrong(new FormQuestion("q", QuestionKind.Single, "问", Options: [new("other", "其他")], Other: true))
        );
        Assert.Equal([("0/most", "value.outOfRange")], Wrong(new FormQuestion("q", QuestionKind.Scale, "问", Least: 2, Most: 5)));
        Assert.Equal([("0/most", "value.outOfRange")], Wrong(new FormQuestion("q", QuestionKind.Scale, "问", Most: 11)));
        Assert.Equal([("0/most", "value.outOfRange")], Wrong(new FormQuestion("q", QuestionKind.Multiple, "问", Options: AB, Least: 3)));
        Assert.Equal([("0/most", "value.outOfRange")], Wrong(new FormQuestion("q", QuestionKind.Text, "问", Most: 5001)));
        Assert.Equal([("0/most", "value.outOfRange")], Wrong(new FormQuestion("q", QuestionKind.Number, "问", Least: 2, Most: 1)));
        Assert.Equal([("0/rows", "value.missing")], Wrong(new FormQuestion("q", QuestionKind.Matrix, "问", Options: AB)));
        Assert.Equal(
            [("0/options", "value.outOfRange"), ("0/options", "value.missing")],
            Wrong(
                new FormQuestion(
                    "q",
                    QuestionKind.Single,
                    "问",
                    Options: [.. Enumerable.Range(0, 101).Select(i => new FormOption($"o{i}", "项"))]
                )
            )
        );
        var invalid = new Invalid();
        FormCheck.Read([new(null, null, [.. Enumerable.Range(0, 201).Select(i => Single($"q{i}"))])], invalid);
        FormCheck.Read([], invalid);
        FormCheck.Read(null, invalid);
        Assert.Equal(["/pages", "/pages", "/pages"], invalid.Problem!.Errors.Select(e => e.Pointer));
    }

    [Fact]
    public void a_condition_is_about_what_is_asked_before()
    {
        Assert.Equal([("0/showIf/question", "question.notEarlier")], Wrong(Single("q", showIf: new(Question: "q", Is: "a"))));
        Assert.Equal([("1/showIf/is", "option.unknown")], Wrong(Single("q1"), Single("q2", showIf: new(Question: "q1", Is: "c"))));
        Assert.Equal(
            [("1/showIf", "condition.comparison.unfit")],
            Wrong(Single("q1"), Single("q2", showIf: new(Question: "q1", GreaterThan: 1)))
        );
        Assert.Equal([("1/showIf", "condition.unclear")], Wrong(Single("q1"), Single("q2", showIf: new())));
        Assert.Equal(
            [("1/showIf", "condition.unclear")],
            Wrong(Single("q1"), Single("q2", showIf: new(Question: "q1", Is: "a", IsAnyOf: ["b"])))
        );
        Assert.Equal([("1/showIf/any", "value.missing")], Wrong(Single("q1"), Single("q2", showIf: new(Any: []))));
        Assert.Equal(
            [("1/showIf/not/question", "question.notComparable")],
            Wrong(new("t", QuestionKind.Text, "问"), Single("q2", showIf: new(Not: new(Question: "t", Is: "a"))))
        );
        Assert.Equal(
            [("1/showIf/isAnyOf/1", "number.invalid")],
            Wrong(new("k", QuestionKind.Scale, "问"), Single("q2", showIf: new(Question: "k", IsAnyOf: ["1", "many"])))
        );
        var deep = new FormCondition(Question: "q1", Is: "a");
        for (var i = 0; i < 20; i++)
            deep = new(Not: deep);
        Assert.Equal("condition.tooLarge", Assert.Single(Wrong(Single("q1"), Single("q2", showIf: deep))).Code);
        Assert.Equal(
            "condition.tooLarge",
            Assert
                .Single(
                    Wrong(
                        Single("q1"),
                        Single("q2", showIf: new(All: [.. Enumerable.Repeat(new FormCondition(Question: "q1", Is: "a"), 100_000)]))
                    )
                )
                .Code
        );
    }

    [Fact]
    public void an_edition_that_asks_the_same_with_another_condition_asks_the_same()
    {
        var question = Form(Single("q")).Questions().Single();
        Assert.True(question.AsksTheSameAs(question with { Required = true, Help = "请选择", ShowIf = new(Question: "q0", Is: "a") }));
        Assert.False(question.AsksTheSameAs(question with { Text = "另一问" }));
        Assert.False(question.AsksTheSameAs(question with { Options = [.. AB.Reverse()] }));
        Assert.False(question.AsksTheSameAs(question with { Options = [AB[0], new("b", "丙")] }));
    }
}
