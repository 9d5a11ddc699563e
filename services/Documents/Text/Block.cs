using System.Text.Json.Serialization;

namespace PolicyPlatform.Documents.Text;

/// <summary>What a block of an official text is. Stored in events: values are added, never renamed.</summary>
public enum BlockKind
{
    /// <summary>标题, of the document or of a text that it encloses.</summary>
    Title,

    /// <summary>发文机关标志: the line above the document number that ends in 文件.</summary>
    Letterhead,

    /// <summary>发文字号 on a line of its own.</summary>
    DocumentNumber,

    /// <summary>主送机关: whom a notice is addressed to.</summary>
    Addressee,

    /// <summary>编.</summary>
    Part,

    /// <summary>章.</summary>
    Chapter,

    /// <summary>节.</summary>
    Section,

    /// <summary>条.</summary>
    Article,

    /// <summary>款, and any other unnumbered paragraph.</summary>
    Paragraph,

    /// <summary>项: (一) within an article, 1. within a notice.</summary>
    Item,

    /// <summary>目: 1. within an article, (1) within a notice.</summary>
    SubItem,

    /// <summary>一、 of a notice, and headings without a number.</summary>
    Heading,

    /// <summary>(一) of a notice.</summary>
    Clause,

    /// <summary>附件.</summary>
    Attachment,

    /// <summary>落款: who signed, and the date.</summary>
    Signature,

    /// <summary>附注 in brackets, and the lines that tell when a regulation was promulgated and revised.</summary>
    Note,

    /// <summary>抄送.</summary>
    Copies,

    /// <summary>印发机关和印发日期.</summary>
    IssuingLine,

    /// <summary>份号, 密级, 紧急程度, 签发人: what stands above the letterhead.</summary>
    Marking,

    /// <summary>目录, and what it lists.</summary>
    Contents,

    /// <summary>A table: its text has a line a row, the cells divided by tabs.</summary>
    Table,
}

/// <summary>What a body has to do with a task.</summary>
public enum ResponsibleRole
{
    /// <summary>牵头: it leads.</summary>
    Lead,

    /// <summary>责任, 负责: it does it.</summary>
    Responsible,

    /// <summary>配合, 协办: it helps.</summary>
    Supporting,
}

/// <summary>责任单位: bodies and their part in a task.</summary>
/// <param name="Role">What they do.</param>
/// <param name="Bodies">Their names as the text has them.</param>
public sealed record Responsible(ResponsibleRole Role, IReadOnlyList<string> Bodies);

/// <summary>The addressable unit of a text.</summary>
/// <param name="Id">Stays the same across the revisions of a document: <c>b17</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ParentId">The block that it belongs to; null at the top.</param>
/// <param name="Label">第八条, (一), 1.; null for an unnumbered block.</param>
/// <param name="Text">The whole text of the block, its label included. A title can span lines.</param>
/// <param name="ResponsibleBodies">责任单位 named at the end of the block, whatever their part; null when none are.</param>
/// <param name="Responsible">The same with their parts, 牵头, 责任, 配合; null when none are named.</param>
/// <param name="TimeLimit">完成时限 named beside them, as it is written; null for none.</param>
public sealed record Block(
    string Id,
    BlockKind Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ParentId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? ResponsibleBodies = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Responsible>? Responsible = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TimeLimit = null
)
{
    /// <summary>The rows of a table with their cells, empty ones too; null for anything else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<string>>? Rows =>
        Kind is BlockKind.Table ? [.. Text.Split('\n').Select(row => row.Split('\t'))] : null;

    /// <summary>The text without its label: what is compared when an article was only renumbered.</summary>
    [JsonIgnore]
    public string Body => Label is null ? Text : Text[Label.Length..].TrimStart();
}
