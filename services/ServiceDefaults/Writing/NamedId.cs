using System.Security.Cryptography;
using System.Text;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>Ids that are made of a name: whatever is begun once more by the same name is the same thing.</summary>
public static class NamedId
{
    /// <summary>The id of a name; it says nothing of the name.</summary>
    public static Guid Of(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
