using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using PolicyPlatform.Testing;
using static Microsoft.Playwright.Assertions;

namespace PolicyPlatform.EndToEnd;

/// <summary>docs/examples/consultation.html, as people use it: in a browser, by keyboard alone, and with axe looking on.</summary>
[Collection(SampledPlatform.Shared)]
public sealed partial class when_the_public_uses_the_example(SampledPlatform sampled, Chromium chromium)
    : IClassFixture<Chromium>,
        IAsyncLifetime
{
    const string Text = """
        第一条 为了规范冬季供热退费，制定本办法。
        第二条 室内温度低于十八度的，供热单位应当按照不达标天数退还百分之五十的热费。
        第三条 本办法自公布之日起施行。
        """;

    readonly ConcurrentQueue<string> faults = new();
    WebApplication pages = null!;

    RunningPlatform Platform => sampled.Platform;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(Platform.PageOrigin);
        builder.Logging.ClearProviders();
        pages = builder.Build();
        pages.MapGet(
            "/consultation.html",
            () => Results.File(Path.Combine(Repository.Folder, "docs", "examples", "consultation.html"), "text/html; charset=utf-8")
        );
        await pages.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await pages.DisposeAsync();
        Assert.Empty(faults);
    }

    [Fact]
    public async Task a_clause_is_commented_on_by_keyboard_alone()
    {
        var (id, _) = await Open("键盘办法");
        var page = await Visit();
        // The list leads to it.
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "正在公开征求意见" })).ToBeVisibleAsync();
        await Chromium.IsAccessible(page);
        await Reach(page, page.GetByRole(AriaRole.Link, new() { Name = "键盘办法" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "键盘办法" })).ToBeVisibleAsync();
        foreach (var said in new[] { "征求意见中", "为了规范冬季供热退费，起草本办法。", "信函：云泽大街1号。", "物业科，0531-80000001" })
            await Expect(page.Locator("#about")).ToContainTextAsync(said);
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "收到 0" })).ToBeVisibleAsync();
        await Chromium.IsAccessible(page);

        // Some words of the second article.
        await Reach(page, page.GetByRole(AriaRole.Button, new() { Name = "对本条提意见：第二条" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "对“第二条”提意见" })).ToBeFocusedAsync();
        await Reach(page, page.GetByLabel("从第几个字"));
        await page.Keyboard.TypeAsync("5");
        await Reach(page, page.GetByLabel("到第几个字"));
        await page.Keyboard.TypeAsync("8");
        await Expect(page.Locator("#quote")).ToHaveTextAsync("“室内温度”");
        await Reach(page, page.GetByRole(AriaRole.Radio, new() { Name = "支持" }));
        foreach (var key in new[] { "Space", "ArrowDown", "ArrowDown" })
            await page.Keyboard.PressAsync(key);
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "建议修改" })).ToBeCheckedAsync();
        await Reach(page, page.GetByLabel("所在地行政区划代码"));
        await page.Keyboard.TypeAsync("37");

        // What is wrong is told where it is, and the first of it has the focus.
        var send = page.GetByRole(AriaRole.Button, new() { Name = "提交意见" });
        await Reach(page, send);
        await page.Keyboard.PressAsync("Enter");
        var text = page.GetByLabel("意见内容");
        await Expect(text).ToBeFocusedAsync();
        await Expect(text).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(text).ToHaveAccessibleDescriptionAsync(Required());
        await Expect(page.Locator("#region-error")).Not.ToBeEmptyAsync();
        await Expect(page.Locator("#comment [role=alert]")).ToHaveTextAsync("有2处需要修改。");
        await Chromium.IsAccessible(page);

        await page.Keyboard.TypeAsync("温度应当连续测量。");
        await Expect(page.Locator("#left")).ToHaveTextAsync("还可以写4991字，最多5000字。");
        await Reach(page, page.GetByLabel("所在地行政区划代码"));
        await page.Keyboard.TypeAsync("370114");
        await Reach(page, send);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "您的意见已收到" })).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "收到 1" })).ToBeVisibleAsync();
        await Chromium.IsAccessible(page);
        var receipt = await page.Locator("#receipt code").InnerTextAsync();
        Assert.Matches("^[0-9a-f]{32}$", receipt);
        await Reach(page, page.GetByRole(AriaRole.Button, new() { Name = "复制回执号" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#receipt")).ToContainTextAsync("已复制");
        Assert.Equal(receipt, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));

        // It is shown once, and finds the comment again.
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "收到 1" })).ToBeVisibleAsync();
        Assert.DoesNotContain(receipt, await page.ContentAsync(), StringComparison.Ordinal);
        await LookUp(page, receipt);
        foreach (var said in new[] { "已收到，尚未公布", "室内温度", "温度应当连续测量。" })
            await Expect(page.Locator("#own dl")).ToContainTextAsync(said);
        await Chromium.IsAccessible(page);

        var comment = (await Platform.Get(null, $"comments/{receipt}")).GetProperty("id").GetGuid();
        await Platform.Post(
            await Platform.Token("drafting-housing"),
            $"consultations/{id}/moderation",
            new { release = new[] { comment } }
        );
        await LookUp(page, receipt);
        await Expect(page.Locator("#own dl")).ToContainTextAsync("已公布");
        await page.ReloadAsync();
        await Reach(page, page.GetByRole(AriaRole.Button, new() { Name = "意见1条，查看第二条" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "第二条" }).GetByRole(AriaRole.Listitem))
            .ToContainTextAsync("温度应当连续测量。");
        await Chromium.IsAccessible(page);

        // Its sender adds to it, and takes it back.
        await LookUp(page, receipt);
        await Reach(page, page.GetByLabel("补充内容"));
        await page.Keyboard.TypeAsync("至少三天。");
        await Reach(page, page.GetByRole(AriaRole.Button, new() { Name = "提交补充" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#own dl")).ToContainTextAsync("至少三天。");
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await Reach(page, page.GetByRole(AriaRole.Button, new() { Name = "撤回意见" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#own dl")).ToContainTextAsync("已撤回");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "撤回意见" })).ToBeHiddenAsync();
        await Chromium.IsAccessible(page);
    }

    [Fact]
    public async Task selected_words_are_commented_on_in_english_with_a_proof_of_work_and_answered()
    {
        var (id, draft) = await Open("证明办法", workBits: 10);
        var page = await Visit(id, "&lang=en");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "中文" })).ToBeVisibleAsync();
        var article = page.GetByRole(AriaRole.Group, new() { Name = "第二条" });
        await article
            .Locator(".text")
            .First.EvaluateAsync("text => getSelection().setBaseAndExtent(text.firstChild, 4, text.firstChild, 8)");
        await article.GetByRole(AriaRole.Button, new() { Name = "Comment on this" }).ClickAsync();
        await Expect(page.Locator("#quote")).ToHaveTextAsync("“室内温度”");
        await page.GetByLabel("I suggest a change").CheckAsync();
        // What people write is never read as HTML.
        const string Words = "<img src=x onerror=\"alert(1)\"><b>逐日</b>计算。";
        await page.GetByLabel("Your comment (required)").FillAsync(Words);
        await page.GetByLabel("Who you are", new() { Exact = true }).SelectOptionAsync("enterprise");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the comment" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your comment was received" })).ToBeFocusedAsync();
        await Chromium.IsAccessible(page);
        var receipt = await page.Locator("#receipt code").InnerTextAsync();
        var own = await Platform.Get(null, $"comments/{receipt}");
        Assert.Equal(
            ("室内温度", Words),
            (own.GetProperty("anchor").GetProperty("quote").GetString(), own.GetProperty("text").GetString())
        );

        // It is not shown, and answered all the same, in a later revision.
        var (office, drafter) = (await Platform.Token("openness-office"), await Platform.Token("drafting-housing"));
        var comments = new[] { own.GetProperty("id").GetGuid() };
        await Platform.Post(
            drafter,
            $"documents/{draft}/revisions",
            new { text = Text.Replace("百分之五十", "百分之六十", StringComparison.Ordinal), changeNote = "提高退费比例" }
        );
        await Platform.Post(office, $"consultations/{id}/revisions", new { note = "提高退费比例。" });
        await Platform.Post(
            drafter,
            $"consultations/{id}/moderation",
            new
            {
                holdBack = new[]
                {
                    new
                    {
                        comments,
                        reason = "unreadable",
                        note = "含有代码。",
                    },
                },
            }
        );
        await Platform.Post(
            drafter,
            $"consultations/{id}/feedback",
            new
            {
                answers = new[]
                {
                    new
                    {
                        comments,
                        outcome = "partlyAdopted",
                        reason = "提高了比例。",
                        revision = 2,
                    },
                },
            }
        );
        await LookUp(page, receipt, "Receipt", "Your comment");
        foreach (var said in new[] { "Not shown", "It cannot be read：含有代码。", Words, "Partly adopted：提高了比例。" })
            await Expect(page.Locator("#own dl")).ToContainTextAsync(said);
        await Expect(page.Locator("#own del")).ToHaveTextAsync(Gone());
        await Expect(page.Locator("#own ins")).ToHaveTextAsync(New());
        Assert.Equal(0, await page.Locator("img, main b").CountAsync());
        await Chromium.IsAccessible(page);
        await page.GetByLabel("Receipt", new() { Exact = true }).FillAsync(new string('0', 32));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel("Receipt", new() { Exact = true })).ToBeFocusedAsync();
        await Expect(page.Locator("#receipt-error")).ToContainTextAsync("There is no comment with this receipt.");
        await Chromium.IsAccessible(page);
    }

    [Fact]
    public async Task a_comment_whose_answer_was_lost_is_sent_again_and_received_once()
    {
        var (id, _) = await Open("断线办法");
        var page = await chromium.NewPage();
        // Where the line for events is cut off, too, the page goes on without it.
        await page.RouteAsync("**/events", route => route.AbortAsync());
        await Visit(page, id);
        var isLost = true;
        await page.RouteAsync(
            "**/comments",
            async route =>
            {
                if (route.Request.Method != "POST" || !isLost)
                {
                    await route.ContinueAsync();
                    return;
                }
                isLost = false;
                var answer = await route.FetchAsync();
                Assert.Equal(201, answer.Status);
                await route.AbortAsync();
            }
        );
        await page.GetByRole(AriaRole.Radio, new() { Name = "支持" }).CheckAsync();
        await page.GetByLabel("意见内容").FillAsync("支持。");
        var send = page.GetByRole(AriaRole.Button, new() { Name = "提交意见" });
        await send.ClickAsync();
        await Expect(page.Locator("#comment [role=alert]")).ToContainTextAsync("现在连接不上服务器");
        await page.GetByLabel("意见内容").FillAsync("支持，但是太晚了。");
        await send.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "您的意见已收到" })).ToBeFocusedAsync();
        await Expect(page.Locator("#receipt-state")).ToContainTextAsync("收到的是您修改之前发送的内容");
        var receipt = await page.Locator("#receipt code").InnerTextAsync();
        Assert.Equal("支持。", (await Platform.Get(null, $"comments/{receipt}")).GetProperty("text").GetString());
        Assert.Equal(1, (await Platform.Get(null, $"consultations/{id}/statistics")).GetProperty("received").GetInt32());
    }

    [Fact]
    public async Task what_happens_meanwhile_is_told_to_whoever_reads()
    {
        var (id, _) = await Open("同时办法");
        var page = await Visit(id);
        var shown = page.Locator("#shown");
        await page.GetByRole(AriaRole.Button, new() { Name = "查看全部已公布的意见" }).ClickAsync();
        await Expect(shown.GetByText("还没有公布的意见。")).ToBeVisibleAsync();
        var drafter = await Platform.Token("drafting-housing");
        var comment = (await Platform.Post(drafter, $"consultations/{id}/comments", new { position = "oppose", text = "不宜过急。" }))
            .GetProperty("id")
            .GetGuid();
        await Expect(page.Locator("#news")).ToHaveTextAsync("共收到意见1条，公布0条。");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "反对 1" })).ToBeVisibleAsync();
        await Platform.Post(drafter, $"consultations/{id}/moderation", new { release = new[] { comment } });
        await Expect(shown.GetByRole(AriaRole.Listitem)).ToContainTextAsync("不宜过急。");
        await Expect(shown.GetByText("还没有公布的意见。")).ToBeHiddenAsync();
        await Expect(page.Locator("#news")).ToHaveTextAsync("共收到意见1条，公布1条。");
        await Chromium.IsAccessible(page);
    }

    [GeneratedRegex("此项必填")]
    private static partial Regex Required();

    [GeneratedRegex("^gone: .*五")]
    private static partial Regex Gone();

    [GeneratedRegex("^new: .*六")]
    private static partial Regex New();

    async Task<(Guid Consultation, Guid Draft)> Open(string title, int workBits = 0)
    {
        var draft = (
            await Platform.Post(
                await Platform.Token("drafting-housing"),
                "documents",
                new
                {
                    title,
                    issuers = new[] { "370114-ZJ" },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    text = Text,
                    changeNote = "起草",
                }
            )
        ).GetProperty("id").GetGuid();
        var opened = await Platform.Post(
            await Platform.Token("openness-office"),
            "consultations",
            new
            {
                documentId = draft,
                explanation = "为了规范冬季供热退费，起草本办法。",
                ways = "信函：云泽大街1号。",
                contact = "物业科，0531-80000001",
                workBits,
            }
        );
        return (opened.GetProperty("id").GetGuid(), draft);
    }

    async Task<IPage> Visit(Guid? consultation = null, string more = "") => await Visit(await chromium.NewPage(), consultation, more);

    async Task<IPage> Visit(IPage page, Guid? consultation, string more = "")
    {
        page.PageError += (_, error) => faults.Enqueue(error);
        // The page's own policy is kept.
        page.Console += (_, said) =>
        {
            if (said.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                faults.Enqueue(said.Text);
        };
        await page.GotoAsync(
            $"{Platform.PageOrigin}/consultation.html?api={Platform.Api.BaseAddress}{(consultation is null ? "" : $"&consultation={consultation}")}{more}"
        );
        return page;
    }

    /// <summary>Goes to something as people do who use no mouse.</summary>
    static async Task Reach(IPage page, ILocator what)
    {
        await Expect(what).ToBeVisibleAsync();
        for (var pressed = 0; !await what.EvaluateAsync<bool>("e => e === document.activeElement"); pressed++)
        {
            Assert.True(pressed < 500, $"Tab does not lead to {what}.");
            await page.Keyboard.PressAsync("Tab");
        }
    }

    static async Task LookUp(IPage page, string receipt, string label = "回执号", string title = "您的意见")
    {
        await page.GetByLabel(label, new() { Exact = true }).FillAsync(receipt);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true })).ToBeFocusedAsync();
    }
}
