using Grpc.Core;
using Grpc.Net.Client;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>Whoever asks over gRPC hears whether asking again can help, and nothing of what went wrong inside.</summary>
public sealed class when_what_is_asked_over_grpc_fails(PostgresCluster postgres)
{
    [Theory]
    [InlineData("57P03", StatusCode.Unavailable, "service.unavailable")]
    [InlineData("40001", StatusCode.Unavailable, "service.unavailable")]
    [InlineData("53100", StatusCode.Unavailable, "storage.full")]
    [InlineData("25006", StatusCode.Unavailable, "storage.readOnly")]
    [InlineData("22021", StatusCode.InvalidArgument, "request.invalid")]
    [InlineData("22012", StatusCode.Internal, "service.failed")]
    public async Task the_status_tells_whether_to_ask_again(string state, StatusCode status, string code)
    {
        await using var district = new District(postgres);
        await district.InitializeAsync();
        var id = await district.Documents.Publish(await district.Documents.Draft(), "测政发〔2026〕971号");
        await district.Execute(
            $"""
            create function fails() returns boolean language plpgsql as $$ begin raise exception 'secret' using errcode = '{state}'; end $$;
            alter table documents.mt_doc_policydocument rename to away;
            create view documents.mt_doc_policydocument as select * from documents.away where fails();
            """
        );
        using var channel = GrpcChannel.ForAddress(
            "http://documents.test",
            new() { HttpHandler = district.Documents.Server.CreateHandler() }
        );
        var heard = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Contracts.Documents.V1.Documents.DocumentsClient(channel).GetDocumentAsync(
                new() { Id = id.ToString() },
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(status, heard.StatusCode);
        Assert.Equal(code, heard.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>().Reason);
        Assert.DoesNotContain("secret", heard.Status.Detail, StringComparison.Ordinal);
    }
}
