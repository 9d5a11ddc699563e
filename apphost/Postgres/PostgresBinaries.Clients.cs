using System.Globalization;

namespace PolicyPlatform.AppHost.Postgres;

public sealed partial record PostgresBinaries
{
    /// <summary>Finds an installed program of PostgreSQL that suits a server: as old as it at most. Null when there is none.</summary>
    /// <param name="program">pg_dump for example.</param>
    /// <param name="server">The major version of the server.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<string?> Client(string program, int server, CancellationToken cancellation)
    {
        foreach (var folder in UsualFolders())
            if (
                new PostgresBinaries(folder, 0)[program] is var path
                && File.Exists(path)
                && await UnprivilegedUser.Run(path, ["--version"], cancellation) is { IsSuccess: true } said
                && Version().Match(said.StandardOutput) is { Success: true } version
                && int.Parse(version.Groups[1].ValueSpan, CultureInfo.InvariantCulture) >= server
            )
                return path;
        return null;
    }
}
