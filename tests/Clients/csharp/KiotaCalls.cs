using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using PolicyPlatform.Clients.Kiota;
using PolicyPlatform.Clients.Kiota.Models;

namespace PolicyPlatform.Clients;

/// <summary>Ten calls with the client that Kiota generates.</summary>
static class KiotaCalls
{
    public static async Task Make(string address, string token)
    {
        using var anonymous = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider()) { BaseUrl = address };
        using var drafter = new HttpClientRequestAdapter(new BaseBearerTokenAuthenticationProvider(new Given(token))) { BaseUrl = address };
        var api = new PolicyClient(anonymous).Api.V1;
        var inside = new PolicyClient(drafter).Api.V1;

        var library = await api.Library.GetAsync(r =>
        {
            r.QueryParameters.Q = "供热";
            r.QueryParameters.KindAsDocumentKind = DocumentKind.Normative;
            r.QueryParameters.Sort = "publishedOn";
        });
        var id = library!.Items!.First(i => i.PublicRevisions > 1).Id!.Value;
        Made.Call("searchLibrary");

        Made.Sure((await api.Documents[id].GetAsync())!.State is DocumentState.Published);
        Made.Call("readDocument");

        Made.Sure((await api.Documents[id].History.GetAsync(r => r.QueryParameters.PageSize = 2))!.Items!.Count == 2);
        Made.Call("readHistory");

        var comparison = await api.Documents[id].Comparison.GetAsync(r => (r.QueryParameters.From, r.QueryParameters.To) = (3, 4));
        Made.Sure(comparison!.Articles!.Any(a => a.Change is ChangeKind.Modified));
        Made.Call("compareRevisions");

        Made.Sure((await api.Documents[id].Revisions.Current.GetAsync())!.Blocks!.Count > 0);
        Made.Call("readCurrentRevision");

        var draft = await inside.Documents.PostAsync(
            new() { Title = "关于做好供热准备工作的通知", Text = "各镇人民政府：\n请于11月15日前做好供热准备。" },
            r => r.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString())
        );
        Made.Call("createDraft");

        var revised = await inside
            .Documents[draft!.Id!.Value]
            .Revisions.PostAsync(new() { Text = "各镇人民政府：\n请于11月10日前做好供热准备。", Significance = Significance.Minor });
        Made.Sure(revised!.Revision == 2);
        Made.Call("recordRevision");

        var subscription = await api.Subscriptions.PostAsync(
            new()
            {
                Channel = SubscriptionChannel.Atom,
                Filter = new() { Q = "供热" },
            }
        );
        Made.Sure(subscription!.State is SubscriptionState.Active);
        Made.Call("subscribe");

        _ = await api.Questions.Answer.PostAsync(new() { Question = "家里太冷，暖气费能退吗？" });
        Made.Call("findAnswers");

        try
        {
            _ = await api.Documents[Guid.NewGuid()].GetAsync();
            Made.Sure(false);
        }
        catch (Problem problem)
        {
            Made.Sure(problem.ResponseStatusCode == 404 && problem.Code == "document.notFound");
        }
        Made.Call("readDocument of none");
    }

    sealed class Given(string token) : IAccessTokenProvider
    {
        public AllowedHostsValidator AllowedHostsValidator { get; } = new();

        public Task<string> GetAuthorizationTokenAsync(
            Uri uri,
            Dictionary<string, object>? additionalAuthenticationContext = null,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(token);
    }
}
