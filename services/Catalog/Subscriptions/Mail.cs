using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>
/// Sends e-mail through the SMTP server of <c>Mail:Host</c>, <c>:Port</c>, <c>:Security</c> (none, startTls or tls), <c>:User</c>,
/// <c>:Password</c> and <c>:From</c>.
/// </summary>
public sealed class Mail(IConfiguration settings)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// An address as its mailbox is known by, in small letters; null for what is none, or says more than where it is: a name, a comment, a
    /// route.
    /// </summary>
    public static string? Mailbox(string typed)
    {
        var address = typed.Trim();
        if (
            !MailboxAddress.TryParse(address, out var parsed)
            || parsed.Address != address
            || address.Contains('"', StringComparison.Ordinal)
            || address.Split('@') is not [{ Length: > 0 } local, { Length: > 0 } host]
        )
            return null;
        try
        {
            return $"{local}@{Names.GetAscii(host)}".ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static readonly System.Globalization.IdnMapping Names = new();

    /// <summary>Whether there is a server to send through.</summary>
    public bool IsThere => settings["Mail:Host"] is { Length: > 0 };

    /// <summary>Sends; null when the server took it, else why not.</summary>
    /// <param name="to">The address.</param>
    /// <param name="subject">The subject line.</param>
    /// <param name="text">The text.</param>
    /// <param name="id">Makes the message known when it is sent again.</param>
    /// <param name="unsubscribe">The link that ends the subscription (RFC 8058); null for a message that has none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<string?> Send(string to, string subject, string text, string id, string? unsubscribe, CancellationToken cancellation)
    {
        if (settings["Mail:Host"] is not { Length: > 0 } host)
            return "No mail server is set.";
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(settings["Mail:From"] ?? "policyplatform@localhost"));
        message.To.Add(MailboxAddress.Parse(to));
        message.Subject = subject;
        message.MessageId = $"{id.Replace('/', '.')}@policyplatform";
        if (unsubscribe is not null)
        {
            message.Headers.Add("List-Unsubscribe", $"<{unsubscribe}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        message.Body = new TextPart("plain") { Text = text };
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            var security = settings["Mail:Security"] switch
            {
                "none" => SecureSocketOptions.None,
                "tls" => SecureSocketOptions.SslOnConnect,
                _ => SecureSocketOptions.StartTls,
            };
            await client.ConnectAsync(host, settings.GetValue("Mail:Port", 587), security, cancellation);
            if (settings["Mail:User"] is { Length: > 0 } user)
                await client.AuthenticateAsync(user, settings["Mail:Password"] ?? "", cancellation);
            await client.SendAsync(message, cancellation);
            await client.DisconnectAsync(true, cancellation);
            return null;
        }
        catch (Exception e)
            when (e
                    is ProtocolException
                        or CommandException
                        or ServiceNotConnectedException
                        or AuthenticationException
                        or IOException
                        or System.Net.Sockets.SocketException
                        or TimeoutException
                        or SslHandshakeException
            )
        {
            return $"The mail server did not take it: {e.Message}";
        }
    }
}
