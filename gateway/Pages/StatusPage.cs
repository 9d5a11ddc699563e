using System.Globalization;
using PolicyPlatform.Gateway.Operations;
using PolicyPlatform.Gateway.Routing;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Operations;

namespace PolicyPlatform.Gateway.Pages;

/// <summary>
/// What runs, for people. Everybody reads whether each area can be used; who comes with a supervisor's token reads versions, what waits and
/// what is late as well.
/// </summary>
static class StatusPage
{
    public static void MapStatusPage(this IEndpointRouteBuilder app) => app.MapGet("/status", Show);

    static async Task<IResult> Show(ServiceStates states, ServiceCalls calls, HttpContext http)
    {
        var services = await states.Read(http.RequestAborted);
        var inside =
            http.Request.Headers.Authorization.Count > 0 && await ReadPlatformStatus.Ask(calls, http) is { Refused: null } answers
                ? ReadPlatformStatus.Together(answers)
                : null;
        var rows = string.Concat(services.Select(s => $"<tr><td>{Layout.Text(Area(s.Name))}</td><td>{Word(s.IsReady)}</td></tr>"));
        var away = services.Count(s => !s.IsReady);
        return Layout.Page(
            http,
            Languages.IsChinese ? "运行状态" : "Status",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                <p><strong>{(
                    away == 0 ? Say("Everything can be used.", "所有服务运行正常。")
                    : away < services.Count ? Say("Some areas cannot be used just now; all others can.", "部分服务暂时不可用，其余服务正常。")
                    : Say("Nothing can be used just now.", "所有服务暂时不可用。")
                )}</strong></p>
                <table>{rows}</table>
                {(inside is null ? $"<p>{Say("Supervisors find versions, queues and deadlines here:", "监督人员可在此查看版本、队列和期限：")} <code>GET /api/v1{ReadStatus.Path}</code></p>" : Inside(inside))}
                <p><a href="/">{Say("Where to go on", "入口")}</a></p>
                """
            )
        );
    }

    static string Inside(PlatformStatus status) =>
        string.Concat(
            status.Services.Select(s =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    <h2>{Layout.Text(Area(s.Service))}</h2>
                    <table>
                    <tr><td>{Say("Version", "版本")}</td><td><code>{Layout.Text(s.Version)}</code></td></tr>
                    <tr><td>{Say("Runs since", "启动时间")}</td><td>{s.StartedAt:yyyy-MM-dd HH:mm:ss} UTC</td></tr>
                    {string.Concat(
                        s.Checks.Select(c => $"<tr><td>{Layout.Text(c.Name)}</td><td>{Layout.Text(c.Detail ?? c.Status)}</td></tr>")
                    )}
                    {string.Concat(s.Numbers.GroupBy(n => n.Name).Select(Row))}
                    </table>
                    """
                )
            )
        );

    // A number in a row, with its kinds beside each other.
    static string Row(IEnumerable<StatusNumber> kinds) =>
        $"<tr><td>{Layout.Text(kinds.First().What.Told)}</td><td>{string.Join("<br>", kinds.Select(k => Layout.Text(k.Kind is { } kind ? $"{Word(kind)} {Value(k)}" : Value(k))))}</td></tr>";

    static string Word(string kind) =>
        (kind, Languages.IsChinese) switch
        {
            ("queue", true) => "队列",
            ("inbox", true) => "收件箱",
            ("scheduled", true) => "到期未执行",
            ("outbox", true) => "发件箱",
            ("due_soon", true) => "临期",
            ("overdue", true) => "逾期",
            ("received", true) => "待派办",
            ("waiting", true) => "等待",
            ("dead", true) => "已放弃",
            _ => kind.Replace('_', ' '),
        };

    static string Value(StatusNumber number) =>
        number.Unit == "s"
            ? TimeSpan.FromSeconds(Math.Floor(number.Value)).ToString("c", CultureInfo.InvariantCulture)
            : number.Value.ToString("#,0.##", CultureInfo.InvariantCulture);

    static string Area(string service) =>
        (service.ToLowerInvariant(), Languages.IsChinese) switch
        {
            ("catalog", true) => "机构目录、公开义务、清单、订阅",
            ("catalog", false) => "Organisations, obligations, lists, subscriptions",
            ("documents", true) => "政策文件库、起草与发布",
            ("documents", false) => "The library, drafting and publication",
            ("interpretation", true) => "政策解读、问答、惠企惠民事项、热线",
            ("interpretation", false) => "Interpretation, questions, benefits, hotline",
            ("consultation", true) => "征求意见、听证、开放日、评估",
            ("consultation", false) => "Consultations, hearings, open days, evaluations",
            _ => service,
        };

    static string Word(bool isReady) => isReady ? Say("ready", "就绪") : Say("not ready", "未就绪");

    static string Say(string english, string chinese) => Layout.Text(Languages.IsChinese ? chinese : english);
}
