using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PolicyPlatform.Gateway.Identity;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// Every call as everybody: without a token, with those of all development clients, with two that somebody made up; at the gateway, and
/// straight at the service behind it. <c>docs/permissions.md</c> says who is let in; after a change: <c>UPDATE_DOCS=1 dotnet test</c>.
/// </summary>
[Collection(SampledPlatform.Shared)]
public sealed class when_everybody_knocks_at_every_door(SampledPlatform sampled)
{
    const string Nobody = "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4eff";

    static readonly string[] Services = ["Catalog", "Documents", "Interpretation", "Consultation"];

    RunningPlatform Platform => sampled.Platform;

    /// <summary>Whoever knocks.</summary>
    /// <param name="Name">Who.</param>
    /// <param name="Roles">What the token says; null where no token is believed.</param>
    /// <param name="Token">What is sent.</param>
    sealed record Identity(string Name, string[]? Roles, string? Token);

    enum Outcome
    {
        LetIn,
        NoToken,
        NoRole,
    }

    [Fact]
    public async Task those_are_let_in_whom_the_table_names_and_nobody_else()
    {
        var identities = await Identities();
        var table = new StringBuilder(
            """
            # Who may call what

            Made from the description of the API by `when_everybody_knocks_at_every_door`, which calls everything as everybody. Whoever is let in
            still sees and changes only what is theirs: drafts of the own organisation, tickets of the own body, subscriptions of one's own
            ([security.md](security.md), [api-guide.md](api-guide.md)). A token that is sent must be valid, also where none is needed.


            """
        );
        var count = new Dictionary<Outcome, int>();
        List<string> wrong = [];
        foreach (var service in Services)
        {
            table.Append($"## {service}\n\n| call | for |\n| --- | --- |\n");
            var description = await Platform.Describe(service);
            using var straight = new HttpClient { BaseAddress = Platform.AddressOf(service) };
            foreach (var (call, i) in DescribedCall.Of(description).Select((c, i) => (c, i)))
            {
                table.Append(
                    $"| `{call.Method} {call.Path}` | {(call.Roles is [] ? "everybody" : string.Join(", ", call.Roles.Select(r => $"`{r}`")))} |\n"
                );
                // From so many addresses that no limit of the public is reached.
                using var api = Platform.From($"127.0.{2 + i}.1");
                foreach (var door in new[] { api, straight })
                foreach (var identity in identities)
                {
                    var expected =
                        identity.Roles is null && (identity.Token is not null || call.Roles is not []) ? Outcome.NoToken
                        : call.Roles is [] || identity.Roles!.Intersect(call.Roles).Any() ? Outcome.LetIn
                        : Outcome.NoRole;
                    count[expected] = count.GetValueOrDefault(expected) + 1;
                    var (outcome, answer) = await Knock(door, call, identity);
                    if (outcome != expected)
                        wrong.Add($"{identity.Name} at {door.BaseAddress}: {call.Method} {call.Path}: {answer}");
                }
            }
            table.Append('\n');
        }
        table.Append(
            $"{count.Values.Sum()} requests of {identities.Length} identities, at the gateway and straight at the services: {count[Outcome.LetIn]} let in, {count[Outcome.NoToken]} refused without a token that is believed (401), {count[Outcome.NoRole]} without the role (403).\n"
        );
        Assert.Equal("", string.Join('\n', wrong));
        var file = Path.Combine(Repository.Folder, "docs", "permissions.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is "1")
            await File.WriteAllTextAsync(file, table.ToString(), TestContext.Current.CancellationToken);
        Assert.Equal(table.ToString(), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    static async Task<(Outcome? Outcome, string Answer)> Knock(HttpClient door, DescribedCall call, Identity identity)
    {
        using var request = new HttpRequestMessage(new(call.Method), PathOf(call));
        if (identity.Token is not null)
            request.Headers.Authorization = new("Bearer", identity.Token);
        if (call.Method is not ("GET" or "DELETE"))
            request.Content = new StringContent(
                "{}",
                new MediaTypeHeaderValue(call.Body.Select(b => b.Key).FirstOrDefault("application/json"))
            );
        using var answer = await door.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var text = $"{(int)answer.StatusCode}";
        if (answer.Content.Headers.ContentType?.MediaType is "application/problem+json")
            text += $" {(await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).Code()}";
        return (
            answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized => Outcome.NoToken,
                HttpStatusCode.Forbidden when text.EndsWith("identity.role.missing", StringComparison.Ordinal) => Outcome.NoRole,
                HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => null,
                _ => Outcome.LetIn,
            },
            text
        );
    }

    // Of something that is not there: whoever is let in changes nothing.
    static string PathOf(DescribedCall call) =>
        string.Join(
            '/',
            call.Path.Split('/')
                .Select(segment =>
                    segment.Trim('{', '}') switch
                    {
                        var name when name.Length == segment.Length => segment,
                        "year" or "revision" or "number" or "version" => "2099",
                        "sha256" => new string('0', 64),
                        _ => Nobody,
                    }
                )
        );

    async Task<Identity[]> Identities()
    {
        List<Identity> all = [new("the public", null, null)];
        foreach (var client in DevelopmentClient.All)
            all.Add(new(client.Id, client.Roles, await Platform.Token(client.Id)));
        var believed = all[1].Token!.Split('.');
        var unsigned = $"{Base64Url("""{"alg":"none","typ":"JWT"}"""u8)}.{believed[1]}.";
        using var key = RSA.Create(2048);
        var said = $"{believed[0]}.{believed[1]}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(said), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return
        [
            .. all,
            new("somebody with a token without a signature", null, unsigned),
            new("somebody with a token of another key", null, $"{said}.{Base64Url(signature)}"),
        ];
    }

    static string Base64Url(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
