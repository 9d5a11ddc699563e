using System.Globalization;

namespace PolicyPlatform.Gateway.Keeping;

/// <summary>
/// How much had changed in each service when it last said so. Whoever reads what is newer than that has news, and must not be shown afterwards what was
/// kept before: document, list and interpretation change for everybody together.
/// </summary>
sealed class KnownChanges(Generations generations)
{
    readonly Lock turn = new();
    readonly Dictionary<string, long> known = [];

    /// <summary>Hears what an answer says of it, before the caller does.</summary>
    /// <param name="told">As services say it: <c>documents=17,interpretation=5</c>.</param>
    public void Hear(string told)
    {
        lock (turn)
        {
            var isNews = false;
            foreach (var one in told.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = one.Split('=');
                if (
                    parts is [var service, var number]
                    && long.TryParse(number, CultureInfo.InvariantCulture, out var changes)
                    && changes > known.GetValueOrDefault(service, -1)
                )
                {
                    known[service] = changes;
                    isNews = true;
                }
            }
            if (isNews)
                generations.End();
        }
    }
}
