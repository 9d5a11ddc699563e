using System.Net.Sockets;
using Grpc.Core;
using JasperFx;
using Marten.Exceptions;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Tests.Operations;

public sealed class Faults_tell
{
    static PostgresException Postgres(string state) => new("said", "ERROR", "ERROR", state);

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
        };

    [Theory]
    [MemberData(nameof(Passing))]
    public void what_passes_by_itself(string what, Exception fault) => Assert.True(Faults.IsTemporary(fault), what);

    [Theory]
    [MemberData(nameof(Lasting))]
    public void what_does_not(string what, Exception fault) => Assert.False(Faults.IsTemporary(fault), what);
}
