using System.Globalization;
using System.Text.Json;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Faults;

/// <summary>What is there, held against what was acknowledged.</summary>
sealed class Comparison(Sender sender, Journal journal, RunningPlatform platform, WebhookReceiver receiver)
{
    /// <summary>Everything in which the two differ, for the rounds from the given one on.</summary>
    public async Task<IReadOnlyList<string>> Differences(int from)
    {
        var entries = journal.Of(e => e.Round >= from);
        var differences = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll([
            Streams(differences.Add),
            .. new[] { Texts, Published, Tickets, Comments, OpenDays, Hearings }.Select(look => look(entries, differences.Add)),
        ]);
        Webhooks(entries, differences.Add);
        if (await OfficeWork.Dead(platform) is { Length: > 0 } dead)
            differences.Add($"Dead, or not known: {string.Join("; ", dead)}");
        return [.. differences.Order(StringComparer.Ordinal)];
    }

    async Task Streams(Action<string> differs)
    {
        foreach (var gap in await OfficeWork.Gaps(platform))
            differs($"A stream has a gap: {gap}");
    }

    // Each text is there as it was sent, once, in its place.
    async Task Texts(IReadOnlyList<Entry> entries, Action<string> differs)
    {
        foreach (var document in entries.Where(e => e.Work is Work.Draft or Work.Revision or Work.Amendment).GroupBy(e => e.Of ?? e.Id!))
        {
            var sent = document.OrderBy(e => e.Number).ToArray();
            if (!sent.Select(e => e.Number).SequenceEqual(Enumerable.Range(1, sent.Length).Select(n => (long?)n)))
                differs($"documents/{document.Key}: acknowledged as revisions {string.Join(", ", sent.Select(e => e.Number))}");
            if (
                Items(await sender.Json("drafting-housing", $"documents/{document.Key}/revisions?pageSize=200")) is var there
                && there.Length != sent.Length
            )
                differs($"documents/{document.Key}: {sent.Length} texts were acknowledged, {there.Length} are there.");
            foreach (var text in sent)
                if (
                    await sender.Read("drafting-housing", $"documents/{document.Key}/revisions/{text.Number}", "text/plain") is var read
                    && (read is null || Journal.Hash(read.Value.Body.Trim()) != text.Text)
                )
                    differs($"documents/{document.Key}/revisions/{text.Number} is not what was sent: {read}");
        }
    }

    // What was published is in the library, explained, an obligation that is met, and what ended has ended.
    async Task Published(IReadOnlyList<Entry> entries, Action<string> differs)
    {
        foreach (var publication in entries.Where(e => e.Work is Work.Publication))
        {
            var id = publication.Of!;
            var own = entries.Where(e => e.Of == id).ToLookup(e => e.Work);
            var repealed = own[Work.Repeal].Any();
            if (await sender.Json(null, $"documents/{id}") is not { ValueKind: JsonValueKind.Object } document)
            {
                differs($"documents/{id} is not public.");
                continue;
            }
            var found = Items(
                    await sender.Json(null, $"library?q={Uri.EscapeDataString(document.GetProperty("title").GetString()!)}&pageSize=200")
                )
                .Where(i => Said(i, "id") == id)
                .ToArray();
            if (found.Length != 1)
                differs($"documents/{id} is {found.Length} times in the library.");
            else if ((Said(found[0], "validity") == "repealed") != repealed)
                differs($"documents/{id}: the library says {Said(found[0], "validity")}.");
            await Is(differs, "openness-office", $"obligations/{id}", "state", "met");
            if (own[Work.Amendment].Any())
                await Is(differs, "openness-office", $"obligations/{id}-r2", "state", "met");
            await Is(differs, "openness-office", $"interpretation-plans/{id}", "state", own[Work.Exemption].Any() ? "exempted" : "carried");
            var materials = Items(await sender.Json(null, $"documents/{id}/interpretations")).Select(i => Said(i, "id")).ToArray();
            if (!materials.SequenceEqual(own[Work.Material].Select(e => e.Id)))
                differs($"documents/{id}/interpretations are {string.Join(", ", materials)}.");
        }
    }

    async Task Tickets(IReadOnlyList<Entry> entries, Action<string> differs)
    {
        foreach (var ticket in entries.Where(e => e.Work is Work.Ticket))
        {
            var there = await sender.Json("hotline", $"hotline/tickets/{ticket.Of}");
            if (Said(there, "question") is not { } question || Journal.Hash(question) != ticket.Text || Said(there, "state") != "assigned")
                differs($"hotline/tickets/{ticket.Of}: {there}");
        }
    }

    async Task Comments(IReadOnlyList<Entry> entries, Action<string> differs)
    {
        foreach (var consultation in entries.Where(e => e.Work is Work.Comment).GroupBy(e => e.Of!))
        {
            foreach (var comment in consultation)
            {
                var own = await sender.Json(null, $"comments/{comment.Receipt}");
                if (Said(own, "id") != comment.Id || Journal.Hash(Said(own, "text") ?? "") != comment.Text)
                    differs($"A receipt of consultations/{consultation.Key} shows {own}, and not comment {comment.Id}.");
            }
            var count = consultation.Count();
            Same(differs, $"ids of comments of {consultation.Key}", count, consultation.Select(c => c.Id).Distinct().Count());
            var statistics = await sender.Json(null, $"consultations/{consultation.Key}/statistics");
            Same(differs, $"comments that the statistics of {consultation.Key} say", count, Number(statistics, "received"));
            Same(
                differs,
                $"comments of {consultation.Key}",
                count,
                await Count($"consultation.mt_doc_comment where consultation_id = '{consultation.Key}'")
            );
        }
    }

    async Task OpenDays(IReadOnlyList<Entry> entries, Action<string> differs)
    {
        foreach (var day in entries.Where(e => e.Work is Work.Registration).GroupBy(e => e.Of!))
        {
            foreach (var registration in day)
                if (
                    await sender.Json(null, $"open-days/{day.Key}/registration?receipt={registration.Receipt}") is var own
                    && (Number(own, "number") != registration.Number || Said(own, "standing") != "seat")
                )
                    differs($"A receipt of open-days/{day.Key} shows {own}, and not number {registration.Number}.");
            var numbers = day.Select(r => r.Number ?? 0).Order().ToArray();
            if (!numbers.Select(n => (int)n).SequenceEqual(Enumerable.Range(1, numbers.Length)))
                differs($"open-days/{day.Key} gave the numbers {string.Join(", ", numbers)}.");
            Same(
                differs,
                $"seats taken of {day.Key}",
                day.Count(),
                Number(await sender.Json("openness-office", $"open-days/{day.Key}"), "seatsTaken")
            );
        }
    }

    async Task Hearings(IReadOnlyList<Entry> entries, Action<string> differs)
    {
        foreach (var hearing in entries.Where(e => e.Work is Work.Application).GroupBy(e => e.Of!))
        {
            foreach (var application in hearing)
                if (
                    await sender.Json(null, $"hearings/{hearing.Key}/applications/{application.Id}?receipt={application.Receipt}")
                        is var own
                    && Number(own, "number") != application.Number
                )
                    differs($"A receipt of hearings/{hearing.Key} shows {own}, and not number {application.Number}.");
            // All hearings number from one row, in which a number that was not used is no loss.
            Same(differs, $"numbers of hearings/{hearing.Key}", hearing.Count(), hearing.Select(a => a.Number).Distinct().Count());
            Same(
                differs,
                $"applications of {hearing.Key}",
                hearing.Count(),
                Items(await sender.Json("openness-office", $"hearings/{hearing.Key}/applications?pageSize=200")).Length
            );
        }
    }

    // Each fact at least once, under one id.
    void Webhooks(IReadOnlyList<Entry> entries, Action<string> differs)
    {
        var told = receiver.Received.Select(r => r.Id).Distinct().ToLookup(id => string.Join('/', id.Split('/').Take(2)));
        var published = entries.Where(e => e.Work is Work.Publication).Select(e => e.Of).ToHashSet();
        foreach (var e in entries)
        {
            var expected = e.Work switch
            {
                Work.Publication => $"document.published/{e.Of}",
                Work.Amendment => $"document.changed/{e.Of}",
                Work.Repeal => $"document.repealed/{e.Of}",
                Work.Material when published.Contains(e.Of) => $"interpretation.published/{e.Id}",
                _ => null,
            };
            if (expected is not null && told[expected].Count() != 1)
                differs($"The webhook {expected} came under {told[expected].Count()} ids: {string.Join(", ", told[expected])}");
        }
    }

    async Task Is(Action<string> differs, string @as, string path, string property, string expected)
    {
        if (await sender.Json(@as, path) is var answer && Said(answer, property) != expected)
            differs($"{path} is not {expected} but {Said(answer, property) ?? "not there"}.");
    }

    static void Same(Action<string> differs, string what, long expected, long? there)
    {
        if (expected != there)
            differs($"{what}: {expected} were acknowledged, {there} are there.");
    }

    async Task<long> Count(string rows) =>
        long.Parse((await platform.Query($"select count(*) from {rows}"))[0], CultureInfo.InvariantCulture);

    static JsonElement[] Items(JsonElement answer) =>
        answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty("items", out var items) ? [.. items.EnumerateArray()] : [];

    static string? Said(JsonElement answer, string property) =>
        answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty(property, out var value) ? value.ToString() : null;

    static long? Number(JsonElement answer, string property) =>
        answer.ValueKind is JsonValueKind.Object
        && answer.TryGetProperty(property, out var value)
        && value.ValueKind is JsonValueKind.Number
            ? value.GetInt64()
            : null;
}
