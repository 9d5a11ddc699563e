using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Identity;

/// <summary>
/// Every service checks tokens itself, whether the request came through the gateway or not. Any OIDC provider will do:
/// <c>Authentication:Authority</c> names it, <c>Authentication:Audience</c> the audience (default <c>policyplatform</c>).
/// </summary>
public static class Authentication
{
    /// <summary>
    /// For whom a token has to be: the districts of one provider each have a name of their own, so that a token of one is none at another.
    /// </summary>
    public static string Audience(this IConfiguration configuration) => configuration["Authentication:Audience"] ?? "policyplatform";

    internal static void AddIdentity(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(options =>
            {
                options.Authority = builder.Configuration["Authentication:Authority"];
                options.Audience = builder.Configuration.Audience();
                options.MapInboundClaims = false;
                // Plain HTTP to the provider is for one machine only.
                options.RequireHttpsMetadata = builder.Configuration.GetValue(
                    "Authentication:RequireHttps",
                    !builder.Environment.IsDevelopment()
                );
                options.TokenValidationParameters.NameClaimType = "sub";
                options.TokenValidationParameters.RoleClaimType = "role";
                options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
                options.Events = new()
                {
                    OnMessageReceived = context =>
                    {
                        if (Known(context.HttpContext).Find(context.Request) is { } principal)
                        {
                            context.Principal = principal;
                            context.Success();
                        }
                        return Task.CompletedTask;
                    },
                    // Who is nobody would be taken for the public, and for whoever else is nobody.
                    OnTokenValidated = context =>
                    {
                        if (string.IsNullOrEmpty(context.Principal?.FindFirst("sub")?.Value))
                            context.Fail("The token has no sub: it names nobody.");
                        else
                            Known(context.HttpContext).Keep(context.Request, context.Principal!, context.SecurityToken.ValidTo);
                        return Task.CompletedTask;
                    },
                    OnChallenge = async context =>
                    {
                        context.HandleResponse();
                        context.Response.Headers.WWWAuthenticate = context.AuthenticateFailure is null
                            ? "Bearer"
                            : "Bearer error=\"invalid_token\"";
                        await CommonProblems
                            .Unauthenticated.With(
                                context.AuthenticateFailure switch
                                {
                                    null => (Wording)"This call needs a bearer token. Get one from POST /connect/token.",
                                    Microsoft.IdentityModel.Tokens.SecurityTokenExpiredException expired =>
                                        $"The token expired at {expired.Expires:yyyy-MM-ddTHH:mm:ssZ}. Get a new one from POST /connect/token.",
                                    _ => "The token is not one that this platform trusts. Get one from the configured identity provider.",
                                }
                            )
                            .ToResult()
                            .ExecuteAsync(context.HttpContext);
                    },
                    OnForbidden = context =>
                        CommonProblems
                            .Forbidden.With(
                                $"This call needs one of the roles: {string.Join(", ", RolesAskedFor(context.HttpContext))}. The token has: {Held(context.HttpContext)}."
                            )
                            .ToResult()
                            .ExecuteAsync(context.HttpContext),
                };
            });
        builder.Services.AddSingleton<KnownTokens>();
        builder.Services.AddAuthorization();

        static KnownTokens Known(HttpContext http) => http.RequestServices.GetRequiredService<KnownTokens>();
    }

    /// <summary>
    /// A token that is sent must be valid, also where none is needed: a client would otherwise silently be treated as the public.
    /// </summary>
    internal static void RefuseBadTokens(this WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                if (context.Request.Headers.Authorization.Count > 0 && context.User.Identity?.IsAuthenticated is not true)
                    await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.ChallengeAsync(context);
                else
                    await next(context);
            }
        );

    /// <summary>Asks for any one of these roles.</summary>
    public static TBuilder RequireAnyRole<TBuilder>(this TBuilder endpoint, params string[] roles)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireRole(roles)).WithMetadata(new RolesNeeded(roles));

    static IEnumerable<string> RolesAskedFor(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetOrderedMetadata<RolesNeeded>().SelectMany(r => r.Roles) ?? [];

    static string Held(HttpContext context) =>
        context.User.FindAll("role").Select(c => c.Value).ToArray() is { Length: > 0 } held ? string.Join(", ", held) : "none";
}

/// <summary>An endpoint needs one of these roles.</summary>
sealed record RolesNeeded(string[] Roles);
