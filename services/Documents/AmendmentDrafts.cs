using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents;

/// <summary>What a clean-up begins for a document that it wants amended, as others know it.</summary>
static class AmendmentDrafts
{
    /// <summary>The relation by which such a draft amends its document: an amendment by it states the same anew.</summary>
    public static Guid RelationOf(Guid draft) => NamedId.Of($"amendmentDraft/{draft}");
}
