using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>Who may read a thing.</summary>
enum Readers
{
    Everybody,

    /// <summary>Whoever drafts, for whichever organisation.</summary>
    Drafters,

    /// <summary>The organisation that it belongs to.</summary>
    Own,
}

/// <summary>A thing of 370114-ZJ in one of its states.</summary>
/// <param name="State">The state; after a comma what else is to be told apart.</param>
/// <param name="Places">What stands for the places of its paths, by their names.</param>
/// <param name="Readers">Who may read it.</param>
sealed record OwnedThing(string State, IReadOnlyDictionary<string, string> Places, Readers Readers)
{
    public OwnedThing(string state, object id, Readers readers)
        : this(state, new Dictionary<string, string> { ["id"] = $"{id}" }, readers) { }
}

/// <summary>All calls about one kind of thing, as the description of their service names them.</summary>
/// <param name="host">The service.</param>
/// <param name="kind">The path of such a thing, with its places.</param>
/// <param name="words">Words of it that another organisation never reads where not everybody does.</param>
/// <param name="bodies">What is sent instead of the example of the description, by the names of the calls.</param>
sealed class OwnedThings(IAlbaHost host, string kind, string words, Dictionary<string, object>? bodies = null)
{
    const string Nothing = "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4eff";

    /// <summary>What is wrong: each call with what it was answered with.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>How many calls were made by another organisation and by the own one.</summary>
    public int Knocks { get; private set; }

    /// <summary>The description of a service.</summary>
    public static async Task<JsonObject> Describe(IAlbaHost host) =>
        JsonNode.Parse(await (await host.Scenario(s => s.Get.Url("/openapi/v1.json"))).ReadAsTextAsync())!.AsObject();

    /// <summary>Whether a call is about things of this kind.</summary>
    public static bool IsAbout(string kind, DescribedCall call) =>
        call.Path == $"/api/v1/{kind}" || call.Path.StartsWith($"/api/v1/{kind}/", StringComparison.Ordinal);

    /// <summary>
    /// With the token of another organisation nothing is written, nothing is read that everybody does not read, and nothing of what is hidden is
    /// told. The own organisation is let in.
    /// </summary>
    public async Task Walk(params IEnumerable<OwnedThing> things)
    {
        var description = await Describe(host);
        var calls = DescribedCall.Of(description).Where(c => IsAbout(kind, c) && !GoesOn(c)).ToArray();
        Assert.NotEmpty(calls);
        foreach (var thing in things.ToArray())
        {
            var (status, before) = await Send(host, Tokens.DraftingHousing, "GET", Path(kind, thing), null);
            if (status == 200 && JsonNode.Parse(before)!["state"] is { } state)
                Assert.Equal(thing.State.Split(',')[0], (string)state!);
            foreach (var call in calls)
                await Foreign(description, call, thing);
            Same(
                thing,
                "after all that another organisation tried",
                before,
                (await Send(host, Tokens.DraftingHousing, "GET", Path(kind, thing), null)).Text
            );
            // What is given back is not its own any more.
            foreach (var call in calls.Where(ForDrafters).OrderBy(c => c.Name is "returnTicket"))
                await Own(description, call, thing);
        }
        Assert.Equal("", string.Join('\n', Wrong));
    }

    // What happens from now on has no end that could be read.
    static bool GoesOn(DescribedCall call) => call.Description["responses"]?["200"]?["content"]?["text/event-stream"] is not null;

    // What is sent along is compared, and nothing is kept.
    static bool IsRead(DescribedCall call, OwnedThing thing) => call.Name is "compareText" && thing.Readers is Readers.Everybody;

    static bool ForDrafters(DescribedCall call) => call.Roles.Contains("drafter");

    async Task Foreign(JsonObject description, DescribedCall call, OwnedThing thing)
    {
        var path = Path(call.Path["/api/v1/".Length..], thing);
        if (call.Roles is not [] && !ForDrafters(call) || call.Roles is [] && call.Method is not "GET")
            return;
        var (status, text) = await Send(host, Tokens.DraftingEducation, call.Method, path, Body(description, call));
        Knocks++;
        if (call.Roles is not [])
            Check(status is 403 or 404 || status == 200 && IsRead(call, thing), thing, call, $"another organisation: {status} {text}");
        else if (thing.Readers is not Readers.Drafters)
        {
            var everybody = await Send(host, null, call.Method, path, null);
            Check(everybody.Status == status, thing, call, $"another organisation: {status}, everybody: {everybody.Status}");
            if (status == 200)
                Same(thing, $"{call.Name} by another organisation", everybody.Text, text);
        }
        if (thing.Readers is not Readers.Everybody)
            Check(!text.Contains(words, StringComparison.Ordinal), thing, call, $"another organisation reads {text}");
    }

    async Task Own(JsonObject description, DescribedCall call, OwnedThing thing)
    {
        var (status, text) = await Send(
            host,
            Tokens.DraftingHousing,
            call.Method,
            Path(call.Path["/api/v1/".Length..], thing),
            Body(description, call)
        );
        Knocks++;
        // What is within it need not be there.
        var isWithin = call.Path.Count(c => c is '{') > kind.Count(c => c is '{');
        Check(status is < 500 and not (401 or 403) && (status != 404 || isWithin), thing, call, $"the own organisation: {status} {text}");
    }

    void Check(bool isRight, OwnedThing thing, DescribedCall call, string what)
    {
        if (!isRight)
            Wrong.Add($"{call.Method} {call.Path}, {thing.State}, {what}");
    }

    void Same(OwnedThing thing, string when, string expected, string actual)
    {
        if (expected != actual)
            Wrong.Add($"{kind}, {thing.State}, {when}: {expected} and {actual}");
    }

    static string Path(string path, OwnedThing thing) =>
        string.Join(
            '/',
            path.Split('/')
                .Select(segment =>
                    segment.Trim('{', '}') switch
                    {
                        var name when name.Length == segment.Length => segment,
                        var name when thing.Places.TryGetValue(name, out var place) => place,
                        "revision" or "number" or "edition" => "1",
                        "sha256" => new string('0', 64),
                        _ => Nothing,
                    }
                )
        );

    HttpContent? Body(JsonObject description, DescribedCall call)
    {
        if (call.Body is not { Count: > 0 } types)
            return null;
        if (!types.ContainsKey("application/json"))
            return new ByteArrayContent("%PDF-1.7 甲"u8.ToArray()) { Headers = { ContentType = new("application/octet-stream") } };
        var body = bodies?.GetValueOrDefault(call.Name) is { } given
            ? JsonSerializer.Serialize(given)
            : call.Example(description)?.ToJsonString() ?? "{}";
        return new StringContent(body, new MediaTypeHeaderValue("application/json"));
    }

    /// <summary>Sends a request.</summary>
    /// <returns>The status, and the answer without what is another one each time.</returns>
    public static async Task<(int Status, string Text)> Send(IAlbaHost host, string? token, string method, string path, HttpContent? body)
    {
        using var request = new HttpRequestMessage(
            new(method),
            $"/api/v1/{path}{(body is ByteArrayContent and not StringContent ? "?name=a.pdf" : "")}"
        )
        {
            Content = body,
        };
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using var client = host.Server.CreateClient();
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? text : WithoutTrace(text));
    }

    static string WithoutTrace(string problem)
    {
        if (problem.Length == 0 || JsonNode.Parse(problem) is not JsonObject members)
            return problem;
        members.Remove("traceId");
        return members.ToJsonString(Readable);
    }

    static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
