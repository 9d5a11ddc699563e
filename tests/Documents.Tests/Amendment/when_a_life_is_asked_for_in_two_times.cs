using CsCheck;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Amendment;

public sealed class when_a_life_is_asked_for_in_two_times(District district, PostgresCluster postgres) : IClassFixture<District>
{
    static readonly DateOnly FirstDay = new(2026, 6, 1);
    static readonly DateTimeOffset Start = new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);
    static readonly Actor By = new("tester", "370114-ZJ");
    const int Days = 60;

    enum Deed
    {
        Amend,
        Correct,
        Repeal,
        ChangeExpiry,
        Restore,
        MoveFirstDay,
    }

    /// <summary>
    /// What a person would keep on squared paper: a row of days with the text in force on each, repainted with every deed.
    /// </summary>
    sealed record Model(int[] Days, Dictionary<int, int> Starts, Dictionary<int, int> Corrected, int? RepealedFrom, int? ExpiresOn)
    {
        public Validity On(int day) =>
            RepealedFrom <= day ? Validity.Repealed
            : ExpiresOn < day ? Validity.Expired
            : Days[day] == 0 ? Validity.NotYetInForce
            : Root(Days[day]) == 1 ? Validity.InForce
            : Validity.Amended;

        public int Root(int revision) => Corrected.TryGetValue(revision, out var wrong) ? Root(wrong) : revision;

        public Model Copy() => new([.. Days], new(Starts), new(Corrected), RepealedFrom, ExpiresOn);

        // A clean sheet, with one text after the other painted on it from its first day to the end.
        public void PaintAnew()
        {
            Array.Clear(Days);
            foreach (var (text, start) in Starts.OrderBy(s => (s.Value, s.Key)))
                Array.Fill(Days, Standing(text), Math.Max(0, start), Days.Length - Math.Max(0, start));
        }

        int Standing(int text) => Corrected.FirstOrDefault(c => c.Value == text) is { Key: > 0 and var right } ? Standing(right) : text;
    }

    [Fact]
    public void every_day_of_every_life_is_told_as_it_was_known_at_every_instant()
    {
        var deed = Gen.Select(Gen.Int[0, 5], Gen.Int[-5, Days - 1], Gen.Int[0, 9], (what, day, which) => ((Deed)what, day, which));
        deed.Array[1, 12]
            .Sample(deeds =>
            {
                var published = 10;
                List<object> events =
                [
                    new DraftCreated(
                        Guid.NewGuid(),
                        "办法",
                        DocumentKind.Other,
                        ["370114-ZJ"],
                        "CXJS",
                        new(DisclosureKind.Proactive),
                        false,
                        By,
                        Start
                    ),
                    new RevisionRecorded(
                        1,
                        [new("b1", BlockKind.Article, null, "第一条", "第一条 原文。")],
                        2,
                        "",
                        Significance.Major,
                        "h",
                        "c",
                        By,
                        Start
                    ),
                    new DocumentPublished(
                        Guid.Empty,
                        1,
                        new(
                            "办法",
                            DocumentKind.Other,
                            ["370114-ZJ"],
                            "CXJS",
                            new("测", 2026, 1),
                            FirstDay,
                            "i",
                            new(DisclosureKind.Proactive)
                        ),
                        FirstDay,
                        FirstDay.AddDays(published),
                        null,
                        By,
                        Start
                    ),
                ];
                var model = new Model(
                    [.. Enumerable.Range(0, Days).Select(d => d >= published ? 1 : 0)],
                    new() { [1] = published },
                    [],
                    null,
                    null
                );
                List<(DateTimeOffset At, Model Known)> known = [(Start, model)];
                for (var i = 0; i < deeds.Length; i++)
                {
                    var at = Start.AddMinutes(i + 1);
                    var document = ((PolicyDocument?)null).Then(events)!;
                    var (what, offset, which) = deeds[i];
                    var day = FirstDay.AddDays(offset);
                    var text = $"第一条 第{i}次。";
                    var decision = what switch
                    {
                        Deed.Amend => Amend.Decide(
                            document,
                            new(text, null, null, null, "改", null, day, null, null),
                            Ground.None,
                            TextStructure.Cut(text),
                            null,
                            null,
                            By,
                            at
                        ),
                        Deed.Correct => Correct.Decide(
                            document,
                            new(text, null, null, null, "误", null, null),
                            TextStructure.Cut(text),
                            [],
                            document.PublicTexts[which % document.PublicTexts.Count].Revision,
                            null,
                            By,
                            at
                        ),
                        Deed.Repeal => RepealDocument.Decide(document, new("废", day, null), Ground.None, By, at),
                        Deed.Restore => RestoreDocument.Decide(document, "误", Ground.None, By, at),
                        Deed.MoveFirstDay => CorrectElements.Decide(
                            document,
                            new(
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                day,
                                document.PublicTexts[which % document.PublicTexts.Count].Revision,
                                "误"
                            ),
                            null,
                            By,
                            at
                        ),
                        _ => ChangeExpiry.Decide(document, which == 0 ? null : day, "期", Ground.None, By, at),
                    };
                    if (decision.Problem is not null || decision.Events.Count == 0)
                        continue;
                    events.AddRange(decision.Events);
                    model = model.Copy();
                    switch (decision.Events[^1])
                    {
                        case DocumentAmended a:
                            var until = model.Starts.Values.Where(s => s > offset).DefaultIfEmpty(Days).Min();
                            for (var d = offset; d < until; d++)
                                model.Days[d] = a.Revision;
                            model.Starts[a.Revision] = offset;
                            break;
                        case DocumentCorrected c:
                            model.Corrected[c.Revision] = c.Corrects;
                            for (var d = 0; d < Days; d++)
                                if (model.Days[d] == c.Corrects)
                                    model.Days[d] = c.Revision;
                            break;
                        case DocumentRepealed:
                            model = model with { RepealedFrom = offset };
                            break;
                        case DocumentRestored:
                            model = model with { RepealedFrom = null };
                            break;
                        case ElementsCorrected c:
                            model.Starts[model.Root(c.Revision)] = offset;
                            model.PaintAnew();
                            break;
                        case ExpiryChanged x:
                            model = model with { ExpiresOn = x.ExpiresOn is null ? null : offset };
                            break;
                    }
                    known.Add((at, model));
                }
                return known.All(k =>
                {
                    var then = ((PolicyDocument?)null).Then(
                        events.Where(e => (DateTimeOffset)e.GetType().GetProperty("At")!.GetValue(e)! <= k.At)
                    )!;
                    return Enumerable
                        .Range(0, Days)
                        .All(d =>
                            (then.TextInForceOn(FirstDay.AddDays(d))?.Revision ?? 0) == k.Known.Days[d]
                            && then.ValidityOn(FirstDay.AddDays(d)) == k.Known.On(d)
                        );
                });
            });
    }

    [Fact]
    public async Task the_api_tells_what_was_believed_at_an_instant_to_be_in_force_on_a_day()
    {
        var documents = district.Documents;
        var id = await documents.Publish(await documents.Draft("第一条 室温不得低于16℃。", "室温办法"), "测政发〔2026〕301号");
        var published = Now();
        district.Clock.Advance(TimeSpan.FromDays(1));
        await documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 室温不得低于20℃。",
                title = "室内温度办法",
                changeNote = "提高",
                effectiveFrom = "2026-07-01",
            },
            201
        );
        var amended = Now();
        district.Clock.Advance(TimeSpan.FromDays(1));
        await documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/corrections",
            new { text = "第一条 室温不得低于18℃。", changeNote = "原文误排" },
            201
        );
        var corrected = Now();
        district.Clock.Advance(TimeSpan.FromDays(1));
        await documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "不再适用", effectiveFrom = "2026-08-01" });

        foreach (
            var (query, revision, validity, title) in new[]
            {
                ($"recordedAt={published}", 1, "inForce", "室温办法"),
                ($"recordedAt={published}&inForceOn=2026-07-15", 1, "inForce", "室温办法"),
                ($"recordedAt={amended}", 1, "inForce", "室温办法"),
                ($"recordedAt={amended}&inForceOn=2026-07-15", 2, "amended", "室内温度办法"),
                ($"recordedAt={corrected}", 3, "inForce", "室温办法"),
                ($"recordedAt={corrected}&inForceOn=2026-08-15", 2, "amended", "室内温度办法"),
                ("inForceOn=2026-06-10", 3, "inForce", "室温办法"),
            }
        )
        {
            var view = await documents.Get(null, $"documents/{id}?{query}");
            Assert.Equal(
                (query, revision, validity, title),
                (
                    query,
                    view.GetProperty("revisionInForce").GetInt32(),
                    view.GetProperty("validity").GetString()!,
                    view.GetProperty("title").GetString()!
                )
            );
            var text = await documents.Get(null, $"documents/{id}/revisions/current?{query}");
            Assert.Equal((query, revision), (query, text.GetProperty("revision").GetInt32()));
        }
        // After its end nothing is in force; what it said last can still be read.
        var ended = await documents.Get(null, $"documents/{id}?inForceOn=2026-08-15");
        Assert.Equal(
            ("repealed", System.Text.Json.JsonValueKind.Null, "室内温度办法"),
            (
                ended.GetProperty("validity").GetString(),
                ended.GetProperty("revisionInForce").ValueKind,
                ended.GetProperty("title").GetString()
            )
        );
        var none = await documents.Get(null, $"documents/{id}/revisions/current?inForceOn=2026-08-15", 404);
        Assert.Equal("revision.notFound", none.Code());
        Assert.Contains("revision 2", none.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await documents.Get(null, $"documents/{id}?recordedAt=2026-05-31T12:00:00Z", 404);
        string Now() => district.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", null);

        // The wrong text stays readable under its number, and can no longer be corrected itself.
        await documents.Get(null, $"documents/{id}/revisions/1");
        Assert.Equal(
            ["/corrects"],
            (
                await documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/corrections",
                    new
                    {
                        text = "第一条 又改。",
                        changeNote = "再改",
                        corrects = 1,
                    },
                    422
                )
            ).Pointers()
        );
    }

    [Fact]
    public async Task a_document_lapses_by_itself_on_the_day_after_its_last()
    {
        var documents = district.Documents;
        var today = DateOnly.FromDateTime(district.Clock.GetUtcNow().AddHours(8).DateTime);
        var id = await documents.Publish(
            await documents.Draft(title: "有期限的办法"),
            "测政发〔2026〕302号",
            new { expiresOn = today.ToString("yyyy-MM-dd", null) }
        );
        Assert.Equal("inForce", (await documents.Get(null, $"documents/{id}")).GetProperty("validity").GetString());
        district.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("expired", (await documents.Get(null, $"documents/{id}")).GetProperty("validity").GetString());
        await Calls.Eventually(async () =>
            (await documents.Get(null, $"documents/{id}/history")).GetProperty("items")[0] is var newest
            && newest.GetProperty("what").GetString() == "expired"
                ? newest
                : (System.Text.Json.JsonElement?)null
        );
        Assert.Equal(
            "document.state.wrong",
            (
                await documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/expiry",
                    new { reason = "延期", expiresOn = "2027-01-01" },
                    409
                )
            ).Code()
        );
    }

    [Fact]
    public async Task an_end_is_taken_away_where_that_is_said_and_not_where_it_was_forgotten()
    {
        var own = new District(postgres);
        await own.InitializeAsync();
        try
        {
            var id = await own.Documents.Publish(await own.Documents.Draft(), "测政发〔2026〕1号", new { expiresOn = "2027-05-31" });
            Assert.Equal(
                ["/expiresOn"],
                (await own.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/expiry", new { reason = "长期有效" }, 422)).Pointers()
            );
            Assert.Equal("2027-05-31", await ExpiresOn());
            await own.Documents.Post(
                Tokens.OpennessOffice,
                $"documents/{id}/expiry",
                new Dictionary<string, string?> { ["reason"] = "长期有效", ["expiresOn"] = null }
            );
            Assert.Null(await ExpiresOn());

            async Task<string?> ExpiresOn() => (await own.Documents.Get(null, $"documents/{id}")).GetProperty("expiresOn").GetString();
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task a_document_lapses_also_when_the_service_was_down_that_night()
    {
        var own = new District(postgres);
        await own.InitializeAsync();
        try
        {
            var id = await own.Documents.Publish(
                await own.Documents.Draft(title: "夜间到期的办法"),
                "测政发〔2026〕303号",
                new { expiresOn = "2026-06-02" }
            );
            await own.RestartDocuments(meanwhile: () =>
            {
                own.Clock.Advance(TimeSpan.FromDays(3));
                return Task.CompletedTask;
            });
            var expired = await Calls.Eventually(async () =>
                (await own.Documents.Get(null, $"documents/{id}/history")).GetProperty("items")[0] is var newest
                && newest.GetProperty("what").GetString() == "expired"
                    ? newest
                    : (System.Text.Json.JsonElement?)null
            );
            Assert.Equal("Lapsed: its term ended on 2026-06-02", expired.GetProperty("summary").GetString());
        }
        finally
        {
            await own.DisposeAsync();
        }
    }
}
