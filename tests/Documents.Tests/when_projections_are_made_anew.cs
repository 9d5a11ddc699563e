using Marten;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Documents.Integrity;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests;

public sealed class when_projections_are_made_anew(District district) : IClassFixture<District>
{
    [Fact]
    public async Task they_say_what_they_said_before()
    {
        var documents = district.Documents;
        var id = await documents.Publish(await documents.Draft("第一条 甲。", "重建办法"), "测政发〔2026〕801号");
        var other = await documents.Publish(await documents.Draft("第一条 乙。", "新建办法"), "测政发〔2026〕802号");
        await documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 丙。",
                changeNote = "改",
                effectiveFrom = "2026-06-01",
                amendedBy = other,
            },
            201
        );
        await Repeal();
        await documents.Post(Tokens.OpennessOffice, $"documents/{id}/restore", new { reason = "误" });
        await documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new
            {
                title = "重建之办法",
                kind = "normative",
                reason = "误",
            }
        );
        await Repeal();
        var paths = new[]
        {
            $"documents/{id}/history",
            $"documents/{id}/relations",
            $"documents/{other}/relations",
            "library?q=办法",
            $"documents/{id}/revisions",
        };
        var before = await Task.WhenAll(paths.Select(async p => (await documents.Get(null, p)).GetRawText()));

        await district.RestartDocuments(async () =>
        {
            foreach (
                var table in new[]
                {
                    "mt_doc_historyentry",
                    "mt_doc_libraryentry",
                    "mt_doc_relationentry",
                    "mt_doc_builtprojection",
                    "library_changes",
                }
            )
                await district.Execute($"delete from documents.{table}");
        });
        Assert.Equal(before, await Task.WhenAll(paths.Select(async p => (await district.Documents.Get(null, p)).GetRawText())));

        Task Repeal() =>
            documents.Post(
                Tokens.OpennessOffice,
                $"documents/{id}/repeal",
                new
                {
                    reason = "废",
                    effectiveFrom = "2026-07-01",
                    repealedBy = other,
                }
            );
    }

    [Fact]
    public async Task what_no_state_listens_to_is_not_recorded()
    {
        await using var session = district.Documents.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.StartStream<PolicyDocument>(Guid.CreateVersion7(), new CheckpointMade(1, "", default));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            session.SaveChangesAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains(nameof(CheckpointMade), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void none_is_left_out()
    {
        foreach (
            var (service, made) in new[]
            {
                (typeof(PolicyDocument).Assembly, DocumentsStore.Made),
                (
                    typeof(Catalog.Organisations.Organisation).Assembly,
                    Made("PolicyPlatform.Catalog.CatalogStore", typeof(Catalog.Organisations.Organisation))
                ),
                (
                    typeof(Interpretation.KnownDocuments.KnownDocument).Assembly,
                    Made("PolicyPlatform.Interpretation.InterpretationStore", typeof(Interpretation.KnownDocuments.KnownDocument))
                ),
            }
        )
        {
            var kept = service
                .GetTypes()
                .Where(t =>
                    !t.IsAbstract
                    && (
                        typeof(JasperFx.Events.Projections.ProjectionBase).IsAssignableFrom(t)
                        || typeof(Marten.Events.Projections.IProjection).IsAssignableFrom(t)
                        || t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IState<>))
                    )
                )
                .Select(t => t.Name)
                .ToArray();
            Assert.NotEmpty(kept);
            Assert.Equal(kept.Order(), made.Select(m => m.Name).Order());
        }

        static (string Name, int Version)[] Made(string store, Type service) =>
            ((string, int)[])
                service
                    .Assembly.GetType(store)!
                    .GetField("Made", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
                    .GetValue(null)!;
    }
}
