using Alba;
using PolicyPlatform.Documents.CleanUp;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.CleanUp;

public sealed class when_cleaning_up(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task chosen_documents_get_an_outcome_each_that_takes_effect_on_them()
    {
        Guid[] documents =
        [
            .. await Task.WhenAll(
                Enumerable
                    .Range(1, 4)
                    .Select(async n =>
                        await Documents.Publish(
                            await Documents.Draft(title: $"待清理办法{n}"),
                            $"清发〔2020〕{n}号",
                            new { publishedOn = "2020-02-01" },
                            "2020-01-20"
                        )
                    )
            ),
        ];
        var opened = await Documents.Post(
            Tokens.OpennessOffice,
            "cleanups",
            new
            {
                title = "2026年文件清理",
                dueOn = "2026-12-31",
                criteria = new { q = "待清理办法", year = 2020 },
            },
            201
        );
        var id = opened.GetProperty("id").GetGuid();
        Assert.Equal(4, opened.GetProperty("documents").GetInt32());

        await Outcome(0, "keep", Tokens.DraftingHousing);
        await Outcome(1, "repeal", Tokens.DraftingHousing);
        Assert.Equal(
            "cleanUp.body.foreign",
            (
                await Documents.Post(
                    Tokens.DraftingEducation,
                    $"cleanups/{id}/outcomes",
                    new
                    {
                        documentId = documents[2],
                        outcome = "keep",
                        reason = "别人的",
                    },
                    403
                )
            ).Code()
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"cleanups/{id}/assignments",
            new { documents = new[] { documents[2] }, body = "370114-JY" }
        );
        await Outcome(2, "declareExpired", Tokens.DraftingEducation);
        var progress = await Documents.Get(Tokens.Supervision, $"cleanups/{id}");
        Assert.Equal(
            (4, 1, 0, 1),
            (
                progress.GetProperty("total").GetInt32(),
                progress.GetProperty("open").GetInt32(),
                progress.GetProperty("applied").GetInt32(),
                progress.GetProperty("openByBody").GetProperty("370114-ZJ").GetInt32()
            )
        );

        await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/apply", new { });
        Assert.Equal(
            ["inForce", "repealed", "expired", "inForce"],
            await Task.WhenAll(
                documents.Select(async d => (await Documents.Get(null, $"documents/{d}")).GetProperty("validity").GetString())
            )
        );
        Assert.Equal(
            "cleanedUp",
            (await Documents.Get(Tokens.OpennessOffice, $"documents/{documents[0]}/history"))
                .GetProperty("items")[0]
                .GetProperty("what")
                .GetString()
        );
        Assert.Equal(3, (await Documents.Get(Tokens.Supervision, $"cleanups/{id}")).GetProperty("applied").GetInt32());
        Assert.Equal("request.invalid", (await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/apply", new { }, 422)).Code());
        Assert.Equal(
            ["/reason", "/outcome", "/documentId"],
            (await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/outcomes", new { documentId = documents[0] }, 422)).Pointers()
        );
        Assert.Equal(
            ["/title", "/criteria"],
            (await Documents.Post(Tokens.OpennessOffice, "cleanups", new { criteria = new { q = "没有这样的文件" } }, 422)).Pointers()
        );

        Task Outcome(int n, string outcome, string token) =>
            Documents.Post(
                token,
                $"cleanups/{id}/outcomes",
                new
                {
                    documentId = documents[n],
                    outcome,
                    reason = "清理",
                }
            );
    }

    [Fact]
    public async Task an_unknown_body_is_named_where_it_was_given()
    {
        await Documents.Publish(
            await Documents.Draft(title: "指派办法"),
            "清发〔2021〕1号",
            new { publishedOn = "2021-02-01" },
            "2021-01-15"
        );
        var refused = await Documents.Post(
            Tokens.OpennessOffice,
            "cleanups",
            new
            {
                title = "清理",
                criteria = new { q = "指派办法" },
                body = "NOPE",
            },
            422
        );
        Assert.Equal(("/body", "organisation.unknown"), (Assert.Single(refused.Pointers()), refused.GetProperty("errors")[0].Code()));
        var id = (
            await Documents.Post(
                Tokens.OpennessOffice,
                "cleanups",
                new
                {
                    title = "清理",
                    criteria = new { q = "指派办法" },
                    body = "370114-JY",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        Assert.Equal(
            ["/body"],
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"cleanups/{id}/assignments",
                    new
                    {
                        documents = new[]
                        {
                            (await Documents.Get(Tokens.Supervision, $"cleanups/{id}"))
                                .GetProperty("items")[0]
                                .GetProperty("documentId")
                                .GetGuid(),
                        },
                        body = "NOPE",
                    },
                    422
                )
            ).Pointers()
        );
    }

    [Theory]
    [InlineData(CleanUpOutcome.Repeal)]
    [InlineData(CleanUpOutcome.DeclareExpired)]
    public void what_others_are_told_names_the_version_that_the_document_has_then(CleanUpOutcome outcome)
    {
        var document = new PolicyDocument
        {
            Id = Guid.NewGuid(),
            Version = 7,
            State = DocumentState.Published,
            PublishedOn = new(2020, 1, 1),
            PublicTexts = [new(1, new(2020, 1, 1), default, null)],
        };
        var effect = ApplyOutcomes.Effect(
            document,
            Guid.NewGuid(),
            new(document.Id, "办法", "370114-ZJ") { Outcome = outcome, Reason = "清理" },
            new("anybody", ""),
            new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero)
        );
        Assert.Equal(2, effect.Events.Count);
        Assert.Equal(
            9,
            effect.Messages.Single() switch
            {
                Contracts.Documents.V1.DocumentRepealedMessage r => r.Version,
                Contracts.Documents.V1.DocumentExpiryChangedMessage c => c.Version,
                _ => 0,
            }
        );
    }
}
