using PolicyPlatform.Clients.NSwag;

namespace PolicyPlatform.Clients;

/// <summary>Ten calls with the client that NSwag generates.</summary>
static class NSwagCalls
{
    public static async Task Make(string address, string token)
    {
        using var anonymous = new HttpClient();
        using var drafter = new HttpClient();
        drafter.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var api = new PolicyClient(anonymous) { BaseUrl = address };
        var inside = new PolicyClient(drafter) { BaseUrl = address };

        var library = await api.SearchLibraryAsync(q: "供热", kind: DocumentKind.Normative, sort: "publishedOn");
        var id = library.Items.First(i => i.PublicRevisions > 1).Id;
        Made.Call("searchLibrary");

        Made.Sure((await api.ReadDocumentAsync(id)).State is DocumentState.Published);
        Made.Call("readDocument");

        Made.Sure((await api.ReadHistoryAsync(id, pageSize: 2)).Items.Count == 2);
        Made.Call("readHistory");

        var comparison = await api.CompareRevisionsAsync(id, from: 3, to: 4);
        Made.Sure(comparison.Articles.Any(a => a.Change is ChangeKind.Modified));
        Made.Call("compareRevisions");

        Made.Sure((await api.ReadCurrentRevisionAsync(id)).Blocks.Count > 0);
        Made.Call("readCurrentRevision");

        var draft = await inside.CreateDraftAsync(
            new CreateDraft { Title = "关于做好供热准备工作的通知", Text = "各镇人民政府：\n请于11月15日前做好供热准备。" },
            Guid.NewGuid().ToString()
        );
        Made.Call("createDraft");

        var revised = await inside.RecordRevisionAsync(
            draft.Id,
            new RecordRevision { Text = "各镇人民政府：\n请于11月10日前做好供热准备。", Significance = Significance.Minor }
        );
        Made.Sure(revised.Revision == 2);
        Made.Call("recordRevision");

        var subscription = await api.SubscribeAsync(
            new Subscribe
            {
                Channel = SubscriptionChannel.Atom,
                Filter = new() { Q = "供热" },
            }
        );
        Made.Sure(subscription.State is SubscriptionState.Active);
        Made.Call("subscribe");

        _ = await api.FindAnswersAsync(new FindAnswers { Question = "家里太冷，暖气费能退吗？" });
        Made.Call("findAnswers");

        try
        {
            _ = await api.ReadDocumentAsync(Guid.NewGuid());
            Made.Sure(false);
        }
        catch (ApiException<Problem> e)
        {
            Made.Sure(e.StatusCode == 404 && e.Result.Code == "document.notFound");
        }
        Made.Call("readDocument of none");
    }
}
