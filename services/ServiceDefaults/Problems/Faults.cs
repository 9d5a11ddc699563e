using System.Net.Sockets;
using Grpc.Core;
using JasperFx;
using JasperFx.Events;
using Marten.Exceptions;
using Npgsql;
using PolicyPlatform.ServiceDefaults.PersonalData;

namespace PolicyPlatform.ServiceDefaults.Problems;

/// <summary>
/// What a failure means, for everybody who has to decide on one: the answer to a request, the way of a message, a caller of another
/// service. However deep the cause is wrapped,
/// it is found.
/// </summary>
public static class Faults
{
    /// <summary>
    /// Whether the same thing, done again later, can succeed without anybody's doing: another process was away, overloaded or restarting,
    /// or another writer came first.
    /// </summary>
    public static bool IsTemporary(Exception? exception) =>
        exception switch
        {
            null => false,
            AggregateException { InnerExceptions: var several } => several.Any(IsTemporary),
            RpcException rpc => rpc.StatusCode
                is StatusCode.Unavailable
                    or StatusCode.DeadlineExceeded
                    or StatusCode.Aborted
                    or StatusCode.ResourceExhausted
                    or StatusCode.Cancelled
                || rpc.Status.DebugException is HttpRequestException,
            PostgresException postgres => IsTemporary(postgres),
            NpgsqlException { IsTransient: true } => true,
            // A connection that breaks while it is used is found disposed of by whoever uses it next.
            ObjectDisposedException disposed => disposed.ObjectName.Contains(nameof(Npgsql), StringComparison.Ordinal)
                || disposed.StackTrace?.Contains("at Npgsql.", StringComparison.Ordinal) is true,
            // A connection that has lost track of what it prepared ends itself, and has no type of its own for that.
            { StackTrace: { } trace }
                when exception.GetType() == typeof(Exception)
                    && trace.TrimStart().StartsWith("at Npgsql.Internal.", StringComparison.Ordinal) => true,
            SocketException or EndOfStreamException or TimeoutException or OperationCanceledException => true,
            SessionTransactionUnusableException => true,
            IOException when IsFull(exception) || IsReadOnly(exception) => true,
            _ => IsNewerVersion(exception) || IsTemporary(exception.InnerException),
        };

    /// <summary>
    /// Whether work in the background tries again at its next turn instead of ending the process: what passes by itself, another writer,
    /// and whatever else the database answers. Not once the process stops.
    /// </summary>
    public static bool IsForNextTime(Exception exception, CancellationToken stopping) =>
        !stopping.IsCancellationRequested && (IsTemporary(exception) || IsConflict(exception) || exception is NpgsqlException);

    /// <summary>Whether there was no room to write to, in the database or on a disk of this process. Reading goes on.</summary>
    public static bool IsFull(Exception? exception) =>
        exception switch
        {
            null => false,
            AggregateException { InnerExceptions: var several } => several.Any(IsFull),
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => true,
            // A quota has no code of its own.
            PostgresException { SqlState: PostgresErrorCodes.InternalError } postgres => postgres.MessageText.EndsWith(
                "Disk quota exceeded",
                StringComparison.Ordinal
            ),
            IOException { HResult: NoSpace or NoQuota or NoSpaceOnWindows } => true,
            _ => IsFull(exception.InnerException),
        };

    /// <summary>
    /// Whether what was to be written only lets itself be read: a database that is a standby or was set so, a file system that its machine no
    /// longer trusts.
    /// </summary>
    public static bool IsReadOnly(Exception? exception) =>
        exception switch
        {
            null => false,
            AggregateException { InnerExceptions: var several } => several.Any(IsReadOnly),
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true,
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } postgres => postgres.MessageText.EndsWith(
                "Read-only file system",
                StringComparison.Ordinal
            ),
            IOException { HResult: ReadOnlyFileSystem or WriteProtectedOnWindows } => true,
            _ => IsReadOnly(exception.InnerException),
        };

    /// <summary>Null unless what was to be written cannot be written just now, while reading goes on: then what the caller is told.</summary>
    public static Problem? OfStorage(Exception? exception) =>
        IsFull(exception)
            ? CommonProblems.Full.With(
                "There is no room left to write to. Nothing was recorded, and what is there can be read. Send the request again with the same Idempotency-Key: it is carried out once those who run the platform have made room."
            ) with
            {
                RetryAfterSeconds = RetryMended,
            }
        : IsReadOnly(exception)
            ? CommonProblems.ReadOnly.With(
                "What is stored can only be read just now. Nothing was recorded. Send the request again later with the same Idempotency-Key."
            ) with
            {
                RetryAfterSeconds = RetryMended,
            }
        : null;

    // Somebody has to do something first.
    const int RetryMended = 30;

    // What the system says, as .NET hands it on.
    const int NoSpace = 28,
        NoQuota = 122,
        NoSpaceOnWindows = unchecked((int)0x80070070),
        ReadOnlyFileSystem = 30,
        WriteProtectedOnWindows = unchecked((int)0x80070013);

    /// <summary>Null unless something sealed cannot be read that the answer cannot do without: then what the caller is told.</summary>
    public static Problem? OfSeal(Exception? exception) =>
        exception switch
        {
            null => null,
            UnreadableException => CommonProblems.Unreadable.With(
                "It is sealed with a key that is not there. Those who run the platform see in its health which one is missing; once it is put back, this can be read again."
            ) with
            {
                RetryAfterSeconds = RetryMended,
            },
            _ => OfSeal(exception.InnerException),
        };

    /// <summary>Null unless the database refused a text for the one character that no text has: then what the caller is told.</summary>
    public static Problem? OfText(Exception? exception) =>
        exception switch
        {
            null => null,
            PostgresException { SqlState: "22P05" or "22021" } => CommonProblems.InvalidContent.With(
                "The request holds the character U+0000, which no text has. Remove it."
            ) with
            {
                Errors = [new("", "text.character.invalid", "The character U+0000 is not accepted.")],
            },
            _ => OfText(exception.InnerException),
        };

    /// <summary>Whether another writer came first: deciding again on what is there now will do.</summary>
    public static bool IsConflict(Exception? exception) =>
        exception switch
        {
            null => false,
            AggregateException { InnerExceptions: var several } => several.Any(IsConflict),
            // Unique values, serialization, deadlocks.
            PostgresException { SqlState: "23505" or "40001" or "40P01" } => true,
            DocumentAlreadyExistsException
            or JasperFx.Events.ExistingStreamIdCollisionException
            or Marten.Exceptions.ExistingStreamIdCollisionException => true,
            MartenCommandException => IsConflict(exception.InnerException),
            _ => IsNewerVersion(exception),
        };

    static bool IsNewerVersion(Exception exception) =>
        exception
            is ConcurrencyException
                or EventStreamUnexpectedMaxEventIdException
                or JasperFx.Events.StreamLockedException
                or Marten.Exceptions.StreamLockedException;

    // Besides what the driver knows: a server that shuts down, crashes or starts (57P), one that has become a standby (25006), connections
    // that broke (08), resources that ran out (53), a disk that fails (58000, 58030).
    static bool IsTemporary(PostgresException e) =>
        e.IsTransient
        || IsFull(e)
        || IsReadOnly(e)
        || e.SqlState is PostgresErrorCodes.SystemError or PostgresErrorCodes.IoError
        || e.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || e.SqlState.StartsWith("08", StringComparison.Ordinal)
        || e.SqlState.StartsWith("53", StringComparison.Ordinal);
}
