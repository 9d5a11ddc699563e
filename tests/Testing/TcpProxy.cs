using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using PolicyPlatform.AppHost.Processes;

namespace PolicyPlatform.Testing;

/// <summary>How a network is.</summary>
public enum NetworkState
{
    /// <summary>As it should be.</summary>
    Whole,

    /// <summary>Everything arrives, late.</summary>
    Slow,

    /// <summary>Connections end, and no new one comes about.</summary>
    Cut,

    /// <summary>Connections stay and new ones come about, but nothing arrives any more until the network is whole again.</summary>
    HalfOpen,
}

/// <summary>A network between two processes of this machine: what is sent to its port goes to another one, as its state lets it.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    static readonly TimeSpan Late = TimeSpan.FromMilliseconds(80);

    readonly TcpListener listener;
    readonly int target;
    readonly CancellationTokenSource over = new();
    readonly ConcurrentDictionary<Socket, bool> open = new();
    readonly Task serving;
    volatile TaskCompletionSource whole = Opened();
    volatile NetworkState state;

    TcpProxy(int target)
    {
        this.target = target;
        Port = FreePort.Next();
        listener = new(IPAddress.Loopback, Port);
        listener.Start();
        serving = Serve();
    }

    /// <summary>The port that leads to the other one.</summary>
    public int Port { get; }

    /// <summary>Starts one to a port of this machine.</summary>
    public static TcpProxy To(int port) => new(port);

    /// <summary>How it is.</summary>
    public NetworkState State
    {
        get => state;
        set
        {
            state = value;
            if (value is NetworkState.HalfOpen)
                whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
            else
                whole.TrySetResult();
            if (value is NetworkState.Cut)
                foreach (var socket in open.Keys)
                    Reset(socket);
        }
    }

    static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    async Task Serve()
    {
        try
        {
            while (true)
                _ = Connect(await listener.AcceptSocketAsync(over.Token));
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    async Task Connect(Socket near)
    {
        if (state is NetworkState.Cut)
        {
            Reset(near);
            return;
        }
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        open[near] = open[far] = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, target, over.Token);
            await Task.WhenAll(Pass(near, far), Pass(far, near));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is gone, and with it the other.
            Reset(near);
        }
        finally
        {
            open.TryRemove(near, out _);
            open.TryRemove(far, out _);
            near.Dispose();
            far.Dispose();
        }
    }

    async Task Pass(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(buffer, over.Token)) > 0)
        {
            await whole.Task.WaitAsync(over.Token);
            if (state is NetworkState.Slow)
                await Task.Delay(Late, over.Token);
            for (var sent = 0; sent < read; )
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), over.Token);
        }
        await whole.Task.WaitAsync(over.Token);
        to.Shutdown(SocketShutdown.Send);
    }

    // Without a farewell, as a network ends that was cut.
    static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was faster.
        }
        socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await serving;
        foreach (var socket in open.Keys)
            Reset(socket);
        over.Dispose();
    }
}
