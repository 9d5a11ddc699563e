using System.CommandLine;
using System.Globalization;
using PolicyPlatform.Benchmarks;
using PolicyPlatform.Testing;

// Each benchmark measures the platform through its gateway and, in the same run on the same machine, a raw limit: the same payload through
// plain Npgsql, one transaction each, over as many connections. The ratio is what can be compared between machines.
// The public sends from many addresses; here all of it comes from one.
Environment.SetEnvironmentVariable("Limits__PublicWritesPerMinute", "1000000");

var connections = new Option<int>("--connections")
{
    Description = "Connections at once.",
    DefaultValueFactory = _ => 32,
    Recursive = true,
};
var seconds = new Option<double>("--seconds")
{
    Description = "Seconds of each round.",
    DefaultValueFactory = _ => 4,
    Recursive = true,
};
var rounds = new Option<int>("--rounds")
{
    Description = "Rounds of each measurement; the median counts.",
    DefaultValueFactory = _ => 5,
    Recursive = true,
};
var against = new Option<string?>("--against")
{
    Description = "A commit that this one is held against: both are built and run, and loaded in turns, round by round.",
    Recursive = true,
};
var profile = new Option<string?>("--profile")
{
    Description = "A folder for what perf sees during each measurement: a flame graph and a list of functions.",
    Recursive = true,
};
var rabbitMq = new Option<string?>("--rabbitmq") { Description = "A broker to use instead of PostgreSQL queues.", Recursive = true };
var comments = new Option<int>("--comments")
{
    Description = "How many comments the larger consultation has.",
    DefaultValueFactory = _ => 200_000,
    Recursive = true,
};

// The limit of public reads runs as processes of its own.
if (args is [PublicReadMeasurements.Hello, var at])
{
    await PublicReadMeasurements.SayHello(int.Parse(at, CultureInfo.InvariantCulture));
    return 0;
}
if (args is [PublicReadMeasurements.Proxy, var from, var to])
{
    await PublicReadMeasurements.LeadTo(int.Parse(from, CultureInfo.InvariantCulture), int.Parse(to, CultureInfo.InvariantCulture));
    return 0;
}

var root = new RootCommand("Measures the platform against the raw limit of its database.")
{
    connections,
    seconds,
    rounds,
    against,
    profile,
    rabbitMq,
    comments,
};
foreach (
    var (name, description, measure) in new (string, string, Func<Bench, Task>)[]
    {
        ("revisions", "Records 18 KB revisions into 200 documents.", Measurements.Revisions),
        ("read", "Reads current texts of 18 KB.", Measurements.Read),
        ("public-read", "Reads texts and documents as the public does, warm.", PublicReadMeasurements.PublicRead),
        ("history", "Reads the first history page of documents with 20 and with 5,000 revisions.", Measurements.History),
        ("as-of", "Reads documents as they were known at an instant, for a day.", Measurements.AsOf),
        ("comparison", "Compares two revisions of 18 KB, and two of 1,260 articles.", Measurements.Comparison),
        ("search", "Searches 2,000 documents of 20 KB.", Measurements.Search),
        ("import", "Imports documents of 20 KB, a thousand in one request.", Measurements.Import),
        ("storage", "Bytes on disk for 20 revisions of 18 KB in which one article changes each time.", Measurements.Storage),
        (
            "publication",
            "From an accepted publication to library, interpretation, obligation and webhook: idle, and with 200 a minute.",
            PolicyMeasurements.Publication
        ),
        ("hotline", "Takes in 10,000 tickets.", PolicyMeasurements.Hotline),
        ("match", "Matches a profile against 1,000 benefits, and a benefit against 5,000 profiles.", PolicyMeasurements.Match),
        ("comments", "Sends comments of 300 bytes to one consultation.", CommentMeasurements.Comments),
        (
            "comment-scale",
            "Reads, exports and answers a consultation with 200,000 comments, beside one with 200.",
            CommentMeasurements.CommentScale
        ),
        ("registrations", "Sends 10,000 registrations at once for an open day with 100 seats.", RegistrationMeasurements.Registrations),
        (
            "letters",
            "Sorts 20,000 comments into letters that many sent, sends them, and looks how soon each is placed.",
            LetterMeasurements.Letters
        ),
        (
            "distinct-letters",
            "Sorts 200,000 comments of which none is like another, and looks how much memory that takes.",
            LetterMeasurements.Distinct
        ),
        ("rebuild", "Makes every projection anew over 100,000 events.", Measurements.Rebuild),
        ("idle", "What the platform uses while nobody asks it for anything.", Measurements.Idle),
        ("audit", "Audits a million events while the platform runs.", AuditMeasurements.Audit),
    }
)
{
    var command = new Command(name, description);
    command.SetAction(
        async (parsed, _) =>
        {
            var settings = new Settings(
                parsed.GetValue(connections),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(rounds),
                parsed.GetValue(comments),
                parsed.GetValue(profile)
            );
            string[] arguments = ["--no-samples", .. parsed.GetValue(rabbitMq) is { } broker ? new[] { "--rabbitmq", broker } : []];
            var environment = settings.Profile is null ? new Dictionary<string, string>() : Profile.Environment;
            if (parsed.GetValue(against) is not { } revision)
            {
                await With(Tool.Program("AppHost"), environment, arguments, platform => Measured(platform, null));
                return;
            }
            if (settings.Profile is not null)
                throw new InvalidOperationException("A profile is of one commit: leave --against or --profile out.");
            var other = await OtherCommit.Build(revision);
            var turns = new Turns(settings.Rounds);
            await With(
                other,
                environment,
                arguments,
                before =>
                    With(
                        Tool.Program("AppHost"),
                        environment,
                        arguments,
                        now => Task.WhenAll(InTurns(before, isNow: false), InTurns(now, isNow: true))
                    )
            );

            async Task InTurns(RunningPlatform platform, bool isNow)
            {
                try
                {
                    await Measured(platform, isNow ? turns.Now : turns.Before);
                }
                catch (Exception e)
                {
                    turns.Fail(e);
                    throw;
                }
            }

            async Task Measured(RunningPlatform platform, Side? side)
            {
                await using var bench = new Bench(platform, settings, side);
                await measure(bench);
            }
        }
    );
    root.Add(command);
}
var documents = new Option<int>("--documents") { Description = "How many documents.", DefaultValueFactory = _ => 100_000 };
var made = new Option<string?>("--data") { Description = "The data folder of a library that was made before, to go on with." };
var scale = new Command("scale", "Makes a library of 100,000 documents of 20 KB, its index, starts again and searches.")
{
    documents,
    made,
};
scale.SetAction(
    (parsed, _) =>
        Scale.Run(
            parsed.GetValue(documents),
            parsed.GetValue(made),
            new(parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds))
        )
);
root.Add(scale);
var most = new Option<int>("--documents") { Description = "How many documents in the end.", DefaultValueFactory = _ => 20_000 };
var growth = new Command("growth", "What each call costs with 200, 2,000 and 20,000 documents, and with 1 to 512 connections.") { most };
growth.SetAction(
    (parsed, _) =>
        Scale.Grow(
            parsed.GetValue(most),
            new(parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds))
        )
);
root.Add(growth);
var listed = new Option<bool>("--list") { Description = "Shows each question that was answered wrongly, or not." };
var questions = new Command(
    "questions",
    "Asks questions in people's words about the samples and the corpus, and counts right and wrong answers."
)
{
    listed,
};
questions.SetAction((parsed, _) => QuestionMeasurements.Run(parsed.GetValue(listed)));
root.Add(questions);
return await root.Parse(args).InvokeAsync();

static async Task With(string program, IReadOnlyDictionary<string, string> environment, string[] arguments, Func<RunningPlatform, Task> use)
{
    var data = RunningPlatform.NewFolder();
    await using (var platform = await RunningPlatform.StartOf(program, environment, data, arguments))
    {
        if (platform.HasExited)
            throw new InvalidOperationException(platform.Output);
        await platform.Populate();
        await use(platform);
    }
    Directory.Delete(data, recursive: true);
}
