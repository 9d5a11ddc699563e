namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>The fields of a document in the index. Whoever changes what one holds counts <see cref="Version"/> up.</summary>
static class Fields
{
    /// <summary>An index that another version wrote is made anew.</summary>
    public const string Version = "1";

    /// <summary>The document's id.</summary>
    public const string Id = "id";

    /// <summary>标题, folded, as one word.</summary>
    public const string WholeTitle = "wholeTitle";

    /// <summary>标题 as other texts cite it.</summary>
    public const string CitedTitle = "citedTitle";

    /// <summary>The end of 发文字号 as other texts cite it.</summary>
    public const string CitedNumber = "citedNumber";

    /// <summary>标题.</summary>
    public const string Title = "title";

    /// <summary>发文字号 and 索引号.</summary>
    public const string Number = "number";

    /// <summary>标题 in the first zone, the headings of the text and the names of the files that go with it in the second.</summary>
    public const string Heads = "heads";

    /// <summary>The blocks of the text.</summary>
    public const string Text = "text";

    /// <summary>The <see cref="ListedDocument"/>.</summary>
    public const string Listed = "listed";

    /// <summary>The <see cref="LibraryEntry"/>.</summary>
    public const string Entry = "entry";

    /// <summary>The blocks and the names of the files, as they are shown.</summary>
    public const string Shown = "shown";
}
