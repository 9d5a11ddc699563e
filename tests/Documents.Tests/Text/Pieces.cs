using CsCheck;

namespace PolicyPlatform.Documents.Tests.Text;

/// <summary>Texts put together from pieces.</summary>
static class Pieces
{
    /// <summary>Any one of these.</summary>
    public static Gen<string> Any(params string[] pieces) => Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);
}
