using System.Globalization;
using PolicyPlatform.Gateway.Routing;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Gateway.Pages;

/// <summary>The page of the address itself: what runs here, and where to go on.</summary>
static class HomePage
{
    public static void MapHomePage(this IEndpointRouteBuilder app) => app.MapGet("/", Show);

    static async Task<IResult> Show(ServiceStates states, HttpContext http)
    {
        var services = await states.Read(http.RequestAborted);
        var zh = Languages.IsChinese;
        string Say(string english, string chinese) => Layout.Text(zh ? chinese : english);
        string Link(string address, string english, string chinese, string whatEnglish, string whatChinese) =>
            $"<tr><td><a href=\"{address}\">{Say(english, chinese)}</a></td><td>{Say(whatEnglish, whatChinese)}</td></tr>";
        var rows = string.Concat(
            services.Select(s =>
                $"<tr><td>{Layout.Text(s.Name)}</td><td>{(s.IsReady ? Say("ready", "就绪") : Say("not ready", "未就绪"))}</td></tr>"
            )
        );
        return Layout.Page(
            http,
            zh ? "政策文件全生命周期平台" : "PolicyPlatform",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                <p>{Say(
                    "The whole life of policy documents: drafting, consultation, review and signing, publication, interpretation, amendment, repeal, and the complete history of all of it.",
                    "政策文件从起草、征求意见、审核签发、公布、解读到修改、废止的全过程，以及其完整历史。"
                )}</p>
                <h2>{Say("Where to go on", "入口")}</h2>
                <table>
                {Link("/api/v1/library", "The library", "政策文件库", "What is published, searched, filtered and sorted, as JSON.", "已公布的文件：检索、筛选、排序（JSON）。")}
                {Link("/api/v1/library/feed.atom", "What is new", "最新文件", "The same as an Atom feed.", "同样内容的 Atom 订阅源。")}
                {Link("/api/v1/topics", "Topics", "专题", "Documents and lists about one matter.", "围绕同一事项汇集的文件和清单。")}
                {Link("/docs", "All calls", "接口文档", "Every call with its parameters, schemas and problems, to be tried.", "全部接口及其参数、结构和错误，可直接试用。")}
                {Link("/openapi/v1.json", "OpenAPI", "OpenAPI", "The same for machines: make a client of it.", "供机器读取，可据以生成客户端。")}
                {Link("/problems", "Problems", "错误代码", "What each code means.", "每个错误代码的含义。")}
                {Link("/status", "Status", "运行状态", "Whether everything can be used just now.", "各项服务当前是否可用。")}
                </table>
                <h2>{Say("What runs", "运行中的服务")}</h2>
                <table>{rows}</table>
                """
            )
        );
    }
}
