using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// Names, numbers, addresses and secrets of people go in by every door, rightly and wrongly, while the database fails. What the platform
/// writes down for others to read has none of them: logs, traces, metrics, messages, events, rows, a dump of all of it.
/// </summary>
public sealed class when_somebody_must_not_be_read
{
    readonly ConcurrentBag<string> planted = [];
    int count;

    [Fact]
    public async Task none_of_five_hundred_stands_anywhere_in_the_clear()
    {
        await using var operators = await OtlpReceiver.Start();
        var data = RunningPlatform.NewFolder();
        await using (var platform = await RunningPlatform.StartWith(operators.Environment, data))
        {
            Assert.False(platform.HasExited, platform.Output);
            var (office, integrator, supervisor) = (
                await platform.Token("openness-office"),
                await platform.Token("integration"),
                await platform.Token("supervision")
            );
            var consultation = Items(await platform.Get(office, "consultations"))[0].GetProperty("id").GetString()!;
            var (hearing, day) = (
                await platform.AnnounceSymposium(office, consultation, seats: 1000),
                await platform.AnnounceOpenDay(office, capacity: 1000)
            );

            for (var round = 0; round < 12; round++)
            {
                foreach (var wrong in new[] { false, true })
                {
                    // One in two is refused: for a position that there is not, a word too many, a type that it is not.
                    object? bad = wrong ? new { of = Name() } : null;
                    await Post(
                        platform,
                        office,
                        $"consultations/{consultation}/comments",
                        new
                        {
                            position = wrong ? Name() : "suggest",
                            text = $"请回电{Phone()}或{IdNumber()}。",
                            name = Name(),
                            contact = Phone(),
                            bad,
                        }
                    );
                    await Post(
                        platform,
                        integrator,
                        $"consultations/{consultation}/letters",
                        new
                        {
                            comments = new[]
                            {
                                new
                                {
                                    reference = $"信-{round}-{wrong}",
                                    channel = wrong ? "pigeon" : "letter",
                                    position = "support",
                                    text = "同意。",
                                    name = Name(),
                                    contact = Address(),
                                },
                            },
                        }
                    );
                    await Post(
                        platform,
                        office,
                        $"hearings/{hearing}/applications",
                        new
                        {
                            name = Name(),
                            contact = Phone(),
                            kind = wrong ? Name() : "citizen",
                            reason = "家住附近。",
                        }
                    );
                    await Post(
                        platform,
                        office,
                        $"open-days/{day}/registrations",
                        new
                        {
                            name = Name(),
                            contact = Phone(),
                            persons = wrong ? -1 : 1,
                        }
                    );
                    await Post(
                        platform,
                        integrator,
                        "subscriptions",
                        new
                        {
                            channel = "webhook",
                            address = wrong ? $"ftp://{Host()}/x" : $"https://{Host()}/hook?key={Secret()}",
                            filter = new { events = new[] { "document.published" } },
                        }
                    );
                    await Send(
                        platform,
                        HttpMethod.Put,
                        integrator,
                        $"benefits/profiles/{Secret()}",
                        new { profile = new { kind = wrong ? Name() : "person", household = Name() } }
                    );
                    await Post(
                        platform,
                        office,
                        "benefits/match",
                        new
                        {
                            profile = new
                            {
                                kind = "person",
                                household = Name(),
                                staff = wrong ? (object)Name() : 1,
                            },
                        }
                    );
                    await ByGrpc(platform, consultation, office, wrong);
                }
                // What is sent beside the body, and what is no body at all.
                await Get(platform, $"comments/{Secret()}", request => request.Headers.Add("User-Agent", Secret()));
                await Get(platform, $"hearings/{hearing}/applications/1?receipt={Secret()}", _ => { });
                await Get(platform, "documents", request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Secret()}"));
                await Get(platform, "library", request => request.Headers.TryAddWithoutValidation("Cookie", $"session={Secret()}"));
                // Ten wrong ones a minute are taken from one address, and this test needs tokens itself.
                if (round < 8)
                {
                    using var form = new FormUrlEncodedContent([
                        new("grant_type", "client_credentials"),
                        new("client_id", "hotline"),
                        new("client_secret", Secret()),
                    ]);
                    (await platform.Api.PostAsync("/connect/token", form, TestContext.Current.CancellationToken)).Dispose();
                }
                using (var torn = new StringContent($"{{\"name\":\"{Name()}\",\"contact\":\"{Phone()}", Encoding.UTF8, "application/json"))
                    (
                        await platform.Api.PostAsync(
                            $"/api/v1/consultations/{consultation}/comments",
                            torn,
                            TestContext.Current.CancellationToken
                        )
                    ).Dispose();
                // And in the middle of it the database goes away.
                if (round % 3 == 2)
                    await platform.Query(
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and application_name <> 'test'"
                    );
            }
            Assert.True(planted.Count >= 500, $"{planted.Count} are not enough.");
            await OfficeWork.NothingWaits(platform);
            await Calls.Eventually<bool>(() => Task.FromResult<bool?>(operators.Bodies.Count > 20 ? true : null));

            var sought = SearchValues.Create(
                [.. planted, .. planted.Select(p => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(p)))],
                StringComparison.OrdinalIgnoreCase
            );
            var found = new List<string>();
            // Rows, events and messages, as a dump of the database has them.
            foreach (
                var table in await platform.Query(
                    "select format('%I.%I', table_schema, table_name) from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
                )
            )
            foreach (var row in await platform.Query($"select t::text from {table} t"))
                Look($"table {table}", row);
            // What is told to those who watch.
            foreach (var body in operators.Bodies)
                Look("telemetry", Encoding.UTF8.GetString(body));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(data, "logs")))
            foreach (var line in await Lines(file))
                Look(Path.GetFileName(file), line);
            foreach (var line in platform.Output.Split('\n'))
                Look("what the apphost says", line);
            Assert.Equal([], found.Distinct().Take(20));
            // The search itself finds what is there.
            Assert.True($"x{planted.First()}x".AsSpan().ContainsAny(sought));

            void Look(string where, string text)
            {
                if (text.AsSpan().IndexOfAny(sought) is >= 0 and var at)
                    found.Add($"{where}: …{text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 60)]}…");
            }
        }
        Directory.Delete(data, recursive: true);
    }

    // Different each time, and nowhere else.
    string Plant(string value)
    {
        planted.Add(value);
        return value;
    }

    string Next() => $"{Interlocked.Increment(ref count):D4}{Guid.NewGuid():N}";

    string Name() => Plant($"张某{Next()}");

    string Secret() => Plant($"geheim{Next()}");

    string Address() => Plant($"云泽大街{Next()}号");

    string Host() => Plant($"{Next()}.receiver.test");

    string Phone() => Plant($"1391{Random.Shared.Next(1_000_000, 10_000_000)}");

    // GB 11643: with its check digit, since whoever leaves numbers out looks for that.
    string IdNumber()
    {
        var digits =
            $"370114{Random.Shared.Next(1950, 2010)}{Random.Shared.Next(1, 13):D2}{Random.Shared.Next(1, 29):D2}{Random.Shared.Next(0, 1000):D3}";
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return Plant(digits + "10X98765432"[digits.Zip(weights, (d, w) => (d - '0') * w).Sum() % 11]);
    }

    static Task Post(RunningPlatform platform, string token, string path, object body) =>
        Send(platform, HttpMethod.Post, token, path, body);

    static async Task Send(RunningPlatform platform, HttpMethod method, string token, string path, object body)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}")
        {
            Content = JsonContent.Create(body),
            Headers = { Authorization = new("Bearer", token) },
        };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var answer = await platform.Api.SendAsync(request, TestContext.Current.CancellationToken);
    }

    static async Task Get(RunningPlatform platform, string path, Action<HttpRequestMessage> with)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{path}");
        with(request);
        using var answer = await platform.Api.SendAsync(request, TestContext.Current.CancellationToken);
    }

    async Task ByGrpc(RunningPlatform platform, string consultation, string token, bool wrong)
    {
        using var channel = GrpcChannel.ForAddress($"http://localhost:{platform.Port + 1}");
        try
        {
            await new Contracts.Consultation.V1.Consultation.ConsultationClient(channel).SubmitCommentAsync(
                new()
                {
                    Id = wrong ? Name() : consultation,
                    Position = Position.Support,
                    Text = $"电话{Phone()}。",
                    Name = Name(),
                    Contact = Phone(),
                },
                new Metadata { { "authorization", $"Bearer {token}" } },
                cancellationToken: TestContext.Current.CancellationToken
            );
        }
        catch (RpcException)
        {
            // Refused, or the database was away.
        }
    }

    static JsonElement[] Items(JsonElement answer) => [.. answer.GetProperty("items").EnumerateArray()];

    static async Task<IReadOnlyList<string>> Lines(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
    }
}
