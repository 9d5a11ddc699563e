using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Catalog.Tests.Obligations;

public sealed class when_messages_about_a_document_meet(District district) : IClassFixture<District>
{
    [Fact]
    public async Task each_sees_what_the_one_before_did()
    {
        var day = new DateOnly(2026, 6, 1);
        var at = new DateTimeOffset(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, 150),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken },
            async (n, _) =>
            {
                var id = Guid.NewGuid();
                object[] messages =
                [
                    new DocumentIssuedMessage(id, 5, $"相遇{n}", ["370114-ZJ"], day, true, null),
                    new DocumentPublishedMessage(id, 6, 1, day, day),
                    new DocumentTextChangedMessage(id, 7, 1, 2, day, at),
                    new DocumentTextChangedMessage(id, 8, 2, 3, day, at),
                ];
                await Task.WhenAll(
                    messages.Select(async message =>
                    {
                        using var scope = district.Catalog.Services.CreateScope();
                        // A failure would be a message that met another one.
                        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message);
                    })
                );
                foreach (var obligation in new[] { $"{id}", $"{id}-r2", $"{id}-r3" })
                    Assert.Equal(
                        "met",
                        (await district.Catalog.Get(Tokens.OpennessOffice, $"obligations/{obligation}")).GetProperty("state").GetString()
                    );
            }
        );
        Assert.Equal(0, await district.Count("select count(*) from catalog.mt_doc_heardof"));
    }
}
