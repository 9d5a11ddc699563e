namespace PolicyPlatform.Documents;

/// <summary>What a clean-up (清理) comes to for a document (R 37). Stored in events: values are added, never renamed.</summary>
public enum CleanUpOutcome
{
    /// <summary>继续有效.</summary>
    Keep,

    /// <summary>修改: its drafting department prepares an amendment.</summary>
    Amend,

    /// <summary>废止.</summary>
    Repeal,

    /// <summary>宣布失效.</summary>
    DeclareExpired,
}
