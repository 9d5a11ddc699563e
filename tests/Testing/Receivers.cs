using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PolicyPlatform.Testing;

/// <summary>A system that receives webhooks on a port of this machine and answers as it is told.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    readonly WebApplication app;

    WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>What came, in the order in which it came.</summary>
    public ConcurrentQueue<(string Id, string Timestamp, string Signature, string ContentType, string Body)> Received { get; } = new();

    /// <summary>Hears each body as it comes.</summary>
    public Action<string>? Hear { get; set; }

    /// <summary>Answers; 204 unless it is set.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }

    public string Address =>
        $"{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/hook";

    /// <summary>Waits until it has heard of so many facts, however often of each.</summary>
    public Task HasHeard(int facts) =>
        Calls.Eventually<bool>(() => Task.FromResult<bool?>(Received.Select(r => r.Id).Distinct().Count() == facts ? true : null));

    public static async Task<WebhookReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.MapPost(
            "/hook",
            async http =>
            {
                using var reader = new StreamReader(http.Request.Body);
                var (headers, body) = (http.Request.Headers, await reader.ReadToEndAsync());
                receiver.Received.Enqueue(
                    (
                        headers["webhook-id"].ToString(),
                        headers["webhook-timestamp"].ToString(),
                        headers["webhook-signature"].ToString(),
                        http.Request.ContentType ?? "",
                        body
                    )
                );
                receiver.Hear?.Invoke(body);
                if (receiver.Answer is { } answer)
                    await answer(http);
                else
                    http.Response.StatusCode = 204;
            }
        );
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>The first event that fits, once it has come.</summary>
    public Task<JsonElement> Event(string type, Func<JsonElement, bool>? fits = null) =>
        Calls.Eventually<JsonElement>(() =>
        {
            foreach (var (_, _, _, _, body) in Received)
                if (
                    JsonDocument.Parse(body).RootElement is var e
                    && e.GetProperty("type").GetString() == $"policyplatform.{type}"
                    && fits?.Invoke(e.GetProperty("data")) is not false
                )
                    return Task.FromResult<JsonElement?>(e);
            return Task.FromResult<JsonElement?>(null);
        });

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}

/// <summary>An SMTP server on a port of this machine (RFC 5321), as far as a client without encryption needs it.</summary>
public sealed class MailServer : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource over = new();
    Task serving = Task.CompletedTask;

    /// <summary>The mails that it took.</summary>
    public ConcurrentQueue<(string To, string Content)> Mails { get; } = new();

    /// <summary>How many of the next mails it refuses with a passing error.</summary>
    public int Refuse { get; set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public MailServer Start()
    {
        listener.Start();
        serving = Serve();
        return this;
    }

    async Task Serve()
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                _ = Talk(await listener.AcceptTcpClientAsync(over.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    async Task Talk(TcpClient connection)
    {
        using var client = connection;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.test ESMTP");
        var to = "";
        while (await reader.ReadLineAsync(over.Token) is { } line)
        {
            var command = line.Split(' ', ':')[0].ToUpperInvariant();
            if (command == "RCPT")
                to = line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
            if (command == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var content = new StringBuilder();
                while (await reader.ReadLineAsync(over.Token) is { } text && text != ".")
                    content.AppendLine(text.StartsWith("..", StringComparison.Ordinal) ? text[1..] : text);
                if (Refuse > 0)
                {
                    Refuse--;
                    await writer.WriteLineAsync("451 try again later");
                    continue;
                }
                Mails.Enqueue((to, content.ToString()));
            }
            await writer.WriteLineAsync(
                command == "QUIT" ? "221 bye"
                : command == "EHLO" ? "250 mail.test"
                : "250 ok"
            );
            if (command == "QUIT")
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await serving;
        over.Dispose();
    }
}
