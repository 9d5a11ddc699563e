namespace PolicyPlatform.Interpretation;

/// <summary>How long what people write beside their work may be, in characters.</summary>
static class Limits
{
    internal const int LongestReason = 2000;
}
