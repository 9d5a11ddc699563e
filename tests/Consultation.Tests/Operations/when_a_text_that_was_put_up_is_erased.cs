using System.Net.Http.Headers;
using System.Net.Http.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>A text that was put up is hidden until it is erased, and no longer: nothing of it is half-done.</summary>
public sealed class when_a_text_that_was_put_up_is_erased(PostgresCluster postgres)
{
    static readonly DateTimeOffset Until = new(2026, 6, 1, 1, 15, 0, TimeSpan.Zero);

    static readonly Guid Id = Guid.NewGuid();

    static readonly HiddenDocument Nothing = new(Id, 0, []);

    static HiddenPart Part(int? revision, long version, bool forErasure) => new(revision, "核查", new(version, Until), forErasure);

    static DocumentVisibilityChangedMessage Heard(long version, params DownPart[] down) =>
        new(Id, version, down.FirstOrDefault()?.Revision, down.Length == 0, down, ["370114-ZJ"], null);

    [Fact]
    public void whatever_was_asked_until_then_ends_with_the_erasure_and_comes_back_by_nothing_that_is_late()
    {
        // Asked twice, since somebody else wrote in between.
        var asked = Nothing.Asked(Part(1, 5, true)).Asked(Part(1, 6, true)).Asked(Part(2, 6, true));
        Assert.Equal([1, 2], asked.Parts.Select(p => p.Revision));
        var erased = asked.HeardErased(1, 7);
        Assert.Equal([2], erased.Parts.Select(p => p.Revision));
        Assert.Same(erased, erased.Asked(Part(1, 7, true)));
        Assert.False(Nothing.HeardErased(1, 7).Asked(Part(1, 7, true)).IsHidden);
        // What is said of its being down, before it and later, is heard all the same.
        Assert.Equal([1, 2], erased.Heard(Heard(4, new DownPart(1, "核查"))).Parts.Select(p => p.Revision).Order());
        Assert.True(erased.Asked(Part(1, 9, false)).IsHidden);
        Assert.True(erased.Asked(Part(null, 7, false)).IsHidden);
    }

    [Fact]
    public void its_being_taken_down_and_its_being_erased_do_not_end_each_other()
    {
        var both = Nothing.Asked(Part(1, 5, false)).Asked(Part(1, 6, true));
        Assert.Equal([false, true], both.Parts.Select(p => p.ForErasure));
        // What is put back does not show what is being erased, and what is down stays so.
        Assert.True(both.Heard(Heard(7)).IsHidden);
        var down = both.Heard(Heard(5, new DownPart(1, "核查")));
        Assert.Null(Assert.Single(down.Parts).Awaited);
        Assert.Single(down.HeardErased(1, 6).Parts);
        Assert.Same(down, down.Asked(Part(1, 8, true)));
    }

    [Theory]
    [InlineData("publisher", 0, false, true)]
    [InlineData("publisher", 1, true, true)]
    [InlineData("personalData", 1, true, true)]
    [InlineData("personalData", 0, true, false)]
    [InlineData("personalData", 1, false, false)]
    [InlineData("personalData", 0, false, false)]
    [InlineData("drafter", 1, true, false)]
    public void who_may_hide_what(string role, int revision, bool forErasure, bool may)
    {
        var caller = new Caller("somebody", "", "", new HashSet<string> { role });
        Assert.Equal(may, HideDocuments.MayHide(caller, new HideDocumentRequest { Revision = revision, ForErasure = forErasure }));
        // Where no texts are kept nobody erases any.
        Assert.Equal(
            role == "publisher",
            HideDocuments.MayHide(caller, new Contracts.Interpretation.V1.HideDocumentRequest { Revision = revision })
        );
    }

    [Fact]
    public void what_others_were_asked_for_is_carried_out_when_the_caller_goes()
    {
        using var caller = new CancellationTokenSource();
        var http = new DefaultHttpContext { RequestAborted = caller.Token };
        http.CarryOut();
        caller.Cancel();
        Assert.False(http.RequestAborted.IsCancellationRequested);
    }

    [Fact]
    public async Task it_is_erased_where_it_can_be_hidden_also_when_the_caller_goes_and_shown_again_where_it_was_not()
    {
        Action onHiding = () => { };
        await using var district = new District(postgres)
        {
            Configure = services => services.AddSingleton<IStartupFilter>(new Watching(() => onHiding())),
        };
        await district.InitializeAsync();
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft("第一条 名单。\n第二条 本办法自公布之日起施行。", "删除办法");
        var id = (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 201)).Id();
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}")).Word("state") == "inConsultation" ? true : null
        );
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{draft}/withdraw", new { reason = "不再制定" });
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}/history?pageSize=50"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(h => h.Word("what") == "consultationFinished")
                ? true
                : null
        );

        // It was asked to be hidden, and then was not erased.
        Assert.Equal(StatusCode.PermissionDenied, await Hide(forErasure: false));
        Assert.Equal(StatusCode.OK, await Hide(forErasure: true));
        var told = await consultation.Get(null, $"consultations/{id}/revisions/1", 410);
        Assert.Equal("document.takenDown", told.Code());
        await consultation.Hears(new ConfirmHidden(draft));
        await consultation.Get(null, $"consultations/{id}/revisions/1", 410);
        district.Clock.Advance(TimeSpan.FromMinutes(16));
        await consultation.Hears(new ConfirmHidden(draft));
        await consultation.Get(null, $"consultations/{id}/revisions/1");

        // Where it cannot be hidden nothing is erased.
        await district.StopConsultation();
        var refused = await district.Documents.Scenario(s =>
        {
            s.As(Tokens.Privacy).Post.Json(new { reason = "含有公民身份号码。" }).ToUrl($"/api/v1/documents/{draft}/revisions/1/erase");
            s.StatusCodeShouldBe(503);
        });
        Assert.NotEmpty(refused.Context.Response.Headers.RetryAfter.ToString());
        await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}/revisions/1");
        consultation = await district.StartConsultation();

        // The caller goes away while it is hidden.
        using var caller = new CancellationTokenSource();
        onHiding = caller.Cancel;
        using var client = district.Documents.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.Privacy);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.PostAsJsonAsync(
                new Uri($"http://localhost/api/v1/documents/{draft}/revisions/1/erase"),
                new { reason = "含有公民身份号码。" },
                caller.Token
            )
        );
        onHiding = () => { };
        await Calls.Eventually<bool>(async () => await Erased() ? true : null);
        await Calls.Eventually<bool>(async () =>
            (await consultation.Get(null, $"consultations/{id}/revisions/1", 410)).Code() == "revision.erased" ? true : null
        );
        // Asked late: what is gone is nothing to hide.
        Assert.Equal(StatusCode.OK, await Hide(forErasure: true));
        await consultation.Get(null, $"consultations/{id}");

        async Task<StatusCode> Hide(bool forErasure)
        {
            using var channel = GrpcChannel.ForAddress(
                "http://consultation.test",
                new() { HttpHandler = consultation.Server.CreateHandler() }
            );
            try
            {
                await new Contracts.Consultation.V1.Consultation.ConsultationClient(channel).HideDocumentAsync(
                    new()
                    {
                        DocumentId = $"{draft}",
                        Revision = 1,
                        Explanation = "该文本正在删除，不再公开。",
                        Version = 3,
                        ForErasure = forErasure,
                    },
                    new Metadata { { "Authorization", $"Bearer {Tokens.Privacy}" } },
                    cancellationToken: TestContext.Current.CancellationToken
                );
                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }

        async Task<bool> Erased()
        {
            using var channel = GrpcChannel.ForAddress(
                "http://documents.test",
                new() { HttpHandler = district.Documents.Server.CreateHandler() }
            );
            return (
                await new Contracts.Documents.V1.Documents.DocumentsClient(channel).FindErasedAsync(
                    new() { Id = $"{draft}" },
                    cancellationToken: TestContext.Current.CancellationToken
                )
            ).Revisions.SequenceEqual([1]);
        }
    }

    sealed class Watching(Action onHiding) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.Use(
                    (http, go) =>
                    {
                        if (http.Request.Path.Value?.EndsWith("/HideDocument", StringComparison.Ordinal) is true)
                            onHiding();
                        return go(http);
                    }
                );
                next(app);
            };
    }
}
