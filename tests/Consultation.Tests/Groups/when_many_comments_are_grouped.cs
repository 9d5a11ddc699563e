using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Groups;

public sealed class when_many_comments_are_grouped(District district) : IClassFixture<District>
{
    [Fact]
    public async Task all_that_have_something_in_common_come_into_a_group_by_one_command()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "归类办法")).Id();
        var block = await consultation.Block(id, "第二条");
        var receipts = new Dictionary<Guid, string>();
        async Task<Guid> Say(string position, string text, string kind, string region, bool onBlock = true)
        {
            var (comment, receipt) = await consultation.Comment(
                id,
                new
                {
                    position,
                    text,
                    kind,
                    region,
                    anchor = onBlock ? new { block } : null,
                }
            );
            receipts[comment] = receipt;
            return comment;
        }
        var low = await Say("oppose", "比例太低，100%_退。", "citizen", "370114");
        var firm = await Say("oppose", "比例太低。", "enterprise", "370114");
        var whole = await Say("oppose", "比例太低。", "citizen", "370114", onBlock: false);
        var elsewhere = await Say("oppose", "比例太低。", "citizen", "370105");
        var good = await Say("support", "支持。", "citizen", "370114");
        var withdrawn = await Say("oppose", "比例太低。", "citizen", "370114");
        await consultation.Delete($"comments/{receipts[withdrawn]}");
        var (one, two) = (await Group("比例"), await Group("其他"));

        Assert.Equal(
            1,
            await Put(
                one,
                new
                {
                    position = "oppose",
                    kind = "citizen",
                    region = "370114",
                    block,
                    text = "太低",
                }
            )
        );
        Assert.Equal([low], await In(one));
        // Those in a group stay there, unless that group is named.
        Assert.Equal(3, await Put(two, new { position = "oppose" }));
        Assert.Equal([low], await In(one));
        Assert.Equal(new HashSet<Guid> { firm, whole, elsewhere }, [.. await In(two)]);
        Assert.Equal(1, await Put(one, new { block = "none", group = two }));
        Assert.Equal(2, await Put(null, new { group = two }));
        Assert.Empty(await In(two));
        Assert.Equal(2, await Put(two, new { text = "支持" }, elsewhere));
        Assert.Equal(new HashSet<Guid> { good, elsewhere }, [.. await In(two)]);
        // Words are words, not patterns.
        Assert.Equal(0, await Put(two, new { text = "比_太" }));
        Assert.Equal(1, await Put(two, new { text = "100%_退", group = one }));

        // The list finds the same, for those who carry the consultation out.
        Assert.Equal(
            new HashSet<Guid> { low, firm, whole, elsewhere },
            [
                .. (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments?text=太低&state=received"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(c => c.Id()),
            ]
        );
        await consultation.Get(null, $"consultations/{id}/comments?text=太低", 403);

        async Task<Guid> Group(string title) =>
            (await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/groups", new { title }, 201)).Id();

        async Task<int> Put(Guid? group, object where, params Guid[] comments) => (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"consultations/{id}/grouping",
                    new
                    {
                        group,
                        where,
                        comments,
                    }
                )
            ).GetProperty("comments").GetInt32();

        async Task<Guid[]> In(Guid group) =>
            [
                .. (await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/comments?group={group}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(c => c.Id()),
            ];
    }

    [Fact]
    public async Task nothing_in_common_and_too_many_at_once_are_told()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "过多办法")).Id();
        Assert.Equal(["/where"], await Wrong(new { }));
        Assert.Equal(["/where/text"], await Wrong(new { text = new string('长', 201) }));
        // As many as a flood leaves; their texts do not matter.
        var (first, _) = await consultation.Comment(id, new { position = "oppose", text = "太多。" });
        await district.Execute(
            $"""
            insert into consultation.mt_doc_comment
            select (jsonb_populate_record(c, jsonb_build_object('id', n.id, 'data', jsonb_set(c.data, array['id'], to_jsonb(n.id))))).*
            from consultation.mt_doc_comment c, (select gen_random_uuid() as id from generate_series(1, 10000)) n
            where c.id = '{first}'
            """
        );
        var tooMany = await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/grouping",
            new { group = await Group(), where = new { position = "oppose" } },
            422
        );
        Assert.Equal(["/where"], tooMany.Pointers());
        Assert.Contains("10001", tooMany.ToString(), StringComparison.Ordinal);

        async Task<Guid> Group() =>
            (await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/groups", new { title = "太多" }, 201)).Id();

        async Task<string[]> Wrong(object where) =>
            [
                .. (
                    await consultation.Post(
                        Tokens.DraftingHousing,
                        $"consultations/{id}/grouping",
                        new { group = await Group(), where },
                        422
                    )
                ).Pointers(),
            ];
    }
}
