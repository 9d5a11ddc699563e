using System.Reflection;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>The release that a process runs.</summary>
static class Release
{
    /// <summary>Its version, of the tag that it was built from, and after a <c>+</c> its commit: <c>0.1.0+4f1c…</c>.</summary>
    public static string Version { get; } =
        typeof(Release).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
