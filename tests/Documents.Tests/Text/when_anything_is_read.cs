using System.Text;
using PolicyPlatform.Documents.Exchange;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Text;

/// <summary>Texts in every form that are none: <see cref="Mutations"/>.</summary>
public sealed class when_anything_is_read
{
    const int Rounds = 400;

    // A reader that hangs fails instead of holding up whoever runs the tests.
    const int Patience = 3_600_000;

    const string Plain = """
        云泽区人民政府办公室文件
        云泽政办发〔2024〕12号

        关于修改《云泽区供热办法》的决定
        各镇人民政府，区政府各部门：
        一、将第三条第一款修改为：“供热期自11月15日起至次年3月15日止。”删去第五条中的“暂行”。
        （一）第七条改为第八条。增加一条，作为第九条：“特困人员减免热费。”（责任单位：区住建局，完成时限：2025年底前）
        1.1 按照《价格法》（国发〔2012〕3号）执行。
        区域	日间	夜间
        一类	5	2
        本决定自2024年12月1日起施行，有效期至2029年11月30日。
        附件：1.申请表
        　　　2.流程图
        云泽区人民政府办公室
        2024年11月20日
        """;

    const string Markdown = """
        ---
        标题: 云泽区停车办法
        文号: 测发〔2020〕2号
        issuers: [370114, "370114-ZJ"]
        施行日期: 2020-03-01
        备注: |
          两行的
          备注
        ---
        # 云泽区停车办法

        2010年11月19日 国务院令第1号公布

        <!-- INFO END -->

        ## 第一章 总则

        第一条 为了**规范**停车，依照[办法](https://example.org)制定。[注1]

        > 1. 引用
        >    - 列表

        | 区域 | 价格 |
        | --- | --- |
        | 一类 | 5 |

        <table><tr><td rowspan="2">甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>

        ```
        代码
        ```

        [注1]: 截至年底。
        """;

    const string Html = """
        <!DOCTYPE html><html><head><title>网站</title><style>p{color:red}</style></head><body><nav><a href="/">首页</a></nav>
        <h1>云泽区停车<br>管理办法</h1><!-- 注释 --><script>alert(1)</script>
        <p>　　第一条&nbsp; 为了<b id="a">规范<i>停车</b>，</i>制定<font color="red">本</font>办法。</p><p style="display: none">看不见</p>
        <p>第二条 <del>按月</del><ins>按次</ins>缴费，<ruby>泊<rt>bó</rt></ruby>位见下表：</p>
        <table><caption>收费标准</caption><thead><tr><th rowspan="2">区域</th><th colspan="2">价格</th></tr><tr><th>日间</th><th>夜间</th></tr></thead>
        <tbody><tr><td>一类</td><td>5</td><td><table><tr><td>内</td></tr></table></td></tr></tbody></table>
        <ol type="a" start="2"><li value="5">（一）救护车；</li><li>消防车。</li></ol><pre>一行
        二行</pre><math><msup><mi>x</mi><mn>2</mn></msup></math><svg><g><desc><p>图</p></desc></g></svg><template><p>无</p></template>
        <select><option>一</select><img src="a.png" alt="印章"><textarea>不是正文</textarea></body></html>
        """;

    [Fact(Timeout = Patience)]
    public Task plain_text_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "plain text",
                    Rounds,
                    Seeds(Plain, Markdown),
                    bytes => IsRead(new Given(Text: Encoding.UTF8.GetString(bytes)))
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task markdown_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "Markdown",
                    Rounds,
                    Seeds(Markdown, Plain, Html),
                    bytes => IsRead(new Given(Markdown: Encoding.UTF8.GetString(bytes)))
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task html_is_read_or_refused() =>
        Task.Run(
            () => Mutations.Try("HTML", Rounds, Seeds(Html), bytes => IsRead(new Given(Html: Encoding.UTF8.GetString(bytes)))),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task a_word_file_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "Word",
                    Rounds,
                    [WordFiles.WithEverything(), WordFiles.WithPicture("图", [1, 2, 3])],
                    bytes => IsRead(new Given(Docx: bytes))
                ),
            TestContext.Current.CancellationToken
        );

    [Fact(Timeout = Patience)]
    public Task a_folder_is_read_or_refused() =>
        Task.Run(
            () =>
                Mutations.Try(
                    "folder",
                    Rounds,
                    [
                        Zip.Of([
                            (
                                "表.csv",
                                "file,标题,issuers,effectiveFrom\na.txt,甲办法,370114;370114-ZJ,2020-02-01\n丙.html,丙,,\n"u8.ToArray()
                            ),
                            ("a.txt", Encoding.UTF8.GetBytes(Plain)),
                            ("b.md", Encoding.UTF8.GetBytes(Markdown)),
                            ("丙(2021-05-06).html", Encoding.UTF8.GetBytes(Html)),
                            ("丁.docx", WordFiles.WithPicture("第一条 丁。", [1, 2, 3])),
                        ]),
                    ],
                    bytes =>
                    {
                        try
                        {
                            var (documents, unreadable, _) = ImportFiles.Read(new MemoryStream(bytes));
                            return documents.Count > unreadable.Count;
                        }
                        catch (InvalidDataException)
                        {
                            return false;
                        }
                    }
                ),
            TestContext.Current.CancellationToken
        );

    static byte[][] Seeds(params IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Reads a text as a request brings it, and looks through it as all that is recorded is.</summary>
    static bool IsRead(Given given)
    {
        var invalid = new Invalid();
        var (text, tooLong) = given.Read(invalid);
        if (tooLong is not null || invalid.Problem is not null)
            return false;
        var (blocks, _) = BlockIdentity.Carry([], text!.Blocks, 1);
        _ = OwnDays.In(text.Blocks);
        _ = AmendingClauses.In(blocks);
        _ = Citations.In(blocks);
        foreach (var block in blocks)
        {
            _ = Responsibility.Of(block.Text);
            _ = Responsibility.TimeLimit(block.Text);
        }
        return true;
    }

    sealed record Given(
        string? Text = null,
        string? Markdown = null,
        string? Html = null,
        byte[]? Docx = null,
        IReadOnlyList<GivenBlock>? Blocks = null
    ) : ITextInput;
}
