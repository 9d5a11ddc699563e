using System.Net.Sockets;
using Grpc.Core;
using JasperFx;
using Marten.Exceptions;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Tests.Operations;

public sealed class Faults_tell
{
    static PostgresException Postgres(string state, string said = "said") => new(said, "ERROR", "ERROR", state);

    public static TheoryData<string, Exception> Passing =>
        new()
        {
            { "a server that was told to stop", Postgres("57P01") },
            { "one that crashed", Postgres("57P02") },
            { "one that starts", Postgres("57P03") },
            { "too many connections", Postgres("53300") },
            { "a full disk", Postgres("53100") },
            { "a broken connection", Postgres("08006") },
            { "a standby", Postgres("25006") },
            { "no memory", Postgres("53200") },
            { "a disk that fails", Postgres("58030") },
            { "a quota", Postgres("XX000", "could not extend file \"base/5/16400\": Disk quota exceeded") },
            { "a file system that became read-only", Postgres("42501", "could not open file: Read-only file system") },
            { "a full disk of one's own", new AggregateException(new IOException("No space left on device", 28)) },
            { "a deadlock", Postgres("40P01") },
            { "a command", new MartenCommandException(new NpgsqlCommand("select 1"), Postgres("57P01")) },
            { "several", new AggregateException(new InvalidOperationException(), new AggregateException(Postgres("57P01"))) },
            { "a socket", new HttpRequestException("no", new SocketException((int)SocketError.ConnectionRefused)) },
            { "time", new NpgsqlException("late", new TimeoutException()) },
            { "an end", new OperationCanceledException() },
            { "a connection that is gone", new ObjectDisposedException("NpgsqlConnection") },
            {
                "a transaction whose connection is gone",
                new MartenCommandException(new NpgsqlCommand("select 1"), new NpgsqlException("gone", new System.IO.EndOfStreamException()))
            },
            { "a newer version", new ConcurrencyException("newer", typeof(PolicyDocument), Guid.NewGuid()) },
            { "a service that is away", new RpcException(new(StatusCode.Unavailable, "")) },
            { "one that is late", new RpcException(new(StatusCode.DeadlineExceeded, "")) },
            { "one that gave up", new RpcException(new(StatusCode.Aborted, "")) },
            { "one that is overloaded", new RpcException(new(StatusCode.ResourceExhausted, "")) },
        };

    public static TheoryData<string, Exception> Lasting =>
        new()
        {
            { "what is not so", new InvalidOperationException() },
            { "a syntax error", Postgres("42601") },
            { "a missing table", new MartenCommandException(new NpgsqlCommand("select 1"), Postgres("42P01")) },
            { "a value that is taken", Postgres("23505") },
            { "something else disposed of", new ObjectDisposedException("stream") },
            { "an argument", new RpcException(new(StatusCode.InvalidArgument, "")) },
            { "what is not there", new RpcException(new(StatusCode.NotFound, "")) },
            { "what is not allowed", new RpcException(new(StatusCode.PermissionDenied, "")) },
            { "what is not offered", new RpcException(new(StatusCode.Unimplemented, "")) },
            { "no token", new RpcException(new(StatusCode.Unauthenticated, "")) },
            { "a file", new FileNotFoundException() },
            { "a right that is missing", Postgres("42501", "permission denied for table x") },
            { "an error of the server", Postgres("XX000") },
        };

    [Fact]
    public void what_has_no_room_and_what_can_only_be_read()
    {
        Exception[] full =
        [
            new MartenCommandException(new NpgsqlCommand("insert"), Postgres("53100")),
            new InvalidOperationException("wrapped", new IOException("No space left on device", 28)),
            Postgres("XX000", "could not write: Disk quota exceeded"),
        ];
        Exception[] readOnly = [Postgres("25006"), new IOException("Read-only file system", 30)];
        Assert.All(full, f => Assert.Equal(("storage.full", 503), (Faults.OfStorage(f)?.Kind.Code, Faults.OfStorage(f)?.Kind.Status)));
        Assert.All(readOnly, f => Assert.Equal("storage.readOnly", Faults.OfStorage(f)?.Kind.Code));
        Exception[] others = [Postgres("53300"), new IOException("broken"), new TimeoutException()];
        Assert.All(others, f => Assert.Null(Faults.OfStorage(f)));
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public void what_passes_by_itself(string what, Exception fault) => Assert.True(Faults.IsTemporary(fault), what);

    [Theory]
    [MemberData(nameof(Lasting))]
    public void what_does_not(string what, Exception fault) => Assert.False(Faults.IsTemporary(fault), what);
}
