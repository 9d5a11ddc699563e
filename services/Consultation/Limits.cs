namespace PolicyPlatform.Consultation;

/// <summary>How long what people write beside their work may be, in characters.</summary>
static class Limits
{
    internal const int LongestReason = 2000,
        LongestTitle = 200,
        LongestCode = 40,
        LongestText = 50_000;
}
