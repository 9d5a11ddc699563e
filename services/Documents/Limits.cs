namespace PolicyPlatform.Documents;

/// <summary>How long what people write beside a text may be, in characters.</summary>
static class Limits
{
    internal const int LongestNote = 2000;
}
