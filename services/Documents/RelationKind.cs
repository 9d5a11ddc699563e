namespace PolicyPlatform.Documents;

/// <summary>What one document does to another. Stored in events: values are added, never renamed.</summary>
public enum RelationKind
{
    /// <summary>修改.</summary>
    Amends,

    /// <summary>废止.</summary>
    Repeals,

    /// <summary>替代.</summary>
    Supersedes,

    /// <summary>贯彻落实.</summary>
    Implements,

    /// <summary>依据.</summary>
    BasedOn,

    /// <summary>相关.</summary>
    RelatesTo,
}
