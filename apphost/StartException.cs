namespace PolicyPlatform.AppHost;

/// <summary>Why the platform cannot start, as one sentence that tells a person what to do.</summary>
public sealed class StartException(string sentence) : Exception(sentence);
