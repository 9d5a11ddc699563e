using PolicyPlatform.Clients;

var address = Environment.GetEnvironmentVariable("API")!;
var token = Environment.GetEnvironmentVariable("TOKEN")!;
await (args is ["nswag"] ? NSwagCalls.Make(address, token) : KiotaCalls.Make(address, token));

namespace PolicyPlatform.Clients
{
    /// <summary>Says what was called; a call that did not answer as it should ends all.</summary>
    static class Made
    {
        public static void Call(string what) => Console.WriteLine($"called {what}");

        public static void Sure(bool held, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(held))] string what = "")
        {
            if (!held)
                throw new InvalidOperationException($"It does not hold that {what}.");
        }
    }
}
