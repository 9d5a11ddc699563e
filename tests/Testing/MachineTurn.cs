using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>
/// The turn of a test program on this machine. Those whose services run within them go two at a time. Those that start whole platforms have
/// the machine for themselves: beside another on few cores, a service that is killed in a test would take minutes to come back. Held through
/// files, so that it ends with the process.
/// </summary>
public class MachineTurn : IAsyncLifetime
{
    static readonly string[] Files =
    [
        .. new[] { "one", "other" }.Select(half =>
            Path.Combine(Path.GetTempPath(), $"policyplatform-tests-{Environment.UserName}.{half}.turn")
        ),
    ];

    readonly int needed;
    FileStream[] held = [];

    /// <summary>Half of the machine.</summary>
    public MachineTurn()
        : this(needed: 1) { }

    private protected MachineTurn(int needed) => this.needed = needed;

    public async ValueTask InitializeAsync()
    {
        while (true)
        {
            held = [.. Files.Select(Take).OfType<FileStream>().Take(needed)];
            if (held.Length == needed)
                return;
            await DisposeAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(250), TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var half in held)
            await half.DisposeAsync();
        held = [];
        GC.SuppressFinalize(this);
    }

    static FileStream? Take(string file)
    {
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>The turn of a test program that needs the whole machine.</summary>
public sealed class WholeMachineTurn() : MachineTurn(needed: 2);
