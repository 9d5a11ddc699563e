namespace PolicyPlatform.Testing;

/// <summary>The repository that the tests were built in.</summary>
public static class Repository
{
    /// <summary>Where it is.</summary>
    public static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "PolicyPlatform.sln")))
                folder = folder.Parent;
            return folder.FullName;
        }
    }
}
