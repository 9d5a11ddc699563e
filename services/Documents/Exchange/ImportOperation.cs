using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>Somebody asked for an import.</summary>
public sealed record ImportRequested(Guid ImportId, int Lines, Actor By, DateTimeOffset At);

/// <summary>An import as it was asked for.</summary>
public sealed record ImportOperation(Guid Id, int Lines, Actor By, DateTimeOffset At);
