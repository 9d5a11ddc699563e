using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>Between gateway and services many calls share a connection: what becomes of one is no matter of the others.</summary>
[Collection(SampledPlatform.Shared)]
public sealed class when_calls_share_connections(SampledPlatform sampled)
{
    // More than share one connection.
    const int Many = 120;

    RunningPlatform Platform => sampled.Platform;

    [Theory, InlineData(20, 200), InlineData(300_000, 50), InlineData(3_000_000, 6)]
    public async Task who_is_refused_before_all_of_it_is_read_hears_so(int characters, int times)
    {
        var token = await Platform.Token("drafting-housing");
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 })
        {
            BaseAddress = Platform.Api.BaseAddress,
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        for (var n = 0; n < times; n++)
        {
            using var answer = await client.PostAsJsonAsync(
                new Uri($"/api/v1/documents/{Guid.NewGuid()}/take-down", UriKind.Relative),
                new { reason = new string('x', characters) },
                TestContext.Current.CancellationToken
            );
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task those_who_send_or_read_no_further_hold_up_nobody()
    {
        var token = await Platform.Token("drafting-housing");
        var text = string.Join('\n', Enumerable.Range(1, 8000).Select(n => $"第{n}条 {string.Concat(Enumerable.Repeat("供热", 40))}。"));
        var created = await Platform.Post(token, "documents", new { title = "很长的办法", text });
        var path = $"documents/{created.GetProperty("id").GetGuid()}";
        var halted = new List<Socket>();
        try
        {
            var sent = new byte[900_000];
            Array.Fill(sent, (byte)'a');
            for (var n = 0; n < Many; n++)
            {
                halted.Add(
                    await Begin("POST /api/v1/documents HTTP/1.1", token, "Content-Type: application/json\r\nContent-Length: 5000000\r\n")
                );
                // As much of it as is taken.
                halted[^1].Blocking = false;
                halted[^1].Send(sent, 0, sent.Length, SocketFlags.None, out _);
                halted.Add(await Begin($"GET /api/v1/{path}/revisions/1 HTTP/1.1", token, ""));
            }
            for (var n = 0; n < 5; n++)
            {
                Assert.Equal(created.GetProperty("id").GetGuid(), (await Platform.Get(token, path)).GetProperty("id").GetGuid());
                Assert.Equal(8000, (await Platform.Get(token, $"{path}/revisions/1")).GetProperty("blocks").GetArrayLength());
                await Platform.Post(token, "documents", new { title = $"办法{n}", text = "第一条 甲。" });
            }
        }
        finally
        {
            foreach (var socket in halted)
                socket.Dispose();
        }
    }

    async Task<Socket> Begin(string request, string token, string headers)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, Platform.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"{request}\r\nHost: localhost:{Platform.Port}\r\nAuthorization: Bearer {token}\r\n{headers}\r\n"),
            TestContext.Current.CancellationToken
        );
        return socket;
    }
}
