using Grpc.Core;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>What a topic of the Catalog gathers: the documents that were chosen for it, and what its rules find.</summary>
sealed record GatheredByTopic(string Name, IReadOnlySet<Guid> Chosen, IReadOnlyList<LibrarySearch> Rules)
{
    /// <summary>The documents.</summary>
    public HashSet<Guid> In(LibraryIndex index) => [.. Chosen, .. Rules.SelectMany(r => r.Found(index)).Select(f => f.Document.Id)];
}

/// <summary>Asks the Catalog what a topic gathers.</summary>
public sealed class LibraryTopics(Catalog.CatalogClient catalog)
{
    /// <summary>The search within a topic; a topic that is not there is noted.</summary>
    internal async Task<LibrarySearch> Within(string? topic, LibrarySearch search, Invalid invalid, CancellationToken cancellation)
    {
        if (topic is null)
            return search;
        try
        {
            var found = await catalog.GetTopicAsync(new() { Code = topic }, cancellationToken: cancellation);
            var rules = found.Rules.Select(r =>
                new LibraryQuery(Given(r.Q), Given(r.Issuer), Given(r.Subject), null, null, null, null).Read(new())
            );
            return search with { Topic = new($"{topic}@{found.Version}", found.Documents.Select(Guid.Parse).ToHashSet(), [.. rules]) };
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            invalid.Add("topic", "topic.unknown", $"There is no topic {topic}. See GET /api/v1/topics.");
            return search;
        }

        static string? Given(string value) => value.Length > 0 ? value : null;
    }
}
