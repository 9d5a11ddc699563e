using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>What a material should cover.</summary>
public enum Point
{
    /// <summary>背景依据.</summary>
    Background,

    /// <summary>目标任务.</summary>
    Goals,

    /// <summary>主要内容.</summary>
    MainContent,

    /// <summary>适用范围.</summary>
    Scope,

    /// <summary>执行标准.</summary>
    Standards,

    /// <summary>注意事项.</summary>
    Notes,

    /// <summary>关键词.</summary>
    Keywords,

    /// <summary>新旧差异.</summary>
    Differences,
}

/// <summary>What a material says.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Form">Its form.</param>
/// <param name="Text">Its text, as Markdown; HTML in it is shown as it is written.</param>
/// <param name="Videos">Links to videos, https only.</param>
/// <param name="Revision">The revision of the document that it was written for.</param>
/// <param name="Blocks">The blocks that it explains; none for the document as a whole.</param>
/// <param name="Covers">What it covers.</param>
public sealed record MaterialContent(
    string Title,
    Form Form,
    string Text,
    IReadOnlyList<string> Videos,
    int Revision,
    IReadOnlyList<string> Blocks,
    IReadOnlyList<Point> Covers
);

/// <summary>A file of a material.</summary>
/// <param name="Name">Its name as it was sent.</param>
/// <param name="MediaType">Its type as its bytes tell it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its bytes, in hexadecimal digits.</param>
public sealed record MaterialFile(string Name, string MediaType, long Bytes, string Sha256);

/// <summary>A material was drafted.</summary>
public sealed record MaterialDrafted(
    Guid MaterialId,
    Guid PlanId,
    Guid DocumentId,
    IReadOnlyList<string> Issuers,
    Phase Phase,
    MaterialContent Content,
    Actor By,
    DateTimeOffset At
) : IEventOf<InterpretationMaterial>;

/// <summary>A material was changed; the public goes on seeing what was signed last.</summary>
public sealed record MaterialRevised(MaterialContent Content, Actor By, DateTimeOffset At) : IEventOf<InterpretationMaterial>;

/// <summary>A file was attached.</summary>
public sealed record MaterialFileAttached(MaterialFile File, Actor By, DateTimeOffset At) : IEventOf<InterpretationMaterial>;

/// <summary>The published document has other issuers now: they were put right.</summary>
public sealed record MaterialFollowedDocument(IReadOnlyList<string> Issuers, Actor By, DateTimeOffset At)
    : IEventOf<InterpretationMaterial>;

/// <summary>A material was signed as it is.</summary>
public sealed record MaterialSigned(Actor By, DateTimeOffset At) : IEventOf<InterpretationMaterial>;

/// <summary>A signed material that waited for publication is worked on again.</summary>
public sealed record MaterialReopened(Actor By, DateTimeOffset At) : IEventOf<InterpretationMaterial>;

/// <summary>A signed material became public, with its document; before issuance with the consultation that is named.</summary>
public sealed record MaterialShown(Actor By, DateTimeOffset At, Guid? ConsultationId = null) : IEventOf<InterpretationMaterial>;

/// <summary>The document changed in what the material explains.</summary>
public sealed record MaterialOutdated(Outdating Because, Actor By, DateTimeOffset At) : IEventOf<InterpretationMaterial>;

/// <summary>Somebody looked at an outdated material and found that it still holds.</summary>
public sealed record MaterialUpheld(int Revision, string Note, Actor By, DateTimeOffset At) : IEventOf<InterpretationMaterial>;

/// <summary>
/// 解读材料: explains a document, or blocks of it. What the public sees is what was signed, from the moment at which its document is public;
/// before issuance, from the moment at which the revision that it explains is consulted on.
/// </summary>
public sealed record InterpretationMaterial : IState<InterpretationMaterial>
{
    /// <summary>The material's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Its plan.</summary>
    public Guid PlanId { get; init; }

    /// <summary>The document that it explains.</summary>
    public Guid DocumentId { get; init; }

    /// <summary>发文机关 of the document: who works on it.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>When in the document's life it explains.</summary>
    public Phase Phase { get; init; }

    /// <summary>What is being worked on.</summary>
    public MaterialContent Draft { get; init; } = null!;

    /// <summary>What was signed last; null while nothing is signed.</summary>
    public MaterialContent? Signed { get; init; }

    /// <summary>Whether it is signed as it is being worked on.</summary>
    public bool IsSignedAsIs { get; init; }

    /// <summary>Its files.</summary>
    public IReadOnlyList<MaterialFile> Files { get; init; } = [];

    /// <summary>How many of the files were there when it was signed.</summary>
    public int SignedFiles { get; init; }

    /// <summary>When it became public, as far as it was heard of, UTC.</summary>
    public DateTimeOffset? ShownAt { get; init; }

    /// <summary>The consultation that shows it, for a material before issuance; null while none has been heard of.</summary>
    public Guid? ConsultationId { get; init; }

    /// <summary>
    /// Whether it is signed and its publication has not been heard of: Documents knows whether it is public, before issuance Consultation.
    /// </summary>
    public bool Waits { get; init; }

    /// <summary>Why it no longer fits the document; null while it does.</summary>
    public Outdating? Outdated { get; init; }

    /// <summary>The revision for which somebody found that it still holds; 0 for none.</summary>
    public int HoldsFor { get; init; }

    /// <summary>When something last happened to it, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether it is outdated on a day.</summary>
    public bool IsOutdatedOn(DateOnly day) => Outdated?.From <= day;

    /// <summary>The state after one more event.</summary>
    public static InterpretationMaterial? Next(InterpretationMaterial? material, IEventOf<InterpretationMaterial> happened) =>
        (material, happened) switch
        {
            (null, MaterialDrafted e) => new()
            {
                Id = e.MaterialId,
                PlanId = e.PlanId,
                DocumentId = e.DocumentId,
                Issuers = e.Issuers,
                Phase = e.Phase,
                Draft = e.Content,
                ChangedAt = e.At,
            },
            ({ } m, MaterialRevised e) => m with { Draft = e.Content, IsSignedAsIs = false, ChangedAt = e.At },
            ({ } m, MaterialFileAttached e) => m.Files.Any(f => f.Sha256 == e.File.Sha256)
                ? m
                : m with
                {
                    Files = [.. m.Files, e.File],
                    IsSignedAsIs = false,
                    ChangedAt = e.At,
                },
            ({ } m, MaterialSigned e) => m with
            {
                Signed = m.Draft,
                IsSignedAsIs = true,
                SignedFiles = m.Files.Count,
                Waits = m.ShownAt is null,
                Outdated = m.Outdated?.ToRevision > m.Draft.Revision ? m.Outdated : null,
                ChangedAt = e.At,
            },
            ({ } m, MaterialReopened e) => m with { Signed = null, IsSignedAsIs = false, SignedFiles = 0, Waits = false, ChangedAt = e.At },
            ({ } m, MaterialShown e) => m with { ShownAt = e.At, ConsultationId = e.ConsultationId, Waits = false, ChangedAt = e.At },
            ({ } m, MaterialOutdated e) => m with { Outdated = e.Because, ChangedAt = e.At },
            ({ } m, MaterialFollowedDocument e) => m with { Issuers = e.Issuers },
            ({ } m, MaterialUpheld e) => m with { Outdated = null, HoldsFor = e.Revision, ChangedAt = e.At },
            _ => material,
        };
}
