using Alba;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Drafting;

/// <summary>Drafts are process information (D 16): invisible to the public and to other organisations, in every call.</summary>
public sealed class when_others_look_at_a_draft(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Theory]
    [InlineData("")]
    [InlineData("/revisions")]
    [InlineData("/revisions/1")]
    [InlineData("/revisions/current")]
    [InlineData("/comparison?from=1&to=1")]
    [InlineData("/history")]
    public async Task no_read_shows_it_to_the_public_or_to_another_organisation(string call)
    {
        var id = await Documents.Draft();
        Assert.Equal("document.notFound", (await Documents.Get(null, $"documents/{id}{call}", 404)).Code());
        Assert.Equal("document.notFound", (await Documents.Get(Tokens.DraftingEducation, $"documents/{id}{call}", 404)).Code());
        await Documents.Get(Tokens.DraftingHousing, $"documents/{id}{call}");
        await Documents.Get(Tokens.LegalReview, $"documents/{id}{call}");
    }

    [Theory]
    [InlineData("revisions", 404)]
    [InlineData("review", 404)]
    [InlineData("withdraw", 404)]
    public async Task another_organisation_s_drafter_cannot_write_to_it(string call, int expected)
    {
        var id = await Documents.Draft();
        var problem = await Documents.Post(
            Tokens.DraftingEducation,
            $"documents/{id}/{call}",
            call switch
            {
                "revisions" => new { text = "第一条 甲。" },
                "withdraw" => new { reason = "误" },
                _ => new { },
            },
            expected
        );
        Assert.Equal("document.notFound", problem.Code());
    }

    [Fact]
    public async Task lists_and_the_library_do_not_name_it()
    {
        var id = await Documents.Draft(title: "不公开的草稿");
        Assert.Equal(0, (await Documents.Get(null, "library?q=不公开的草稿")).GetProperty("total").GetInt32());
        Assert.DoesNotContain(
            id.ToString(),
            (await Documents.Get(Tokens.DraftingEducation, "documents?pageSize=200")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            id.ToString(),
            (await Documents.Get(Tokens.DraftingHousing, "documents?pageSize=200&state=drafting")).GetRawText(),
            StringComparison.Ordinal
        );
        await Documents.Get(null, "documents", 401);
    }

    [Fact]
    public async Task grpc_answers_as_http_does()
    {
        var id = (await Documents.Draft()).ToString();
        using var channel = GrpcChannel.ForAddress("http://documents.test", new() { HttpHandler = Documents.Server.CreateHandler() });
        var client = new Contracts.Documents.V1.Documents.DocumentsClient(channel);
        var cancellation = TestContext.Current.CancellationToken;
        var mine = new Metadata { { "Authorization", $"Bearer {Tokens.DraftingHousing}" } };

        Assert.Equal(
            StatusCode.NotFound,
            (
                await Assert.ThrowsAsync<RpcException>(async () =>
                    await client.GetDocumentAsync(new() { Id = id }, cancellationToken: cancellation)
                )
            ).StatusCode
        );
        Assert.Equal(
            StatusCode.NotFound,
            (
                await Assert.ThrowsAsync<RpcException>(async () =>
                    await client.GetRevisionBlocksAsync(new() { Id = id }, cancellationToken: cancellation)
                )
            ).StatusCode
        );
        Assert.False((await client.DocumentExistsAsync(new() { Id = id }, cancellationToken: cancellation)).Exists);
        Assert.True((await client.DocumentExistsAsync(new() { Id = id }, mine, cancellationToken: cancellation)).Exists);
        Assert.Equal("测试办法", (await client.GetDocumentAsync(new() { Id = id }, mine, cancellationToken: cancellation)).Title);
        Assert.Equal(
            [BlockKind.Article, BlockKind.Article],
            (await client.GetRevisionBlocksAsync(new() { Id = id, Revision = 1 }, mine, cancellationToken: cancellation)).Blocks.Select(b =>
                b.BlockKind
            )
        );
        Assert.Equal(
            StatusCode.InvalidArgument,
            (
                await Assert.ThrowsAsync<RpcException>(async () =>
                    await client.GetDocumentAsync(new() { Id = "x" }, cancellationToken: cancellation)
                )
            ).StatusCode
        );
    }

    [Fact]
    public async Task a_token_that_expired_or_that_nobody_signed_is_refused_even_where_none_is_needed()
    {
        var expired = await Documents.Get(Tokens.For("drafting-housing", "370114-ZJ", "drafter", TimeSpan.FromMinutes(-5)), "library", 401);
        Assert.Equal("identity.token.invalid", expired.Code());
        Assert.Contains("expired at", expired.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("identity.token.invalid", (await Documents.Get(Tokens.Forged(), "library", 401)).Code());
    }

    [Fact]
    public async Task a_role_that_is_missing_is_named()
    {
        var id = await Documents.Draft();
        var problem = await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/sign", new { }, 403);
        Assert.Equal("identity.role.missing", problem.Code());
        Assert.Contains("signer", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
