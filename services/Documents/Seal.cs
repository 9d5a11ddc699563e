using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Documents;

/// <summary>What a signature stands for: the text, by its hash chain, and the elements, hashed together.</summary>
static class Seal
{
    /// <summary>The seal of a document as it is now.</summary>
    public static string Of(PolicyDocument document) =>
        Hashed(
            document.Id.ToString(),
            document.ChainHash ?? "",
            document.Title,
            JsonDefaults.Word(document.Kind),
            string.Join(',', document.Issuers),
            document.Subject ?? "",
            document.Disclosure is { } disclosure ? $"{JsonDefaults.Word(disclosure.Attribute)} {disclosure.Reason}" : "",
            document.MajorDecision ? "major" : "",
            document.DisclosureItem ?? ""
        );

    /// <summary>What a review or a decision was about: the text, and what tells whose it is and which reviews it needs.</summary>
    public static string OfReviewed(PolicyDocument document) =>
        Hashed(
            document.ChainHash ?? "",
            document.Title,
            JsonDefaults.Word(document.Kind),
            string.Join(',', document.Issuers),
            document.MajorDecision ? "major" : ""
        );

    /// <summary>Whether it is still what was signed; what was signed before there were seals is believed.</summary>
    public static bool Holds(PolicyDocument document) => document.Seal is null || document.Seal == Of(document);

    static string Hashed(params IEnumerable<string> lines) => CanonicalText.Hash(string.Join('\n', lines));
}
