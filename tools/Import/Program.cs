using System.CommandLine;
using PolicyPlatform.Tools.Import;
using Spectre.Console;

var folder = new Argument<DirectoryInfo>("folder")
{
    Description = "The folder of Markdown, text (UTF-8 or GB18030), HTML and Word files, with their metadata in CSV or front matter.",
}.AcceptExistingOnly();
var api = new Option<Uri>("--api")
{
    Description = "Where the platform is.",
    DefaultValueFactory = _ => new("http://localhost:8080"),
    CustomParser = Address,
};
var client = new Option<string>("--client")
{
    Description = "The client to sign in as; it needs the role integrator.",
    DefaultValueFactory = _ => "integration",
};
var secret = new Option<string>("--secret")
{
    Description = "Its secret; the environment variable POLICYPLATFORM_SECRET when left out.",
    DefaultValueFactory = _ => Environment.GetEnvironmentVariable("POLICYPLATFORM_SECRET") ?? "development",
};
var issuer = new Option<string?>("--issuer") { Description = "发文机关 of documents that name none: a code of the Catalog." };
var subject = new Option<string?>("--subject") { Description = "主题分类 of documents that name none: a code of the Catalog." };
var kind = new Option<string?>("--kind") { Description = "The kind of documents that name none: normative or other." };
var report = new Option<FileInfo?>("--report") { Description = "Writes each document's outcome to this file, as CSV." };

var root = new RootCommand("Imports a folder of texts. Run it again after an interruption: what is in the library already stays as it is.")
{
    folder,
    api,
    client,
    secret,
    issuer,
    subject,
    kind,
    report,
};
root.SetAction(
    async (parsed, cancellation) =>
    {
        try
        {
            using var library = await RemoteLibrary.SignIn(
                parsed.GetRequiredValue(api),
                parsed.GetRequiredValue(client),
                parsed.GetRequiredValue(secret),
                cancellation
            );
            var lines = new List<ReportLine>();
            await AnsiConsole
                .Progress()
                .AutoClear(false)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async progress =>
                {
                    var packages = Packages.Of(parsed.GetRequiredValue(folder)).ToArray();
                    var sent = progress.AddTask("files", maxValue: Math.Max(1, packages.Sum(p => p.Files)));
                    foreach (var package in packages)
                    {
                        var before = sent.Value;
                        lines.AddRange(
                            await library.Import(
                                package.Zip,
                                parsed.GetValue(issuer),
                                parsed.GetValue(subject),
                                parsed.GetValue(kind),
                                share => sent.Value = before + share * package.Files,
                                cancellation
                            )
                        );
                        sent.Value = before + package.Files;
                    }
                });
            foreach (var (outcome, count) in lines.CountBy(l => l.Outcome))
                AnsiConsole.MarkupLineInterpolated($"{count, 6} {outcome}");
            foreach (var refused in lines.Where(l => l.Outcome == "refused"))
                AnsiConsole.MarkupLineInterpolated($"[red]refused[/] {refused.Source}: {refused.Problem}");
            if (parsed.GetValue(report) is { } file)
                await File.WriteAllTextAsync(file.FullName, ReportLine.Csv(lines), new System.Text.UTF8Encoding(true), cancellation);
            return lines.Any(l => l.Outcome == "refused") ? 2 : 0;
        }
        catch (Exception e) when (e is HttpRequestException or RefusedException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return 1;
        }
    }
);
return await root.Parse(args).InvokeAsync();

static Uri? Address(System.CommandLine.Parsing.ArgumentResult result)
{
    if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        return address;
    result.AddError("--api takes an address such as http://localhost:8080.");
    return null;
}
