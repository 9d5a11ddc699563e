using System.Text.Json;
using System.Xml.Linq;
using Alba;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Catalog.Tests.Subscriptions;

/// <summary>A district whose services may call this machine, send again without a pause, and have a mail server.</summary>
public sealed class ConnectedDistrict(PostgresCluster postgres) : IAsyncLifetime
{
    public District District { get; } = new(postgres);

    public MailServer Mail { get; } = new MailServer().Start();

    public async ValueTask InitializeAsync()
    {
        District.Settings["Webhooks:AllowedNetworks:0"] = "127.0.0.1/32";
        District.Settings["Webhooks:TimeoutSeconds"] = "1";
        District.Settings["Subscriptions:RetrySeconds:0"] = "0";
        District.Settings["Subscriptions:RetrySeconds:1"] = "0";
        District.Settings["Mail:Host"] = "127.0.0.1";
        District.Settings["Mail:Port"] = $"{Mail.Port}";
        District.Settings["Mail:Security"] = "none";
        await District.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await District.DisposeAsync();
        await Mail.DisposeAsync();
    }
}

public sealed class when_subscribers_are_told(ConnectedDistrict connected, PostgresCluster postgres) : IClassFixture<ConnectedDistrict>
{
    int number = Random.Shared.Next(1000, 100_000);

    District District => connected.District;

    IAlbaHost Catalog => connected.District.Catalog;

    [Fact]
    public async Task a_webhook_gets_each_event_once_signed()
    {
        await using var receiver = await WebhookReceiver.Start();
        var subscription = await Subscribe(
            receiver,
            new
            {
                issuer = "370114-ZJ",
                q = "雨水花园",
                events = new[] { "document.published", "document.repealed" },
            }
        );
        var secret = subscription.GetProperty("secret").GetString()!;
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        await Publish("第一条 别的。", "别的办法");
        var id = await Publish("第一条 建设雨水花园。", "雨水花园办法");
        await District.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/repeal",
            new { reason = "试验", effectiveFrom = "2026-07-01" }
        );
        await receiver.Event("document.repealed");

        // The message comes again: nobody hears of it twice.
        await Hears(new DocumentPublishedMessage(id, 7, 1, new(2026, 6, 1), new(2026, 6, 1)));
        await District.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/expiry", new { reason = "x", expiresOn = "2030-01-01" }, 409);
        Assert.Equal(
            ["document.published", "document.repealed"],
            (await Deliveries(subscription)).Select(d => d.GetProperty("type").GetString()).Order()
        );
        Assert.Equal(2, receiver.Received.Count);

        var (eventId, timestamp, signature, contentType, body) = receiver.Received.First();
        Assert.StartsWith("application/cloudevents+json", contentType, StringComparison.Ordinal);
        Assert.Equal(Webhooks.Sign(secret, eventId, timestamp, body), signature);
        var told = JsonDocument.Parse(body).RootElement;
        Assert.Equal(
            ("1.0", eventId, "雨水花园办法", $"/api/v1/documents/{id}"),
            (
                told.GetProperty("specversion").GetString(),
                told.GetProperty("id").GetString(),
                told.GetProperty("data").GetProperty("title").GetString(),
                told.GetProperty("subject").GetString()
            )
        );
        Assert.Equal(
            JsonValueKind.Null,
            (await Catalog.Get(Tokens.Integration, $"subscriptions/{subscription.GetProperty("id").GetString()}"))
                .GetProperty("secret")
                .ValueKind
        );
    }

    [Theory]
    [InlineData(500)]
    [InlineData(302)]
    [InlineData(0)]
    public async Task what_is_not_taken_is_tried_again_then_dead_and_sent_again_on_demand(int status)
    {
        await using var receiver = await WebhookReceiver.Start();
        receiver.Answer = async http =>
        {
            // Slower than anybody waits; or a way into the internal network.
            if (status == 0)
                await Task.Delay(TimeSpan.FromSeconds(3), http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            http.Response.StatusCode = status == 0 ? 200 : status;
            http.Response.Headers.Location = "http://169.254.169.254/latest/meta-data";
        };
        var subscription = await Subscribe(receiver, new { q = $"死信{status}号" });
        await Publish($"第一条 死信{status}号。", $"死信{status}号办法");
        var dead = await Calls.Eventually<JsonElement>(async () =>
            (await Deliveries(subscription)).FirstOrDefault() is { ValueKind: JsonValueKind.Object } d
            && d.GetProperty("state").GetString() == "dead"
                ? d
                : null
        );
        Assert.Equal(3, dead.GetProperty("attempts").GetInt32());
        Assert.Contains(
            status switch
            {
                500 => "500",
                302 => "redirect",
                _ => "did not answer",
            },
            dead.GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
        Assert.Single(receiver.Received.Select(r => r.Id).Distinct());

        receiver.Answer = null;
        Assert.Equal(
            1,
            (await Catalog.Post(Tokens.Integration, $"subscriptions/{subscription.GetProperty("id").GetString()}/replay", new { }))
                .GetProperty("count")
                .GetInt32()
        );
        await Calls.Eventually<bool>(async () =>
            (await Deliveries(subscription)).First().GetProperty("state").GetString() == "delivered" ? true : null
        );
    }

    [Fact]
    public async Task a_receiver_that_hangs_does_not_hold_up_the_others()
    {
        const int events = 30;
        await using var own = new District(postgres);
        own.Settings["Webhooks:AllowedNetworks:0"] = "127.0.0.1/32";
        own.Settings["Webhooks:TimeoutSeconds"] = "300";
        await own.InitializeAsync();
        await using var hanging = await WebhookReceiver.Start();
        await using var quick = await WebhookReceiver.Start();
        var released = new TaskCompletionSource();
        hanging.Answer = http => released.Task.WaitAsync(http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        foreach (var receiver in new[] { hanging, quick })
            await own.Catalog.Post(
                Tokens.Integration,
                "subscriptions",
                new
                {
                    channel = "webhook",
                    address = receiver.Address,
                    filter = new { events = new[] { "obligation.overdue" } },
                },
                201
            );
        for (var n = 0; n < events; n++)
            await own.Catalog.Post(
                Tokens.Integration,
                "obligations",
                new
                {
                    source = "系统",
                    reference = $"{n}",
                    title = $"逾期{n}",
                    body = "370114-JY",
                    formedOn = "2026-04-01",
                },
                201
            );
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(quick.Received.Count == events ? true : null));
        Assert.InRange(hanging.Received.Count, 1, 4);
        released.SetResult();
        hanging.Answer = null;
        // Nothing is lost of what waited.
        await Calls.Eventually<bool>(() =>
            Task.FromResult<bool?>(hanging.Received.Select(r => r.Id).Distinct().Count() == events ? true : null)
        );
    }

    [Theory]
    [InlineData("https://127.0.0.2/hook")]
    [InlineData("https://localhost.localdomain.invalid/hook")]
    [InlineData("https://10.0.0.1/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://[::ffff:169.254.169.254]/hook")]
    [InlineData("https://0x7f000002/hook")]
    [InlineData("https://2130706434/hook")]
    [InlineData("https://0.0.0.0/hook")]
    [InlineData("https://[::]/hook")]
    [InlineData("https://[::127.0.0.1]/hook")]
    [InlineData("https://[::ffff:0:127.0.0.1]/hook")]
    [InlineData("https://[64:ff9b::7f00:1]/hook")]
    [InlineData("https://[fec0::1]/hook")]
    [InlineData("https://[3fff::1]/hook")]
    [InlineData("http://93.184.216.34/hook")]
    [InlineData("ftp://93.184.216.34/hook")]
    [InlineData("https://user:word@93.184.216.34/hook")]
    public async Task an_address_that_must_not_be_called_is_refused(string address)
    {
        var problem = await Catalog.Post(Tokens.Integration, "subscriptions", new { channel = "webhook", address }, 422);
        Assert.Equal(("/address", "address.refused"), (problem.Pointers().Single(), problem.GetProperty("errors")[0].Code()));
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        Assert.Equal(
            ["/channel", "/filter/events/0", "/filter/topic"],
            (
                await Catalog.Post("", "subscriptions", new { filter = new { topic = "nope", events = new[] { "document.eaten" } } }, 422)
            ).Pointers()
        );
        Assert.Equal(
            "event.closed",
            (
                await Catalog.Post(
                    "",
                    "subscriptions",
                    new { channel = "atom", filter = new { events = new[] { "obligation.overdue" } } },
                    422
                )
            )
                .GetProperty("errors")[0]
                .Code()
        );
        await Catalog.Post("", "subscriptions", new { channel = "webhook", address = "https://93.184.216.34/hook" }, 403);
        // Nobody learns by asking which names there are.
        await Catalog.Post(
            Tokens.DraftingHousing,
            "subscriptions",
            new { channel = "webhook", address = "https://there-is-no-such-host.invalid/hook" },
            403
        );
    }

    [Fact]
    public async Task a_query_that_cannot_be_asked_is_refused_and_one_that_was_taken_earlier_keeps_nobody_from_hearing()
    {
        var words = string.Join(' ', Enumerable.Range(0, 22).Select(i => $"词{i}"));
        var refused = await Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { q = words } }, 422);
        Assert.Equal(("/filter/q", "query.tooManyTerms"), (refused.Pointers().Single(), refused.GetProperty("errors")[0].Code()));
        Assert.Equal(
            ["/sections/0/rules/0/q"],
            (
                await Catalog.Put(
                    Tokens.OpennessOffice,
                    "topics/wordy",
                    new { title = "多词", sections = new[] { new { title = "政策", rules = new[] { new { q = words } } } } },
                    422
                )
            ).Pointers()
        );

        var earlier = Guid.CreateVersion7();
        await using (var session = Catalog.Services.GetRequiredService<Marten.IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream<Subscription>(
                Subscription.Key(earlier),
                new SubscriptionOpened(
                    earlier,
                    SubscriptionChannel.Atom,
                    new(Q: words),
                    false,
                    false,
                    new("", ""),
                    DateTimeOffset.UnixEpoch
                )
            );
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var feed = new Uri(
            (await Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { q = "旁听席" } }, 201))
                .GetProperty("feed")
                .GetString()!
        ).PathAndQuery;
        await Publish("第一条 设旁听席。", "旁听席办法");
        Assert.Equal(["旁听席办法"], await Feed(feed, 1));
    }

    [Fact]
    public async Task a_feed_of_ones_own_holds_what_a_topic_gathers()
    {
        await Catalog.Put(
            Tokens.OpennessOffice,
            "topics/gardens",
            new { title = "口袋公园", sections = new[] { new { title = "政策", rules = new[] { new { q = "口袋公园" } } } } }
        );
        var subscription = await Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { topic = "gardens" } }, 201);
        var feed = new Uri(subscription.GetProperty("feed").GetString()!).PathAndQuery;
        await Publish("第一条 建设口袋公园。", "口袋公园办法");
        await Publish("第一条 别的事。", "无关办法");
        Assert.Equal(["口袋公园办法"], await Feed(feed, 1));
        using (
            var reader = System.Xml.XmlReader.Create(
                new StringReader(await (await Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync())
            )
        )
        {
            var read = System.ServiceModel.Syndication.SyndicationFeed.Load(reader);
            Assert.EndsWith(feed, read.Links.Single(l => l.RelationshipType == "self").Uri.AbsoluteUri, StringComparison.Ordinal);
            var alternate = Assert.Single(read.Items).Links.Single(l => l.RelationshipType == "alternate");
            Assert.Equal("text/html", alternate.MediaType);
            Assert.Contains(
                "口袋公园",
                await (
                    await connected.District.Documents.Scenario(s =>
                    {
                        s.WithRequestHeader("Accept", "text/html");
                        s.Get.Url(alternate.Uri.AbsolutePath);
                    })
                ).ReadAsTextAsync(),
                StringComparison.Ordinal
            );
        }
        Assert.Equal(
            JsonValueKind.Null,
            (await Catalog.Post("", "subscriptions", new { channel = "email", address = "niemand@mail.test" }, 201))
                .GetProperty("unsubscribe")
                .ValueKind
        );
        await Catalog.Get(null, feed["/api/v1/".Length..].Replace("token=", "token=0", StringComparison.Ordinal), 404);
        await Catalog.Post("", new Uri(subscription.GetProperty("unsubscribe").GetString()!).PathAndQuery["/api/v1/".Length..], new { });
        await Catalog.Get(null, feed["/api/v1/".Length..], 404);
    }

    [Fact]
    public async Task whatever_a_document_is_called_its_notice_is_in_the_feed()
    {
        var feed = new Uri(
            (await Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { q = "怪题" } }, 201))
                .GetProperty("feed")
                .GetString()!
        ).PathAndQuery;
        var told = 0;
        await AnyWords.Accepted.SampleAsync(
            async words =>
            {
                await Publish("第一条 怪题。", $"怪题{words}");
                var titles = await Feed(feed, Interlocked.Increment(ref told));
                Assert.Contains(
                    titles,
                    t =>
                        t
                        == System.Text.RegularExpressions.Regex.Replace(
                            PolicyPlatform.ServiceDefaults.Characters.Clean($"怪题{words}").Trim(),
                            "\r\n?",
                            "\n"
                        )
                );
            },
            iter: 6,
            threads: 1
        );
    }

    [Fact]
    public async Task what_would_be_asked_of_everything_that_comes_is_bounded_when_it_is_kept()
    {
        var filter = new
        {
            q = string.Join(' ', Enumerable.Range(0, 22).Select(n => $"词{n}")),
            issuer = new string('1', 5_000_000),
            subject = "a b",
            tag = new string('签', 300),
            topic = new string('t', 41),
            events = Enumerable.Repeat("document.published", 100),
        };
        Assert.Equal(
            ["/filter/events", "/filter/issuer", "/filter/q", "/filter/subject", "/filter/tag", "/filter/topic", "/filter/topic"],
            (await Catalog.Post("", "subscriptions", new { channel = "atom", filter }, 422)).Pointers().Order()
        );
        var rule = new
        {
            filter.q,
            filter.issuer,
            filter.subject,
        };
        Assert.Equal(
            ["/sections/0/rules/0/issuer", "/sections/0/rules/0/q", "/sections/0/rules/0/subject"],
            (
                await Catalog.Put(
                    Tokens.OpennessOffice,
                    "topics/large",
                    new { title = "专题", sections = new[] { new { title = "一", rules = new[] { rule } } } },
                    422
                )
            )
                .Pointers()
                .Order()
        );
    }

    [Fact]
    public async Task one_subscriber_s_query_keeps_nobody_else_from_hearing()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        await own.Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { q = "众人" } }, 201);
        await own.Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { q = "无人" } }, 201);
        // What was kept before there were limits.
        await own.Execute(
            """
            update catalog.mt_doc_subscription
            set data = jsonb_set(data, '{filter}', jsonb_build_object('q', repeat('词 ', 22), 'issuer', repeat('1', 5000000)))
            where data -> 'filter' ->> 'q' = '无人'
            """
        );
        await own.Documents.Publish(await own.Documents.Draft("第一条 众人。", "众人办法"), "众政发〔2026〕2号");
        await Calls.Eventually(async () =>
            await own.Count("select count(*) from catalog.mt_doc_delivery where data ->> 'type' = 'document.published'") == 1
                ? (bool?)true
                : null
        );
    }

    [Fact]
    public async Task who_publishes_ends_what_does_harm_and_nobody_but_its_owner_sees_where_it_goes()
    {
        await using var receiver = await WebhookReceiver.Start();
        var id = (await Catalog.Post(Tokens.Integration, "subscriptions", new { channel = "webhook", address = receiver.Address }, 201))
            .GetProperty("id")
            .GetGuid();
        Assert.Equal(receiver.Address, await Address(Tokens.Integration));
        foreach (var overseer in new[] { Tokens.Supervision, Tokens.OpennessOffice })
        {
            Assert.Null(await Address(overseer));
            var listed = (await Catalog.Get(overseer, "subscriptions?all=true&pageSize=200")).GetProperty("items").EnumerateArray();
            Assert.Equal(JsonValueKind.Null, listed.Single(s => s.GetProperty("id").GetGuid() == id).GetProperty("address").ValueKind);
        }
        await Catalog.Get(Tokens.Hotline, "subscriptions?all=true", 403);
        await Catalog.Get(Tokens.Hotline, $"subscriptions/{id}", 404);
        Assert.Equal(404, await End(Tokens.Supervision));
        Assert.Equal(200, await End(Tokens.OpennessOffice));
        Assert.Equal("ended", (await Catalog.Get(Tokens.Integration, $"subscriptions/{id}")).GetProperty("state").GetString());

        async Task<string?> Address(string token) => (await Catalog.Get(token, $"subscriptions/{id}")).GetProperty("address").GetString();

        async Task<int> End(string token) => (
                await Catalog.Scenario(s =>
                {
                    s.As(token);
                    s.Delete.Url($"/api/v1/subscriptions/{id}");
                    s.IgnoreStatusCode();
                })
            ).Context.Response.StatusCode;
    }

    [Fact]
    public async Task a_mailbox_is_one_however_it_is_written_and_its_links_lead_here()
    {
        foreach (
            var named in new[]
            {
                "\"a\" <eine@mail.test>",
                "<eine@mail.test>",
                "eine@mail.test (b)",
                "a, eine@mail.test",
                "\"eine\"@mail.test",
            }
        )
            Assert.Equal(
                ["/address"],
                (await Catalog.Post("", "subscriptions", new { channel = "email", address = named }, 422)).Pointers()
            );
        var answers = new List<int>();
        foreach (
            var written in new[]
            {
                "eine@mail.test",
                "EINE@mail.test",
                "eine@MAIL.test",
                " eine@mail.test",
                "Eine@Mail.Test",
                "eine@mail.test",
            }
        )
            answers.Add((
                    await Catalog.Scenario(s =>
                    {
                        s.WithRequestHeader("X-Forwarded-Host", "evil.example");
                        s.Post.Json(new { channel = "email", address = written }).ToUrl("/api/v1/subscriptions");
                        s.IgnoreStatusCode();
                    })
                ).Context.Response.StatusCode);
        Assert.Contains(429, answers);
        Assert.DoesNotContain("evil.example", await Mail("eine@mail.test", "请确认订阅"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_email_is_confirmed_first_tried_again_and_unsubscribed_by_its_link()
    {
        connected.Mail.Refuse = 1;
        // A feed of the same shows when a notice has gone out to everybody.
        var feed = new Uri(
            (await Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { q = "邮件通知" } }, 201))
                .GetProperty("feed")
                .GetString()!
        ).PathAndQuery;
        var subscription = await Catalog.Post(
            "",
            "subscriptions",
            new
            {
                channel = "email",
                address = "buerger@mail.test",
                filter = new { q = "邮件通知" },
            },
            201
        );
        Assert.Equal("pending", subscription.GetProperty("state").GetString());
        var confirm = Link(await Mail("buerger@mail.test", "请确认订阅"), "confirm");
        // Looking at the link confirms nothing.
        await Catalog.Scenario(s => s.Get.Url(confirm));
        await Publish("第一条 邮件通知一。", "邮件通知一号办法");
        await Feed(feed, 1);
        await Catalog.Post("", confirm["/api/v1/".Length..], new { });
        await Publish("第一条 邮件通知二。", "邮件通知二号办法");

        var mail = await Mail("buerger@mail.test", "邮件通知二号办法");
        Assert.DoesNotContain(connected.Mail.Mails, m => Decoded(m.Content).Contains("一号办法", StringComparison.Ordinal));
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click", mail, StringComparison.Ordinal);
        await Catalog.Post("", Link(mail, "unsubscribe")["/api/v1/".Length..], new { });
        await Publish("第一条 邮件通知三。", "邮件通知三号办法");
        await Feed(feed, 3);
        await Catalog.Get(null, confirm["/api/v1/".Length..], 404);
        Assert.DoesNotContain(connected.Mail.Mails, m => Decoded(m.Content).Contains("三号办法", StringComparison.Ordinal));

        for (var i = 0; i < 5; i++)
            await Catalog.Post("", "subscriptions", new { channel = "email", address = "viel@mail.test" }, 201);
        Assert.Equal(
            "subscription.tooMany",
            (await Catalog.Post("", "subscriptions", new { channel = "email", address = "viel@mail.test" }, 429)).Code()
        );
        Assert.Equal(
            "address.malformed",
            (await Catalog.Post("", "subscriptions", new { channel = "email", address = "kein Briefkasten" }, 422))
                .GetProperty("errors")[0]
                .Code()
        );
    }

    [Fact]
    public async Task what_is_old_is_forgotten_and_what_nobody_confirmed_ends()
    {
        await using var own = new District(postgres);
        own.Settings["Mail:Host"] = "127.0.0.1";
        own.Settings["Mail:Port"] = $"{connected.Mail.Port}";
        own.Settings["Mail:Security"] = "none";
        await own.InitializeAsync();
        var feed = new Uri(
            (await own.Catalog.Post("", "subscriptions", new { channel = "atom" }, 201)).GetProperty("feed").GetString()!
        ).PathAndQuery;
        var unconfirmed = (await own.Catalog.Post("", "subscriptions", new { channel = "email", address = "spaet@mail.test" }, 201))
            .GetProperty("id")
            .GetGuid();
        await own.Documents.Publish(await own.Documents.Draft("第一条 旧闻。", "旧闻办法"), "旧政发〔2026〕1号");
        await Calls.Eventually(async () => await Told() == 1 ? (bool?)true : null);

        own.Clock.Advance(TimeSpan.FromDays(8));
        await Calls.Eventually(async () =>
            await own.Count($"select count(*) from catalog.mt_doc_subscriptiontarget where id = '{unconfirmed}'") == 0 ? (bool?)true : null
        );
        Assert.Equal(
            1,
            await own.Count($"select count(*) from catalog.mt_doc_subscription where id = 'subscription/{unconfirmed}' and state = 'Ended'")
        );
        Assert.Equal(1, await Told());

        own.Clock.Advance(TimeSpan.FromDays(90));
        await Calls.Eventually(async () => await Told() == 0 ? (bool?)true : null);

        async Task<int> Told() =>
            XDocument
                .Parse(await (await own.Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync())
                .Descendants()
                .Count(e => e.Name.LocalName == "entry");
    }

    [Fact]
    public async Task more_subscribers_than_one_transaction_tells_are_all_told_once()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        await own.Catalog.Post("", "subscriptions", new { channel = "atom" }, 201);
        // As many more as nobody could open one by one in a test.
        await own.Execute(
            """
            insert into catalog.mt_doc_subscription
            select (jsonb_populate_record(s, jsonb_build_object(
              'id', 'subscription/' || made,
              'data', s.data || jsonb_build_object('id', 'subscription/' || made, 'subscriptionId', made)
            ))).*
            from catalog.mt_doc_subscription s,
              lateral (select gen_random_uuid() as made, s.id as beside from generate_series(1, 1200)) as more
            """
        );
        await own.Documents.Publish(await own.Documents.Draft("第一条 众人。", "众人办法"), "众政发〔2026〕1号");
        await Calls.Eventually(async () =>
            await own.Count("select count(*) from catalog.mt_doc_delivery where data ->> 'type' = 'document.published'") >= 1201
                ? (bool?)true
                : null
        );
        Assert.Equal(1201, await own.Count("select count(distinct data ->> 'subscriptionId') from catalog.mt_doc_delivery"));
        Assert.Equal(0, await own.Count("select count(*) from catalog_messages.wolverine_dead_letters"));
    }

    [Fact]
    public async Task where_notices_go_stands_nowhere_in_the_database_as_it_is()
    {
        async Task<JsonElement> Subscribed(object subscription) =>
            await (
                await Catalog.Scenario(s =>
                {
                    s.As(Tokens.Integration).WithRequestHeader("Idempotency-Key", Guid.NewGuid().ToString());
                    s.Post.Json(subscription).ToUrl("/api/v1/subscriptions");
                    s.StatusCodeShouldBe(201);
                })
            ).Json();
        await using var receiver = await WebhookReceiver.Start();
        var mail = await Subscribed(
            new
            {
                channel = "email",
                address = "Geheim@mail.test",
                filter = new { q = "versiegelt" },
            }
        );
        var hook = await Subscribed(
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { q = "versiegelt" },
            }
        );
        var link = Link(await Mail("Geheim@mail.test", "请确认订阅"), "confirm");
        Assert.NotEmpty(await District.TablesWith("versiegelt"));
        Assert.Empty(await District.TablesWith("Geheim@mail.test"));
        // Nor the link that confirms it, which the mail brought.
        Assert.Empty(await District.TablesWith(link[(link.IndexOf("token=", StringComparison.Ordinal) + 6)..]));
        Assert.Empty(await District.TablesWith(hook.GetProperty("secret").GetString()!));
        Assert.Empty(await District.TablesWith(new Uri(receiver.Address).Authority));
        // The service itself reads it, and tells the owner.
        Assert.Equal(
            "Geheim@mail.test",
            (await Catalog.Get(Tokens.Integration, $"subscriptions/{mail.GetProperty("id").GetString()}"))
                .GetProperty("address")
                .GetString()
        );
        await Catalog.Post("", link["/api/v1/".Length..], new { });
    }

    [Fact]
    public async Task a_mailbox_is_not_filled_by_many_at_once_nor_by_ending_what_was_asked()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(_ =>
                    Catalog.Scenario(s =>
                    {
                        s.Post.Json(new { channel = "email", address = "Alle@mail.test" }).ToUrl("/api/v1/subscriptions");
                        s.IgnoreStatusCode();
                    })
                )
        );
        Assert.Equal(5, answers.Count(a => a.Context.Response.StatusCode == 201));
        Assert.All(answers, a => Assert.True(a.Context.Response.StatusCode is 201 or 429 or 503));
        var mail = await Mail("Alle@mail.test", "请确认订阅");
        await Catalog.Post(
            "",
            Link(mail, "confirm")["/api/v1/".Length..].Replace("/confirm", "/unsubscribe", StringComparison.Ordinal),
            new { }
        );
        Assert.Equal(
            "subscription.tooMany",
            (await Catalog.Post("", "subscriptions", new { channel = "email", address = "alle@mail.test" }, 429)).Code()
        );
    }

    [Fact]
    public async Task where_notices_go_is_read_for_a_reason_that_is_recorded_by_those_with_the_right_alone()
    {
        var id = (await Catalog.Post(Tokens.Integration, "subscriptions", new { channel = "email", address = "person@mail.test" }, 201))
            .GetProperty("id")
            .GetString();
        foreach (var other in new[] { Tokens.Supervision, Tokens.OpennessOffice, Tokens.Hotline })
            await Catalog.Post(other, $"subscriptions/{id}/address-readings", new { reason = "核实" }, 403);
        Assert.Equal(["/reason"], (await Catalog.Post(Tokens.Privacy, $"subscriptions/{id}/address-readings", new { }, 422)).Pointers());
        Assert.Empty((await Catalog.Get(Tokens.Supervision, $"subscriptions/{id}/address-readings")).EnumerateArray());
        var read = await Catalog.Post(Tokens.Privacy, $"subscriptions/{id}/address-readings", new { reason = "投诉核实" }, 200);
        Assert.Equal("person@mail.test", read.GetProperty("address").GetString());
        // Who is overseen, and who oversees, sees that it was read.
        foreach (var reader in new[] { Tokens.Integration, Tokens.Supervision })
        {
            var reading = Assert.Single((await Catalog.Get(reader, $"subscriptions/{id}/address-readings")).EnumerateArray());
            Assert.Equal(("privacy", "投诉核实"), (reading.GetProperty("by").GetString(), reading.GetProperty("reason").GetString()));
        }
        await Catalog.Get(Tokens.DraftingHousing, $"subscriptions/{id}/address-readings", 404);
        Assert.Empty(await District.TablesWith("person@mail.test"));
    }

    [Fact]
    public async Task who_publishes_puts_a_subscription_right()
    {
        var opened = await Catalog.Post(Tokens.Integration, "subscriptions", new { channel = "atom", filter = new { q = "旧词" } }, 201);
        var id = opened.GetProperty("id").GetString();
        async Task<JsonElement> Patch(string token, object body, int expected) =>
            await (
                await Catalog.Scenario(s =>
                {
                    s.As(token).Patch.Json(body).ToUrl($"/api/v1/subscriptions/{id}");
                    s.StatusCodeShouldBe(expected);
                })
            ).Json();
        await Patch(Tokens.DraftingHousing, new { filter = new { q = "新词" } }, 404);
        Assert.Equal(["/filter"], (await Patch(Tokens.OpennessOffice, new { }, 422)).Pointers());
        Assert.Equal(
            ["/filter/q"],
            (await Patch(Tokens.OpennessOffice, new { filter = new { q = string.Join(' ', Enumerable.Range(0, 22)) } }, 422)).Pointers()
        );
        var changed = await Patch(Tokens.OpennessOffice, new { filter = new { q = "新词办法" } }, 200);
        Assert.Equal("新词办法", changed.GetProperty("filter").GetProperty("q").GetString());
        await Publish("第一条 新词办法的内容。", "新词办法");
        await Feed(new Uri(opened.GetProperty("feed").GetString()!).PathAndQuery, 1);
    }

    [Fact]
    public async Task a_secret_is_replaced_without_a_notice_that_the_receiver_cannot_check()
    {
        await using var own = new District(postgres);
        own.Settings["Webhooks:AllowedNetworks:0"] = "127.0.0.1/32";
        await own.InitializeAsync();
        await using var receiver = await WebhookReceiver.Start();
        var opened = await own.Catalog.Post(
            Tokens.Integration,
            "subscriptions",
            new { channel = "webhook", address = receiver.Address },
            201
        );
        var (path, former) = ($"subscriptions/{opened.GetProperty("id").GetString()}/secret", opened.GetProperty("secret").GetString()!);
        await own.Catalog.Post(Tokens.OpennessOffice, path, new { }, 404);
        var secret = (await own.Catalog.Post(Tokens.Integration, path, new { }, 200)).GetProperty("secret").GetString()!;
        Assert.NotEqual(former, secret);
        // An answer that was lost is asked for again: whoever knows the first secret alone still finds a signature that fits.
        var newest = (await own.Catalog.Post(Tokens.Integration, path, new { }, 200)).GetProperty("secret").GetString()!;

        await own.Documents.Publish(await own.Documents.Draft("第一条 换钥。", "换钥办法"), "换政发〔2026〕1号");
        await receiver.Event("document.published");
        var (id, timestamp, signatures, _, body) = receiver.Received.First();
        Assert.Equal(new[] { newest, secret, former }.Select(s => Webhooks.Sign(s, id, timestamp, body)), signatures.Split(' '));

        own.Clock.Advance(TimeSpan.FromHours(25));
        await own.Documents.Publish(await own.Documents.Draft("第一条 换钥之后。", "换钥以后办法"), "换政发〔2026〕2号");
        await receiver.Event("document.published", data => data.GetProperty("title").GetString() == "换钥以后办法");
        (id, timestamp, signatures, _, body) = receiver.Received.Last();
        Assert.Equal(Webhooks.Sign(newest, id, timestamp, body), signatures);

        var feed = await own.Catalog.Post(Tokens.Integration, "subscriptions", new { channel = "atom" }, 201);
        Assert.Equal(
            "subscription.secret.none",
            (await own.Catalog.Post(Tokens.Integration, $"subscriptions/{feed.GetProperty("id").GetString()}/secret", new { }, 409)).Code()
        );
    }

    [Fact]
    public async Task who_answers_that_it_is_gone_hears_no_more_and_who_asks_for_time_gets_it()
    {
        await using var own = new District(postgres);
        own.Settings["Webhooks:AllowedNetworks:0"] = "127.0.0.1/32";
        own.Settings["Subscriptions:RetrySeconds:0"] = "0";
        await own.InitializeAsync();
        await using var gone = await WebhookReceiver.Start();
        await using var busy = await WebhookReceiver.Start();
        gone.Answer = http => Task.FromResult(http.Response.StatusCode = 410);
        busy.Answer = http =>
        {
            http.Response.Headers.RetryAfter = "3600";
            return Task.FromResult(http.Response.StatusCode = 503);
        };
        var ended = await own.Catalog.Post(Tokens.Integration, "subscriptions", new { channel = "webhook", address = gone.Address }, 201);
        var waits = await own.Catalog.Post(Tokens.Integration, "subscriptions", new { channel = "webhook", address = busy.Address }, 201);
        await own.Documents.Publish(await own.Documents.Draft("第一条 走了。", "走了办法"), "走政发〔2026〕1号");

        await Calls.Eventually(async () =>
            (await own.Catalog.Get(Tokens.Integration, $"subscriptions/{ended.GetProperty("id").GetString()}"))
                .GetProperty("state")
                .GetString() == "ended"
                ? (bool?)true
                : null
        );
        Assert.Empty(await own.TablesWith(new Uri(gone.Address).Authority));
        // It is sent again once the hour is over, and not at once as otherwise.
        await Calls.Eventually(async () =>
            await own.Count(
                "select count(*) from catalog_messages.wolverine_incoming_envelopes where status = 'Scheduled' and message_type like '%Deliver' and execution_time > now() + interval '50 minutes'"
            ) == 1
                ? (bool?)true
                : null
        );
        Assert.Single(busy.Received);
        var delivery = Assert.Single(
            (await own.Catalog.Get(Tokens.Integration, $"subscriptions/{waits.GetProperty("id").GetString()}/deliveries"))
                .GetProperty("items")
                .EnumerateArray()
        );
        Assert.Equal(("waiting", 1), (delivery.GetProperty("state").GetString(), delivery.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task those_who_oversee_hear_of_what_is_overdue()
    {
        await using var receiver = await WebhookReceiver.Start();
        await Subscribe(receiver, new { issuer = "370114-JY", events = new[] { "obligation.overdue" } });
        await Catalog.Post(
            Tokens.Integration,
            "obligations",
            new
            {
                source = "系统",
                reference = "逾期",
                title = "逾期信息",
                body = "370114-JY",
                formedOn = "2026-04-01",
            },
            201
        );
        await Catalog.Post(
            Tokens.Integration,
            "obligations",
            new
            {
                source = "系统",
                reference = "别家逾期",
                title = "别家信息",
                body = "370114-ZJ",
                formedOn = "2026-04-01",
            },
            201
        );
        var told = await receiver.Event("obligation.overdue");
        Assert.Equal("逾期信息", told.GetProperty("data").GetProperty("title").GetString());
        Assert.Single(receiver.Received);
    }

    async Task<JsonElement> Subscribe(WebhookReceiver receiver, object filter) =>
        await Catalog.Post(
            Tokens.Integration,
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter,
            },
            201
        );

    async Task<JsonElement[]> Deliveries(JsonElement subscription) =>
        [
            .. (await Catalog.Get(Tokens.Integration, $"subscriptions/{subscription.GetProperty("id").GetString()}/deliveries"))
                .GetProperty("items")
                .EnumerateArray(),
        ];

    async Task<Guid> Publish(string text, string title) =>
        await District.Documents.Publish(
            await District.Documents.Draft(text, title),
            $"测政发〔2026〕{Interlocked.Increment(ref number)}号"
        );

    async Task Hears(object message)
    {
        await using var scope = Catalog.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message, TestContext.Current.CancellationToken);
    }

    async Task<string[]> Feed(string address, int entries)
    {
        XNamespace atom = "http://www.w3.org/2005/Atom";
        while (true)
        {
            var titles = XDocument
                .Parse(await (await Catalog.Scenario(s => s.Get.Url(address))).ReadAsTextAsync())
                .Descendants(atom + "entry")
                .Select(e => e.Element(atom + "title")!.Value)
                .ToArray();
            if (titles.Length >= entries)
                return titles;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    async Task<string> Mail(string to, string subject) =>
        (
            await Calls.Eventually<ReadOnlyMemory<char>>(() =>
                Task.FromResult<ReadOnlyMemory<char>?>(
                    connected.Mail.Mails.FirstOrDefault(m => m.To == to && Decoded(m.Content).Contains(subject, StringComparison.Ordinal))
                        is { Content: { } content }
                        ? Decoded(content).AsMemory()
                        : default(ReadOnlyMemory<char>?)
                )
            )
        ).ToString();

    static string Decoded(string mail)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail));
        var message = MimeKit.MimeMessage.Load(stream, TestContext.Current.CancellationToken);
        return $"{string.Join('\n', message.Headers)}\n{message.Subject}\n{message.TextBody}";
    }

    static string Link(string mail, string what) =>
        System.Text.RegularExpressions.Regex.Match(mail, $"/api/v1/subscriptions/[^\\s>]+/{what}\\?token=[0-9a-f]+").Value;
}
