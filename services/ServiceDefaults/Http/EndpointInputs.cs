namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>A parameter that is one of the words of an enum; the endpoint reads it itself, so that a wrong one is told with all else.</summary>
/// <param name="type">The enum.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class OneOfAttribute(Type type) : Attribute
{
    /// <summary>The enum.</summary>
    public Type Type { get; } = type;
}

/// <summary>A parameter that is a day, <c>2025-07-01</c>; the endpoint reads it itself.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class DayAttribute : Attribute;

/// <summary>The query parameters of an endpoint that reads them by itself.</summary>
/// <param name="Names">Their names.</param>
public sealed record QueryParameters(params string[] Names);

/// <summary>The body of an endpoint that reads it by itself.</summary>
/// <param name="MediaTypes">What it may be.</param>
public sealed record RequestBody(params string[] MediaTypes);
