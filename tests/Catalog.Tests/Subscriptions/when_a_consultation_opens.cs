using System.Xml.Linq;
using Alba;
using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Subscriptions;

public sealed class when_a_consultation_opens(ConnectedDistrict connected) : IClassFixture<ConnectedDistrict>
{
    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    District District => connected.District;

    IAlbaHost Catalog => connected.District.Catalog;

    [Theory]
    [InlineData("", "", "", true)]
    [InlineData("370114-ZJ", "CXJS", "供热 退费", true)]
    [InlineData("370114-JY", "", "", true)]
    [InlineData("", "", "“供热退费” -燃气", true)]
    [InlineData("", "", "燃气 or 供熱", true)]
    [InlineData("", "", "供热 燃气", false)]
    [InlineData("", "", "-退费", false)]
    [InlineData("370114-ZWGK", "", "", false)]
    [InlineData("", "JY", "供热", false)]
    public void a_draft_is_found_by_what_everybody_may_know_of_it(string issuer, string subject, string q, bool found) =>
        Assert.Equal(
            found,
            new ConsultedDraft(Guid.NewGuid(), "云泽区冬季供热退费办法", ["370114-ZJ", "370114-JY"], "CXJS").Fits(
                new LibraryFilter
                {
                    Issuer = issuer,
                    Subject = subject,
                    Q = q,
                }
            )
        );

    [Fact]
    public async Task each_subscriber_whom_it_concerns_is_told_once_by_webhook_feed_or_mail()
    {
        var consultation = await District.StartConsultation();
        await Catalog.Put(
            Tokens.OpennessOffice,
            "topics/warmth",
            new
            {
                title = "冬季供热",
                sections = new[] { new { title = "政策", rules = new[] { new { q = "供热", issuer = "370114-ZJ" } } } },
            }
        );
        await using var receiver = await WebhookReceiver.Start();
        await Catalog.Post(
            Tokens.Integration,
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { subject = "CXJS", events = new[] { "consultation.opened" } },
            },
            201
        );
        await Catalog.Post(
            "",
            "subscriptions",
            new
            {
                channel = "email",
                address = "nachbar@mail.test",
                filter = new { q = "供热" },
            },
            201
        );
        await Catalog.Post("", Link(await Mail("nachbar@mail.test", "请确认订阅")), new { });
        object[] concerned = [new { issuer = "370114-ZJ" }, new { q = "“供热退费”" }, new { topic = "warmth" }],
            others =

            [
                new { issuer = "370114-JY" },
                new { q = "供热 燃气" },
                new { tag = "住房" },
                new { q = "供热", events = new[] { "document.published" } },
            ];
        var (hear, doNot) = (await Feeds(concerned), await Feeds(others));

        var id = await District.Documents.Draft("第一条 供热退费。", "供热退费办法");
        var opened = await consultation.Consult(id);
        var told = (await receiver.Event("consultation.opened")).GetProperty("data");
        Assert.Equal(
            ("公开征求意见：供热退费办法", $"/api/v1/consultations/{opened}", "2026-07-01", "370114-ZJ"),
            (
                told.GetProperty("title").GetString(),
                told.GetProperty("link").GetString(),
                told.GetProperty("closesOn").GetString(),
                told.GetProperty("body").GetString()
            )
        );
        var mail = await Mail("nachbar@mail.test", "公开征求意见：供热退费办法");
        Assert.Contains($"/api/v1/consultations/{opened}", mail, StringComparison.Ordinal);
        foreach (var feed in hear)
            await Calls.Eventually<bool>(async () => (await Entries(feed)).Length == 1 ? true : null);
        var entry = Assert.Single(await Entries(hear[0]));
        // Nothing leads to the draft, which nobody sees.
        Assert.EndsWith(
            $"/api/v1/consultations/{opened}",
            (string)entry.Element(Atom + "link")!.Attribute("href")!,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain($"{id}", entry.ToString(), StringComparison.Ordinal);

        // A later revision is put up: it is the same consultation. The one after it shows that the notice has gone round.
        await District.Documents.Revise(id, "第一条 供热退费，第二稿。");
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{opened}/revisions", new { note = "第二次征求意见。" });
        await consultation.Consult(await District.Documents.Draft("第一条 供热退费二。", "供热退费二号办法"));
        foreach (var feed in hear)
            await Calls.Eventually<bool>(async () => (await Entries(feed)).Length == 2 ? true : null);
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(receiver.Received.Count == 2 ? true : null));
        Assert.Equal(2, receiver.Received.Select(r => r.Id).Distinct().Count());
        foreach (var feed in doNot)
            Assert.Empty(await Entries(feed));
    }

    [Fact]
    public async Task what_explains_the_draft_is_told_with_the_way_to_its_consultation()
    {
        var consultation = await District.StartConsultation();
        var interpretation = await District.StartInterpretation();
        await using var receiver = await WebhookReceiver.Start();
        await Catalog.Post(
            Tokens.Integration,
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { q = "一图读懂雨污分流", events = new[] { "interpretation.published" } },
            },
            201
        );
        var id = await District.Documents.Draft("第一条 雨污分流。", "雨污分流办法");
        var plan = await interpretation.Post(
            Tokens.DraftingHousing,
            "interpretation-plans",
            new
            {
                documentId = id,
                phase = "preIssuance",
                reason = "先行解读",
            },
            201
        );
        var material = await interpretation.Post(
            Tokens.DraftingHousing,
            "interpretations",
            new { planId = plan.GetProperty("id").GetGuid(), content = new { title = "一图读懂雨污分流", text = "本办法这样用。" } },
            201
        );
        await interpretation.Post(Tokens.Signing, $"interpretations/{material.GetProperty("id").GetGuid()}/sign", new { });
        var opened = await consultation.Consult(id);
        var told = (await receiver.Event("interpretation.published")).GetProperty("data");
        Assert.Equal(
            ($"/api/v1/interpretations/{material.GetProperty("id").GetGuid()}", $"/api/v1/consultations/{opened}"),
            (told.GetProperty("link").GetString(), told.GetProperty("consultation").GetString())
        );
        Assert.False(told.TryGetProperty("documentId", out _));
    }

    async Task<string[]> Feeds(object[] filters)
    {
        var feeds = new List<string>();
        foreach (var filter in filters)
            feeds.Add(
                new Uri(
                    (await Catalog.Post("", "subscriptions", new { channel = "atom", filter }, 201)).GetProperty("feed").GetString()!
                ).PathAndQuery
            );
        return [.. feeds];
    }

    async Task<XElement[]> Entries(string feed) =>
        [.. XDocument.Parse(await (await Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync()).Descendants(Atom + "entry")];

    async Task<string> Mail(string to, string subject) =>
        (
            await Calls.Eventually<ReadOnlyMemory<char>>(() =>
                Task.FromResult(
                    connected
                        .Mail.Mails.Where(m => m.To == to)
                        .Select(m => Decoded(m.Content))
                        .FirstOrDefault(m => m.StartsWith(subject, StringComparison.Ordinal))
                        is { } mail
                        ? mail.AsMemory()
                        : default(ReadOnlyMemory<char>?)
                )
            )
        ).ToString();

    static string Decoded(string mail)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail));
        var message = MimeKit.MimeMessage.Load(stream, TestContext.Current.CancellationToken);
        return $"{message.Subject}\n{message.TextBody}";
    }

    static string Link(string mail) =>
        System.Text.RegularExpressions.Regex.Match(mail, "/api/v1/(subscriptions/[^\\s>]+/confirm\\?token=[0-9a-f]+)").Groups[1].Value;
}
