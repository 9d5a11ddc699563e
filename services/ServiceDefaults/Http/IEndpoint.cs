using Microsoft.AspNetCore.Routing;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>One thing that a person can ask for over HTTP. The file that implements it shows the whole of it.</summary>
public interface IEndpoint
{
    /// <summary>Adds the route, its roles and what it answers.</summary>
    static abstract void Map(IEndpointRouteBuilder api);
}
