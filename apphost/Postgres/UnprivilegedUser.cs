using CliWrap;
using CliWrap.Buffered;

namespace PolicyPlatform.AppHost.Postgres;

/// <summary>
/// Whom PostgreSQL runs as. It refuses to run as root, so root hands it to another user: <c>postgres</c> where the system has one,
/// <c>policyplatform</c> otherwise, which is created. Everybody else runs it as themselves.
/// </summary>
public sealed class UnprivilegedUser
{
    readonly string? name;

    UnprivilegedUser(string? name) => this.name = name;

    /// <summary>Finds the user, or creates one.</summary>
    /// <exception cref="StartException">The system offers no way to run a program as another user.</exception>
    public static async Task<UnprivilegedUser> Find(CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows() || Environment.UserName != "root")
            return new(null);
        if (Tool("setpriv") is null && Tool("runuser") is null)
            throw new StartException(
                "PostgreSQL refuses to run as root, and neither setpriv nor runuser (package util-linux) is installed to run it as another user: start the platform as an ordinary user."
            );
        foreach (var candidate in new[] { "postgres", "policyplatform" })
            if ((await Run("id", ["-u", candidate], cancellation)).IsSuccess)
                return new(candidate);
        var created = await Run(
            "useradd",
            ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "policyplatform"],
            cancellation
        );
        return created.IsSuccess
            ? new("policyplatform")
            : throw new StartException(
                $"PostgreSQL refuses to run as root, and no user could be created for it ({created.StandardError.Trim()}): start the platform as an ordinary user."
            );
    }

    /// <summary>
    /// The command line that runs a program as this user, in a session of its own so that Ctrl-C reaches the apphost alone.
    /// </summary>
    public (string File, string[] Arguments) CommandLine(string file, params string[] arguments)
    {
        string[] command = [file, .. arguments];
        if (name is not null)
            command = Tool("setpriv") is { } setpriv
                ? [setpriv, $"--reuid={name}", $"--regid={name}", "--clear-groups", "--", .. command]
                : [Tool("runuser")!, "-u", name, "--", .. command];
        if (Tool("setsid") is { } setsid)
            command = [setsid, .. command];
        return (command[0], command[1..]);
    }

    /// <summary>Runs a program as this user and waits for it.</summary>
    public Task<BufferedCommandResult> RunAs(string file, string[] arguments, CancellationToken cancellation)
    {
        var (command, all) = CommandLine(file, arguments);
        return Run(command, all, cancellation);
    }

    /// <summary>Gives a file or a folder to this user.</summary>
    public async Task Own(string path, CancellationToken cancellation)
    {
        if (name is not null)
            await Run("chown", ["-R", name, path], cancellation);
    }

    /// <summary>Whether this user can reach a folder.</summary>
    public async Task<bool> Reaches(string folder, CancellationToken cancellation) =>
        name is null || (await RunAs("test", ["-x", folder], cancellation)).IsSuccess;

    /// <inheritdoc/>
    public override string ToString() => name ?? Environment.UserName;

    internal static Task<BufferedCommandResult> Run(string file, string[] arguments, CancellationToken cancellation) =>
        // The working folder of the caller can be one that the other user may not enter.
        Cli.Wrap(file)
            .WithArguments(arguments)
            .WithWorkingDirectory(Path.GetTempPath())
            .WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(environment => environment.Set("LC_ALL", "C"))
            .ExecuteBufferedAsync(cancellation);

    static string? Tool(string tool) =>
        new[] { "/usr/bin", "/bin", "/usr/sbin", "/sbin" }.Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
}
