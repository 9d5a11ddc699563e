using System.Security.Cryptography;
using System.Text;

namespace PolicyPlatform.Documents;

/// <summary>The ids of what a clean-up begins for a document that it wants amended: the same each time that they are asked for.</summary>
static class AmendmentDrafts
{
    /// <summary>The relation by which such a draft amends its document: an amendment by it states the same anew.</summary>
    public static Guid RelationOf(Guid draft) => Named($"amendmentDraft/{draft}");

    /// <summary>An id that is made of a name.</summary>
    public static Guid Named(string what) => new(SHA256.HashData(Encoding.UTF8.GetBytes(what))[..16]);
}
