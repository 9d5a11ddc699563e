using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace PolicyPlatform.Gateway.Identity;

/// <summary>
/// An OIDC provider for development: client credentials for known clients, signing keys kept in a folder. Switched on by
/// <c>Identity:Embedded</c>, refused where neither the environment is Development nor <c>Identity:ForDevelopment</c> says that this is meant; any provider takes its place by <c>Authentication:Authority</c>.
/// </summary>
static class EmbeddedProvider
{
    static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    public static void AddEmbeddedProvider(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue<bool>("Identity:Embedded"))
            return;
        if (!builder.Environment.IsDevelopment() && !builder.Configuration.GetValue<bool>("Identity:ForDevelopment"))
            throw new InvalidOperationException(
                "Identity:Embedded is for Development only: its clients and their secret are public. Set Authentication:Authority to your OIDC provider instead."
            );
        var keys =
            builder.Configuration["Identity:KeyFolder"]
            ?? throw new InvalidOperationException("Identity:KeyFolder is not set: where the embedded provider keeps its keys.");
        var issuer =
            builder.Configuration["Authentication:Authority"]
            ?? throw new InvalidOperationException("Authentication:Authority is not set: the address under which tokens are issued.");
        var audience = builder.Configuration.Audience();
        builder
            .Services.AddOpenIddict()
            .AddServer(server =>
            {
                server.SetIssuer(new Uri(issuer)).SetTokenEndpointUris("connect/token").AllowClientCredentialsFlow();
                server.SetAccessTokenLifetime(TokenLifetime).DisableAccessTokenEncryption();
                server.AddSigningKey(Key(keys, "signing")).AddEncryptionKey(Key(keys, "encryption"));
                // Nothing is stored: clients are fixed and tokens are self-contained.
                server.EnableDegradedMode();
                server.UseAspNetCore().DisableTransportSecurityRequirement();
                server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(Validate));
                server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context => Grant(context, audience)));
            });
    }

    /// <summary>The provider looks at its own paths alone: at every other it would look at each request for nothing.</summary>
    public static void UseEmbeddedProvider(this WebApplication app)
    {
        // Otherwise the host puts it before everything else, the limits on guessing among it.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        if (app.Configuration.GetValue<bool>("Identity:Embedded"))
            app.UseWhen(
                http => http.Request.Path.StartsWithSegments("/connect") || http.Request.Path.StartsWithSegments("/.well-known"),
                own => own.UseAuthentication()
            );
    }

    static ValueTask Validate(ValidateTokenRequestContext context)
    {
        if (
            Client(context.ClientId) is null
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(context.ClientSecret ?? ""),
                Encoding.UTF8.GetBytes(DevelopmentClient.Secret)
            )
        )
            context.Reject(Errors.InvalidClient, "The client is unknown or its secret is wrong.");
        return ValueTask.CompletedTask;
    }

    static ValueTask Grant(HandleTokenRequestContext context, string audience)
    {
        var client = Client(context.Request.ClientId)!;
        var identity = new ClaimsIdentity("embedded", Claims.Subject, Claims.Role);
        identity
            .SetClaim(Claims.Subject, client.Id)
            .SetClaim(Claims.Name, client.Name)
            .SetClaim("org", client.Organisation)
            .SetClaims(Claims.Role, [.. client.Roles]);
        identity.SetAudiences(audience);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        context.Principal = new(identity);
        return ValueTask.CompletedTask;
    }

    static DevelopmentClient? Client(string? id) => DevelopmentClient.All.FirstOrDefault(c => c.Id == id);

    /// <summary>The key of this purpose; made on the first start, so that tokens outlive a restart.</summary>
    static RsaSecurityKey Key(string folder, string purpose)
    {
        using var fresh = RSA.Create(2048);
        var rsa = RSA.Create();
        rsa.ImportFromPem(SecretFile.ReadOrCreate(Path.Combine(folder, $"{purpose}.pem"), fresh.ExportPkcs8PrivateKeyPem));
        return new(rsa);
    }
}
