using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PolicyPlatform.Benchmarks;

/// <summary>
/// A connection that reads answers no further than it has to to know where they end: the load shares the machine with what it measures, and
/// a whole HTTP client costs as much as a read.
/// </summary>
sealed class PlainConnection(Uri address, string? token) : IDisposable
{
    static readonly byte[] HeadersEnd = "\r\n\r\n"u8.ToArray(),
        LastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    readonly byte[] buffer = new byte[256 * 1024];
    readonly string headers = string.Create(
        CultureInfo.InvariantCulture,
        $" HTTP/1.1\r\nHost: {address.Authority}\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}\r\n"
    );
    Socket? socket;

    /// <summary>Asks for a path below /api/v1; what went wrong, null when nothing did.</summary>
    public async Task<string?> Get(string path)
    {
        try
        {
            if (socket is null)
            {
                socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(address.Host, address.Port);
            }
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/{path}{headers}"));
            var status = await Read(socket);
            return status is >= 200 and < 300 ? null : status.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Dispose();
            return e.Message;
        }
    }

    async Task<int> Read(Socket from)
    {
        int length = 0,
            body = -1;
        long left = -1;
        while (true)
        {
            var read = await from.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                throw new IOException("The connection was closed.");
            length += read;
            if (body < 0)
            {
                var end = buffer.AsSpan(0, length).IndexOf(HeadersEnd);
                if (end < 0)
                    continue;
                body = end + HeadersEnd.Length;
                left = ContentLength(buffer.AsSpan(0, end));
            }
            // Without a length it comes in chunks, of which an empty one is the last.
            if (left >= 0 ? length - body >= left : buffer.AsSpan(body - 2, length - body + 2).EndsWith(LastChunk))
                return int.Parse(buffer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
            if (length == buffer.Length)
            {
                // Of a long answer the end is kept, where it says that it ends.
                buffer.AsSpan(length - LastChunk.Length).CopyTo(buffer.AsSpan(body));
                left -= left < 0 ? 0 : length - body - LastChunk.Length;
                length = body + LastChunk.Length;
            }
        }
    }

    static long ContentLength(ReadOnlySpan<byte> headers)
    {
        var at = headers.IndexOf("\r\nContent-Length: "u8);
        if (at < 0)
            return -1;
        var value = headers[(at + "\r\nContent-Length: ".Length)..];
        var end = value.IndexOf((byte)'\r');
        return long.Parse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }
}
