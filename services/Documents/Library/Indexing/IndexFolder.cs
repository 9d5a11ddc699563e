using System.Globalization;
using Lucene.Net.Index;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Microsoft.Extensions.Caching.Memory;
using Directory = Lucene.Net.Store.Directory;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>
/// The files of one process's index. They hold nothing that the database does not hold: where they are of another version or broken, they
/// are made anew. Many may put documents in at once.
/// </summary>
sealed class IndexFolder : IDisposable
{
    const string VersionKey = "version";

    const int MostProcesses = 64;

    // Of what the fields hold, and of what the library's entries are made.
    static readonly string Version = $"{Fields.Version}/{DocumentsStore.Made.Single(m => m.Name == nameof(LibraryProjection)).Version}";

    // Words, where they stand, and in which documents.
    static readonly HashSet<string> Searched = ["tim", "tip", "doc", "pos"];

    // In bytes: what was shown last is likely to be shown again.
    const int MostRead = 96 * 1024 * 1024;

    readonly Directory directory;
    readonly IndexWriter writer;
    readonly MemoryCache read = new(new MemoryCacheOptions { SizeLimit = MostRead });
    readonly string? temporary;
    readonly FileStream? claim;

    IndexFolder(Directory directory, string? temporary, FileStream? claim = null)
    {
        this.directory = directory;
        this.claim = claim;
        this.temporary = temporary;
        var config = new IndexWriterConfig(LuceneVersion.LUCENE_48, null)
        {
            Similarity = new Closeness(),
            RAMBufferSizeMB = 32,
            // One file for all would be mapped as a whole, or not at all.
            UseCompoundFile = false,
            MergePolicy = new TieredMergePolicy
            {
                NoCFSRatio = 0,
                SegmentsPerTier = 5,
                MaxMergeAtOnce = 5,
            },
            // What a new part lists is read before anybody waits for it.
            MergedSegmentWarmer = new Warmer(),
            // What broke must not be written again as if it were whole.
            CheckIntegrityAtMerge = true,
        };
        writer = new(directory, config);
        writer.SetCommitData(new Dictionary<string, string> { [VersionKey] = Version });
    }

    /// <summary>An index in memory, for tests.</summary>
    public static IndexFolder InMemory() => new(new RAMDirectory(), null);

    /// <summary>Opens the index of a folder, or makes a new one there.</summary>
    /// <param name="path">The folder; null for one that is gone when it is closed. Of several processes that are given the same one each
    /// has its own beneath it.</param>
    /// <param name="isDoubted">Whether all of it is looked through first; otherwise <see cref="LibraryIndex.LookThrough"/> is for later.</param>
    /// <param name="logger">Is told what is made anew, and why.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IndexFolder Open(string? path, bool isDoubted, ILogger logger)
    {
        if (path is null)
        {
            var temporary = System.IO.Directory.CreateTempSubdirectory("policyplatform-index-").FullName;
            return new(Files(temporary), temporary);
        }
        for (var n = 0; n < MostProcesses; n++)
        {
            var name = Path.Combine(path, n.ToString(CultureInfo.InvariantCulture));
            if (Claim(path, name) is not { } claim)
                continue;
            var directory = Files(name);
            try
            {
                return Open(directory, claim, isDoubted, logger);
            }
            catch (Exception e)
            {
                directory.Dispose();
                claim.Dispose();
                // A process of a release that claims nothing has it.
                if (e is not LockObtainFailedException)
                    throw;
                // Not another process, but a folder that cannot be written.
                if (e.InnerException is { } reason)
                    throw new IOException(
                        $"{IndexedLibrary.FolderSetting} names {path}, which cannot be written: {reason.Message}",
                        reason
                    );
            }
        }
        throw new IOException($"{IndexedLibrary.FolderSetting} names {path}, which {MostProcesses} processes use already.");
    }

    // Lucene's own lock is a file that goes when it is given back: of two processes that start at once one locks the file that the other has
    // just taken away, and both write. This file stays, and its lock goes with the process.
    static FileStream? Claim(string path, string name)
    {
        try
        {
            System.IO.Directory.CreateDirectory(path);
            return new($"{name}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{IndexedLibrary.FolderSetting} names {path}, which cannot be written: {e.Message}", e);
        }
    }

    const int LockedOnLinux = 11,
        LockedOnMac = 35,
        LockedOnWindows = unchecked((int)0x80070020);

    // What is searched is mapped into memory; whole texts, more than a third of the files, are read when they are shown.
    static FileSwitchDirectory Files(string path) => new(Searched, new MMapDirectory(path), new NIOFSDirectory(path), doClose: true);

    // Whose it is, is found out first: the files of another are neither looked through nor touched.
    static IndexFolder Open(Directory directory, FileStream claim, bool isDoubted, ILogger logger)
    {
        var held = directory.MakeLock(IndexWriter.WRITE_LOCK_NAME);
        held.Obtain(0);
        using (held)
            if (DirectoryReader.IndexExists(directory) && !IsSound(directory, isDoubted, logger))
                foreach (var file in directory.ListAll().Where(f => f != IndexWriter.WRITE_LOCK_NAME))
                    directory.DeleteFile(file);
        return new(directory, null, claim);
    }

    static bool IsSound(Directory directory, bool isDoubted, ILogger logger)
    {
        try
        {
            using var reader = DirectoryReader.Open(directory);
            if (!reader.IndexCommit.UserData.TryGetValue(VersionKey, out var version) || version != Version)
            {
                logger.LogInformation("Another version wrote the library's index; it is made anew");
                return false;
            }
            if (isDoubted)
                foreach (var leaf in reader.Leaves)
                    leaf.AtomicReader.CheckIntegrity();
            return true;
        }
        // Whatever reading bytes that were not written so ends in.
        catch (Exception e)
        {
            logger.LogWarning(e, "The library's index is broken; it is made anew");
            return false;
        }
    }

    /// <summary>Puts a document in, in place of what was known of it.</summary>
    public void Put(IndexedDocument document, DateOnly day) =>
        writer.UpdateDocument(new Term(Fields.Id, document.Entry.Id.ToString("N")), document.ToIndex(day));

    /// <summary>Takes a document out.</summary>
    public void Remove(Guid id) => writer.DeleteDocuments(new Term(Fields.Id, id.ToString("N")));

    /// <summary>What the index holds now.</summary>
    public LibraryIndex Now(DateOnly day)
    {
        var reader = DirectoryReader.Open(writer, applyAllDeletes: true);
        try
        {
            return new(reader, day, read);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The state after an earlier one; null when it is the same.</summary>
    public LibraryIndex? After(LibraryIndex before, DateOnly day)
    {
        if (DirectoryReader.OpenIfChanged(before.Reader, writer, applyAllDeletes: true) is { } reader)
            return new(reader, day, read);
        if (before.Day == day)
            return null;
        before.Reader.IncRef();
        return new(before.Reader, day, read);
    }

    /// <summary>Keeps what was put in, so that a process that starts again need not read it anew.</summary>
    public void Keep()
    {
        if (writer.HasUncommittedChanges())
            writer.Commit();
    }

    /// <summary>Forgets what was not kept, after a failure.</summary>
    public void Abandon()
    {
        try
        {
            writer.Rollback();
        }
        finally
        {
            CloseFiles();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            writer.Dispose(waitForMerges: false);
        }
        catch
        {
            // What was not kept is read from the database again; the folder is free.
            writer.Rollback();
            throw;
        }
        finally
        {
            CloseFiles();
        }
    }

    // What was read is kept for those who still hold a state of the index.
    void CloseFiles()
    {
        directory.Dispose();
        claim?.Dispose();
        if (temporary is not null)
            System.IO.Directory.Delete(temporary, recursive: true);
    }

    sealed class Warmer : IndexWriter.IndexReaderWarmer
    {
        public override void Warm(AtomicReader reader) => LibraryIndex.Listed(reader);
    }
}
