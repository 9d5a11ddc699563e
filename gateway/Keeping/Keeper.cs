using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.OutputCaching;
using PolicyPlatform.Gateway.Routing;
using PolicyPlatform.ServiceDefaults.Operations;

namespace PolicyPlatform.Gateway.Keeping;

/// <summary>
/// Answers the public out of what is kept, has what is not kept fetched once for all who ask for it at the same moment, and hears of writes. What is
/// kept, for whom and for how long: decision 24.
/// </summary>
/// <param name="generations">What holds now.</param>
/// <param name="answers">What is kept.</param>
/// <param name="changes">What is known of the services.</param>
sealed class Keeper(Generations generations, KeptAnswers answers, KnownChanges changes) : IOutputCachePolicy
{
    // Who waits for what another one fetches goes after that himself: a service that hangs keeps nobody longer than it would have.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    static readonly CacheUse use = new("public_answers");

    readonly ConcurrentDictionary<string, TaskCompletionSource> fetched = new();
    long sent;

    /// <summary>A read that may be answered out of what is kept.</summary>
    sealed class Read
    {
        /// <summary>Under which name, of this generation alone.</summary>
        public required string Name { get; init; }

        /// <summary>Whether what is kept is good enough for the caller.</summary>
        public bool TakesKept { get; init; }

        /// <summary>Whether it was answered out of what is kept.</summary>
        public bool IsKept { get; set; }

        /// <summary>Whether the service has said how new its answer is.</summary>
        public bool IsDated { get; set; }

        /// <summary>Told to those who wait for it.</summary>
        public TaskCompletionSource? Fetched { get; set; }
    }

    /// <summary>Stands before what keeps.</summary>
    public async Task Serve(HttpContext http, RequestDelegate next)
    {
        if (await Asked(http) is not { } read)
        {
            await next(http);
            return;
        }
        http.Features.Set(read);
        try
        {
            await next(http);
        }
        finally
        {
            if (read.Fetched is { } told)
            {
                fetched.TryRemove(read.Name, out _);
                told.SetResult();
            }
            use.Count(read.IsKept);
        }
    }

    /// <summary>Stands behind it: here comes what has to be asked for.</summary>
    public Task Fetch(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Read>() is { TakesKept: true } read)
        {
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (fetched.TryAdd(read.Name, told))
                read.Fetched = told;
        }
        return next(http);
    }

    async Task<Read?> Asked(HttpContext http)
    {
        if (KeptReads.NameOf(http) is not { } name)
            return null;
        var counted = KeptReads.Counts(http.Request.Path) ? Interlocked.Read(ref sent).ToString(CultureInfo.InvariantCulture) : "";
        var full = $"{generations.Now}\n{counted}\n{name}";
        if (fetched.TryGetValue(full, out var other))
        {
            await Task.WhenAny(other.Task, Task.Delay(Patience, http.RequestAborted));
            full = $"{generations.Now}\n{counted}\n{name}";
        }
        return new() { Name = full, TakesKept = Takes(http.Request, full) };
    }

    // Who has a newer answer than the one that is kept, or may have, is not told that one.
    bool Takes(HttpRequest request, string name) =>
        request.Headers.IfNoneMatch.Count == 0
        || answers.Tag(TagOf(name)) is { } tag && request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal);

    static string TagOf(string name) => $"tag\n{name}";

    /// <summary>
    /// Ends what is kept when a write is answered, before its caller knows; what was asked for before that is kept for nobody. What the public sends
    /// without a token changes nothing that is kept but how much of it there is.
    /// </summary>
    public Task Hear(HttpContext http, RequestDelegate next)
    {
        if (Writes(http.Request))
            http.Response.OnStarting(() =>
            {
                // What is refused has changed nothing; of what failed nobody knows.
                if (http.Response.StatusCode is >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError)
                    return Task.CompletedTask;
                if (http.Request.Headers.Authorization.Count > 0)
                    generations.End();
                else
                    Interlocked.Increment(ref sent);
                return Task.CompletedTask;
            });
        return next(http);
    }

    static bool Writes(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            ? !HttpMethods.IsGet(request.Method)
                && !HttpMethods.IsHead(request.Method)
                && !HttpMethods.IsOptions(request.Method)
                && !Services.ReadsByPost(request.Path)
            : GrpcDoor.Writes(request.Path);

    /// <summary>Whether it is to be asked how new the answer is.</summary>
    public static bool WantsDate(HttpContext http) => http.Features.Get<Read>() is not null;

    /// <summary>Hears how new an answer is, before anything of it leaves.</summary>
    public void Hear(HttpContext http, string told)
    {
        changes.Hear(told);
        http.Features.Get<Read>()!.IsDated = true;
    }

    ValueTask IOutputCachePolicy.CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var read = context.HttpContext.Features.Get<Read>();
        context.EnableOutputCaching = context.AllowCacheStorage = read is not null;
        context.AllowCacheLookup = read is { TakesKept: true };
        context.AllowLocking = false;
        if (read is not null)
            context.CacheVaryByRules.CacheKeyPrefix = read.Name;
        return ValueTask.CompletedTask;
    }

    ValueTask IOutputCachePolicy.ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.HttpContext.Features.Get<Read>()!.IsKept = true;
        return ValueTask.CompletedTask;
    }

    ValueTask IOutputCachePolicy.ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var answer = context.HttpContext.Response;
        var read = context.HttpContext.Features.Get<Read>()!;
        // What broke off in the middle can look like the whole.
        context.AllowCacheStorage =
            read.IsDated && KeptReads.IsForEverybody(answer) && context.HttpContext.GetForwarderErrorFeature() is null;
        if (context.AllowCacheStorage && answer.Headers.ETag.ToString() is { Length: > 0 } tag)
            answers.Remember(TagOf(read.Name), Compression.WithoutEncoding(tag));
        return ValueTask.CompletedTask;
    }
}
