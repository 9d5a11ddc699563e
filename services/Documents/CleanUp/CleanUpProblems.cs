using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.CleanUp;

static class CleanUpProblems
{
    public static Problem NotFound(Guid id) => CommonProblems.NotFound.With($"There is no clean-up {id}.");

    /// <summary>Notes what is no document of the clean-up, or one whose outcome is applied.</summary>
    public static Invalid Check(
        this Invalid invalid,
        CleanUpCampaign campaign,
        IReadOnlyList<Guid>? documents,
        string pointer = "/documents"
    )
    {
        invalid.If(documents is not { Count: > 0 }, pointer, "value.missing", "A document of the clean-up is required.");
        foreach (var id in documents ?? [])
        {
            var item = campaign.Items.FirstOrDefault(i => i.DocumentId == id);
            invalid
                .If(item is null, pointer, "document.unknown", $"{id} is no document of this clean-up.")
                .If(item?.Applied is true, pointer, "outcome.applied", $"The outcome of {item?.Title} has taken effect.");
        }
        return invalid;
    }
}
