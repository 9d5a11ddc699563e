namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>What a document can lack.</summary>
public enum MissingElement
{
    /// <summary>发文字号.</summary>
    DocumentNumber,

    /// <summary>主题分类.</summary>
    Subject,

    /// <summary>成文日期.</summary>
    WrittenOn,

    /// <summary>有效期至, of a 行政规范性文件.</summary>
    ExpiresOn,

    /// <summary>The text has no title of its own.</summary>
    TitleInText,
}
