using System.Text.Json;
using PolicyPlatform.ServiceDefaults.PersonalData;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// A profile that a system registered for its users. It is personal: kept in a sealed row that can be erased, never in an event, a message
/// or a log.
/// </summary>
/// <param name="Id">Owner, and what tells the name from others without saying it.</param>
/// <param name="Owner">The system that registered it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Facts">What it states.</param>
/// <param name="At">When it was last set, UTC.</param>
public sealed record RegisteredProfile(
    string Id,
    string Owner,
    Sealed<string> Name,
    Sealed<IReadOnlyDictionary<string, JsonElement>> Facts,
    DateTimeOffset At
);
