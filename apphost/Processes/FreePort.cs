using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PolicyPlatform.AppHost.Processes;

/// <summary>Ports of the loopback interface.</summary>
public static class FreePort
{
    // Below what systems hand out for connections by themselves (Linux from 32768, others from 49152): a port that is taken for use in a
    // moment stays free until then.
    const int First = 15_000;
    const int Last = 32_000;

    // A locked file for each port, held for as long as this process lives: another platform that starts at the same time takes other ports.
    static readonly List<FileStream> Claims = [];
    static readonly string Folder = Path.Combine(Path.GetTempPath(), $"policyplatform-ports-{Environment.UserName}");

    /// <summary>Ports in a row that nobody listens on now, and that no other platform will take while this process lives.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The first of them.</returns>
    public static int Next(int count = 1)
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last - count);
            if (Enumerable.Range(port, count).All(p => Claim(p) && IsFree(p)))
                return port;
        }
    }

    /// <summary>Whether nobody listens on this port.</summary>
    public static bool IsFree(int port) =>
        IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port));

    static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException e)
        {
            // An interface without this kind of address has nobody listening on it.
            return e.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }

    static bool Claim(int port)
    {
        try
        {
            // Whoever cleans up temporary files may take the folder away at any time.
            Directory.CreateDirectory(Folder);
            var claim = new FileStream(
                Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture)),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
            lock (Claims)
                Claims.Add(claim);
            return true;
        }
        catch (IOException e)
        {
            // Where no file can be made, a port is as free as it looks.
            return e.HResult is not (LockedOnLinux or LockedOnMac or LockedOnWindows);
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    const int LockedOnLinux = 11,
        LockedOnMac = 35,
        LockedOnWindows = unchecked((int)0x80070020);
}
