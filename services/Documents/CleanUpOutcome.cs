namespace PolicyPlatform.Documents;

/// <summary>What a clean-up (清理) comes to for a document (R 37). Stored in events: values are added, never renamed.</summary>
public enum CleanUpOutcome
{
    /// <summary>继续有效.</summary>
    Keep,

    /// <summary>修改: its leading issuer prepares an amendment; the draft of the decision is begun when the outcome is applied.</summary>
    Amend,

    /// <summary>废止.</summary>
    Repeal,

    /// <summary>宣布失效.</summary>
    DeclareExpired,
}
