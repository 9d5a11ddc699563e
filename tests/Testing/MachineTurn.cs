using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>
/// The turn of a test program on this machine. Each starts databases and services of its own; beside each other on few cores, a service
/// that is killed in a test
/// would take minutes to come back. Held through a file, so that it ends with the process.
/// </summary>
public sealed class MachineTurn : IAsyncLifetime
{
    static readonly string File = Path.Combine(Path.GetTempPath(), $"policyplatform-tests-{Environment.UserName}.turn");
    FileStream? turn;

    public async ValueTask InitializeAsync()
    {
        while (turn is null)
        {
            try
            {
                turn = new(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), TestContext.Current.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (turn is not null)
            await turn.DisposeAsync();
    }
}
