namespace PolicyPlatform.ServiceDefaults.Reading;

/// <summary>Headers by which it is told how new an answer is.</summary>
public static class ReadHeaders
{
    /// <summary>
    /// Of the answer to a write: up to where the log of the service's database has to be replayed to show it. Of a read: from where on it is
    /// read. <c>consultation="0/16B3748"</c>, several with commas between them.
    /// </summary>
    public const string Position = "Read-Position";

    /// <summary>
    /// Within the platform: sent by the gateway with a read whose answer it would keep, and over gRPC by whom that asks. Of the answer, how often
    /// something was recorded that the public may read, in each service that was asked: <c>documents=17,interpretation=5</c>.
    /// </summary>
    public const string Changes = "Public-Changes";
}
