using System.Text.Json;

namespace PolicyPlatform.AppHost.Samples;

/// <summary>
/// What the sample district makes of its policy for people: an item of the disclosure catalogue, a list of charges, an interpretation, an
/// answer, a benefit, and a topic that gathers them.
/// </summary>
static class SampleServices
{
    /// <summary>Loads it.</summary>
    public static async Task Load(SampleDistrict district, string measures)
    {
        await district.Put(
            "openness-office",
            "disclosure-catalogues/district/items/04-01",
            new
            {
                content = new
                {
                    category = "公用事业",
                    name = "冬季供热保障",
                    content = new[] { "政策文件", "热费标准", "减免对象" },
                    legalBasis = "《中华人民共和国政府信息公开条例》第二十条",
                    deadline = "20个工作日",
                    bodies = new[] { "370114-ZJ" },
                    channels = new object[] { new { name = "website" }, new { name = "newMedia", deadline = "3个工作日" } },
                },
                effectiveFrom = "2024-01-01",
            }
        );
        await district.Put(
            "openness-office",
            "lists/charges",
            new
            {
                name = "收费目录",
                schema = new
                {
                    type = "object",
                    properties = new
                    {
                        fee = new { type = "number", minimum = 0 },
                        unit = new { type = "string" },
                        basis = new { type = "string" },
                    },
                    required = new[] { "fee", "unit", "basis" },
                },
            }
        );
        await Charge("add", 26.7m, "云泽发改价〔2023〕4号", "公布收费目录。");
        await Charge("change", 25.5m, "云泽发改价〔2025〕7号", "下调居民热费。");

        var blocks = (await district.Get($"documents/{measures}/revisions/current"))
            .GetProperty("blocks")
            .EnumerateArray()
            .Where(b => b.GetProperty("kind").GetString() == "article")
            .ToDictionary(b => b.GetProperty("label").GetString()!, b => b.GetProperty("id").GetString()!);
        // Interpretation hears of the document by message.
        await district.Heard(async () =>
            (await district.Get("interpretations/documents"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetString() == measures && d.GetProperty("revision").GetInt32() == 4)
        );
        await Interpreted(blocks["第九条"]);
        await Answered(blocks["第十二条"]);
        await Offered(blocks["第九条"]);
        await district.Put(
            "openness-office",
            "topics/heating",
            new
            {
                title = "冬季供热一件事",
                summary = "供热政策、收费标准和热费减免。",
                sections = new object[]
                {
                    new { title = "政策", rules = new[] { new { q = "供热", subject = "CXJS" } } },
                    new { title = "收费", rules = new[] { new { list = "charges", q = "热" } } },
                    new { title = "减免", rules = new[] { new { benefitTag = "供热" } } },
                },
            }
        );

        Task<JsonElement> Charge(string action, decimal fee, string basis, string note) =>
            district.Post(
                "openness-office",
                "lists/charges/entries",
                new
                {
                    note,
                    changes = new[]
                    {
                        new
                        {
                            action,
                            code = "GR-01",
                            title = "居民集中供热热费",
                            body = "370114-ZJ",
                            content = new
                            {
                                fee,
                                unit = "元/平方米·采暖期",
                                basis,
                            },
                        },
                    },
                }
            );

        async Task Interpreted(string block)
        {
            var plan = (
                await district.Post(
                    "drafting-housing",
                    "interpretation-plans",
                    new
                    {
                        documentId = measures,
                        phase = "postImplementation",
                        reason = "修改后跟踪解读。",
                    }
                )
            ).GetProperty("id").GetString();
            var material = (
                await district.Post(
                    "drafting-housing",
                    "interpretations",
                    new
                    {
                        planId = plan,
                        content = new
                        {
                            title = "热费减免怎么享受",
                            text = "**不用申请**：最低生活保障家庭和特困人员的热费减免一半，由街道办事处、镇人民政府核定。",
                            blocks = new[] { block },
                            covers = new[] { "mainContent", "scope" },
                        },
                    }
                )
            ).GetProperty("id").GetString();
            await district.Post("signing", $"interpretations/{material}/sign", new { });
        }

        async Task Answered(string block)
        {
            const string question = "室温不达标怎么退热费？";
            var id = (await district.Post("drafting-housing", "questions", new { question, documentId = measures }))
                .GetProperty("id")
                .GetString();
            await district.Put(
                "drafting-housing",
                $"questions/{id}/answer",
                new
                {
                    question,
                    answer = "向供热企业申请测温，经双方签字确认不达标的，供热企业十五日内退还不达标期间的热费。",
                    documentId = measures,
                    blocks = new[] { block },
                }
            );
            await district.Post("legal-review", $"questions/{id}/approve", new { });
            await district.Post("openness-office", $"questions/{id}/publish", new { });
        }

        async Task Offered(string block)
        {
            var conditions = new
            {
                any = new[] { "最低生活保障家庭", "特困人员" }.Select(value => new
                {
                    field = "status",
                    @operator = "contains",
                    value,
                }),
            };
            var id = (
                await district.Post(
                    "drafting-housing",
                    "benefits",
                    new
                    {
                        title = "困难家庭热费减免",
                        benefit = "热费减免百分之五十",
                        documentId = measures,
                        blocks = new[] { block },
                        access = "noApplication",
                        tags = new[] { "供热", "民生" },
                        conditions,
                    }
                )
            ).GetProperty("id").GetString();
            await district.Post("openness-office", $"benefits/{id}/publish", new { });
        }
    }
}
