using JasperFx.Events.Projections;
using Marten;
using Marten.Schema;
using PolicyPlatform.Documents.CleanUp;
using PolicyPlatform.Documents.Exchange;
using PolicyPlatform.Documents.Integrity;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace PolicyPlatform.Documents;

/// <summary>What Documents keeps: the streams of documents, and what is made of them in the same transaction.</summary>
static class DocumentsStore
{
    /// <summary>Where the serials of 索引号 come from. A serial can be left out, never given twice.</summary>
    internal const string IndexNumberSequence = "documents.index_number";

    /// <summary>The versions of what is made of events. Whoever changes what one makes counts its version up.</summary>
    internal static readonly (string Name, int Version)[] Made =
    [
        (nameof(PolicyDocument), 7),
        (nameof(HistoryProjection), 7),
        (nameof(LibraryProjection), 3),
        (nameof(LibraryChangesProjection), 1),
        (nameof(RelationsProjection), 1),
        (nameof(CleanUpCampaign), 3),
    ];

    internal static void Configure(StoreOptions options)
    {
        options.Keep<PolicyDocument, Guid>();
        options.Projections.Add<LibraryProjection>(ProjectionLifecycle.Inline);
        options.Projections.Add<HistoryProjection>(ProjectionLifecycle.Inline);
        // What is indexed stands in columns of its own: reading it out of the JSON at each write costs more than the index.
        options.Schema.For<PolicyDocument>().Duplicate(d => d.ChangedAt).Duplicate(d => d.State);
        options.Projections.Add(new LibraryChangesProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new RelationsProjection(), ProjectionLifecycle.Inline);
        options.Schema.For<LibraryEntry>();
        options.Schema.For<RelationEntry>().Index(r => r.Source).Index(r => r.Target);
        options
            .Schema.For<HistoryEntry>()
            .UniqueIndex(UniqueIndexType.DuplicatedField, "history_version", e => e.DocumentId, e => e.Version)
            .UniqueIndex(UniqueIndexType.DuplicatedField, "history_text", e => e.DocumentId, e => e.TextRevision!)
            .Index(e => e.EmergencyReason!, index => index.Predicate = "(data ->> 'emergencyReason') is not null");
        options.Schema.For<TakenNumber>();
        options.Schema.For<ImportLine>().Index(l => l.ImportId).Index(l => l.Number);
        options.Schema.For<ImportOperation>();
        options.Schema.For<KeptCheckpoint>();
        options
            .Schema.For<CheckpointEntry>()
            .UniqueIndex(UniqueIndexType.DuplicatedField, "checkpoint_document", e => e.DocumentId, e => e.Number);
        options.Keep<CleanUpCampaign, Guid>();
        options.Schema.For<CleanUpCampaign>().Index(c => c.OpenedAt);
        options.Schema.For<ImportedDocument>();
        options.Storage.ExtendedSchemaObjects.Add(new Sequence(IndexNumberSequence));
        options.Storage.ExtendedSchemaObjects.Add(LibraryChanges());
        options.Storage.ExtendedSchemaObjects.Add(CheckpointNodes());
        options.KeepFiles();
    }

    static Table CheckpointNodes()
    {
        var table = new Table(CheckpointTree.Table);
        table.AddColumn<int>("level").AsPrimaryKey();
        table.AddColumn<int>("place").AsPrimaryKey();
        table.AddColumn<int>("number").AsPrimaryKey();
        table.AddColumn("hash", "bytea").NotNull();
        return table;
    }

    static Table LibraryChanges()
    {
        var table = new Table(LibraryChangesProjection.Table);
        table.AddColumn<Guid>("document_id").AsPrimaryKey();
        table.AddColumn("changed_in", "xid8").NotNull();
        table.Indexes.Add(new IndexDefinition("library_changes_changed_in") { Columns = ["changed_in"] });
        return table;
    }
}
