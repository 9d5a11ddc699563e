namespace PolicyPlatform.Consultation;

/// <summary>
/// What happened and the public sees nothing of, such as a reminder: it stands in the stream and counts for the version that writes are held
/// against. The version that the public reads, an ETag of theirs and a <c>SEQUENCE</c> count what is seen alone.
/// </summary>
public interface IUnseen;

/// <summary>A state that everybody reads, though not everything that happens to it.</summary>
public interface IPublicState
{
    /// <summary>How many events there are.</summary>
    long Version { get; }

    /// <summary>How many of them everybody sees something of.</summary>
    long PublicVersion { get; }
}

/// <summary>Versions as callers know them.</summary>
static class PublicVersions
{
    /// <summary>The version that a caller writes against, and without a view from within that of what everybody sees.</summary>
    public static long VersionFor(this IPublicState state, bool inside) => inside ? state.Version : state.PublicVersion;
}
