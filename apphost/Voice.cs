using System.Threading.Channels;

namespace PolicyPlatform.AppHost;

/// <summary>
/// What the apphost says on its console. Whoever reads there may be gone or stand still, and the file behind it may be full: nobody here
/// waits for it, and what cannot be said is counted.
/// </summary>
static class Voice
{
    const int MostWaiting = 500;
    static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    static readonly Channel<(TextWriter To, string Line)> Waiting = Channel.CreateBounded<(TextWriter, string)>(MostWaiting);
    static readonly Thread Speaker = Begin();
    static int unsaid;

    /// <summary>Tells of what happens.</summary>
    public static void Say(string line) => Put(Console.Out, $"  {line}");

    /// <summary>Says what is meant to be copied, as it is.</summary>
    public static void Show(string text) => Put(Console.Out, text);

    /// <summary>Says why it ends.</summary>
    public static void Complain(string line) => Put(Console.Error, line);

    /// <summary>Says what is still to be said, for a moment.</summary>
    public static void Finish()
    {
        Waiting.Writer.TryComplete();
        Speaker.Join(LastWords);
    }

    static void Put(TextWriter to, string line)
    {
        if (!Waiting.Writer.TryWrite((to, line)))
            Interlocked.Increment(ref unsaid);
    }

    static Thread Begin()
    {
        var speaker = new Thread(Speak) { IsBackground = true, Name = "voice" };
        speaker.Start();
        return speaker;
    }

    static void Speak()
    {
        while (Waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        while (Waiting.Reader.TryRead(out var next))
            try
            {
                if (Volatile.Read(ref unsaid) is > 0 and var lost)
                {
                    next.To.WriteLine($"  … {lost} lines could not be written here …");
                    Interlocked.Add(ref unsaid, -lost);
                }
                next.To.WriteLine(next.Line);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                Interlocked.Increment(ref unsaid);
            }
    }
}
