using System.Text.Json;

namespace PolicyPlatform.Faults;

/// <summary>
/// The work of a district while something goes wrong, in every form that writes: texts are recorded, published with material or without,
/// amended and repealed; tickets, comments, registrations and applications come in. What waits for a message waits for it.
/// </summary>
/// <param name="sender">Sends it.</param>
/// <param name="find">Hears what should not be.</param>
/// <param name="wave">The how-manieth such work on this data folder it is: its numbers and names are its own.</param>
sealed class Load(Sender sender, Action<string> find, int wave)
{
    const int Recordings = 8,
        Policies = 4,
        Comments = 40,
        Registrations = 20,
        Applications = 8,
        Tickets = 12,
        Seats = 1000;

    const string Drafter = "drafting-housing",
        Office = "openness-office",
        Legal = "legal-review",
        Signing = "signing",
        Public = "integration",
        Hotline = "hotline";

    static readonly string[] Positions = ["support", "oppose", "suggest"];
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    readonly string mark = $"甲{wave}";

    /// <summary>Does all of it, side by side.</summary>
    public Task Run() =>
        Task.WhenAll([
            Each(Recording),
            .. Enumerable.Range(0, Policies).Select(n => Each(() => Policy(n))),
            Each(Consultation),
            Each(OpenDay),
            Each(Hearing),
            Each(() => Several(Tickets, 3, n => Ticket($"{wave}-{n}", null))),
        ]);

    async Task Each(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (FindingException e)
        {
            find(e.Message);
        }
    }

    async Task<string> Draft(string title, string text)
    {
        var drafted = await sender.Send(
            Drafter,
            Work.Draft,
            "documents",
            new
            {
                title,
                kind = "other",
                issuers = new[] { "370114-ZJ" },
                subject = "CXJS",
                disclosure = new { attribute = "proactive" },
                text,
                changeNote = "起草",
            },
            text: text
        );
        return drafted.GetProperty("id").GetString()!;
    }

    async Task Recording()
    {
        var id = await Draft($"测试区记录办法{mark}", "第一条 记录一。");
        for (var n = 2; n <= Recordings; n++)
        {
            var text = $"第一条 记录{n}。\n第二条 {new string('文', 200)}。";
            await sender.Send(Drafter, Work.Revision, $"documents/{id}/revisions", new { text, changeNote = $"第{n}稿" }, id, text);
        }
    }

    async Task Policy(int n)
    {
        var withMaterial = n % 2 == 0;
        var id = await Draft($"测试区故障办法{mark}-{n}", "第一条 甲。");
        await sender.Send(Drafter, Work.Step, $"documents/{id}/review", new { }, id);
        string? material = null;
        if (withMaterial)
        {
            await Until(
                $"The plan of {id} did not open",
                async () => (await sender.Json(Office, $"interpretation-plans/{id}")).ValueKind is JsonValueKind.Object
            );
            await sender.Send(
                Drafter,
                Work.Step,
                $"interpretation-plans/{id}",
                new { forms = new[] { "text" } },
                id,
                method: HttpMethod.Put
            );
            await sender.Send(Legal, Work.Step, $"interpretation-plans/{id}/approve", new { }, id);
            material = (
                await sender.Send(
                    Drafter,
                    Work.Material,
                    "interpretations",
                    new { planId = id, content = new { title = $"解读{mark}-{n}", text = "甲。" } },
                    id
                )
            )
                .GetProperty("id")
                .GetString()!;
            await sender.Send(Signing, Work.Step, $"interpretations/{material}/sign", new { }, id);
        }
        else
            await sender.Send(Office, Work.Exemption, $"documents/{id}/interpretation/exemption", new { reason = "只调整内部分工。" }, id);
        await sender.Send(Signing, Work.Step, $"documents/{id}/sign", new { }, id);
        await sender.Send(
            Office,
            Work.Step,
            $"documents/{id}/issue",
            new { documentNumber = $"测政发〔2026〕{wave * Policies + n}号", writtenOn = "2026-01-05" },
            id
        );
        await Until(
            $"The gates of {id} did not open",
            async () =>
                (await sender.Json(Drafter, $"documents/{id}")) is { ValueKind: JsonValueKind.Object } document
                && document.GetProperty("gates").GetArrayLength() == 0
        );
        await sender.Send(Office, Work.Publication, $"documents/{id}/publish", new { }, id);
        var today = DateTime.UtcNow.AddHours(8).ToString("yyyy-MM-dd");
        await sender.Send(
            Office,
            Work.Amendment,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 乙。",
                changeNote = "修改",
                effectiveFrom = today,
                emergencyReason = "须即日修改。",
            },
            id,
            "第一条 乙。"
        );
        await Ticket($"{wave}-policy-{n}", id);
        if (n % 4 == 3)
            await sender.Send(
                Office,
                Work.Repeal,
                $"documents/{id}/repeal",
                new
                {
                    reason = "政策调整",
                    effectiveFrom = today,
                    emergencyReason = "须即日废止。",
                },
                id
            );
    }

    async Task Ticket(string ticket, string? document)
    {
        var question = $"路灯不亮找谁 {ticket}";
        await sender.Send(
            Hotline,
            Work.Ticket,
            "hotline/tickets",
            new
            {
                ticketId = ticket,
                question,
                body = "370114-ZJ",
                documentId = document,
            },
            ticket,
            question
        );
    }

    async Task Consultation()
    {
        var document = await Draft($"测试区征求意见办法{mark}", "第一条 为了规范公交票价，制定本办法。\n第二条 票价为两元。");
        var id = (
            await sender.Send(
                Office,
                Work.Consultation,
                "consultations",
                new
                {
                    documentId = document,
                    explanation = "就票价征求意见。",
                    ways = "信函。",
                    contact = "交通科。",
                },
                document
            )
        ).GetProperty("id").GetString()!;
        await Several(
            Comments,
            6,
            n =>
            {
                var text = $"意见{mark}-{n}：票价{n}元。";
                return sender.Send(
                    Public,
                    Work.Comment,
                    $"consultations/{id}/comments",
                    new
                    {
                        position = Positions[n % 3],
                        text,
                        name = $"市民{n}",
                    },
                    id,
                    text
                );
            }
        );
    }

    async Task OpenDay()
    {
        var now = DateTimeOffset.UtcNow;
        var id = (
            await sender.Send(
                Office,
                Work.OpenDay,
                "open-days",
                new
                {
                    topic = $"走进供热调度中心{mark}",
                    place = "云泽大街1号",
                    description = "参观调度大厅。",
                    startsAt = now.AddDays(5),
                    endsAt = now.AddDays(5).AddHours(2),
                    capacity = Seats,
                    body = "370114-ZJ",
                }
            )
        ).GetProperty("id").GetString()!;
        await Several(
            Registrations,
            4,
            n =>
                sender.Send(
                    Public,
                    Work.Registration,
                    $"open-days/{id}/registrations",
                    new { name = $"市民{n}", contact = $"139{n:00000000}" },
                    id
                )
        );
    }

    async Task Hearing()
    {
        var now = DateTimeOffset.UtcNow;
        var id = (
            await sender.Send(
                Office,
                Work.Hearing,
                "hearings",
                new
                {
                    kind = "hearing",
                    ground = "majorDecision",
                    title = $"供热价格听证会{mark}",
                    place = "政务服务中心",
                    startsAt = now.AddDays(45),
                    endsAt = now.AddDays(45).AddHours(3),
                    matters = "供热价格调整方案的必要性。",
                    contact = "物业科，0531-80000001",
                    method = "draw",
                    seats = 5,
                    alternates = 1,
                    applicationsUntil = now.AddDays(10),
                    body = "370114-ZJ",
                }
            )
        ).GetProperty("id").GetString()!;
        await Several(
            Applications,
            3,
            n =>
                sender.Send(
                    Public,
                    Work.Application,
                    $"hearings/{id}/applications",
                    new
                    {
                        name = "张三",
                        contact = $"138{n:00000000}",
                        kind = "citizen",
                        region = "明水街道",
                        reason = "家住供热管网末端。",
                    },
                    id
                )
        );
    }

    static Task Several(int count, int atOnce, Func<int, Task> send) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (n, _) => await send(n)
        );

    static async Task Until(string otherwise, Func<Task<bool>> holds)
    {
        for (var began = System.Diagnostics.Stopwatch.StartNew(); !await holds(); await Task.Delay(100))
            if (began.Elapsed > Patience)
                throw new FindingException($"{otherwise} in {Patience.TotalMinutes:0} minutes.");
    }
}
