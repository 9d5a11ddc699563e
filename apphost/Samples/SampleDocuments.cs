using System.Text.Json;

namespace PolicyPlatform.AppHost.Samples;

/// <summary>
/// The sample documents: a policy with four revisions over two years, the decision that amended it, and the predecessor that it repealed.
/// </summary>
static class SampleDocuments
{
    /// <summary>Loads them.</summary>
    /// <returns>The policy.</returns>
    public static async Task<string> Load(SampleDistrict district)
    {
        await Organisation(district, "370114", "云泽区人民政府", "district", null);
        await Organisation(district, "370114-ZWGK", "云泽区人民政府办公室", "department", "370114");
        await Organisation(district, "370114-ZJ", "云泽区住房和城乡建设局", "department", "370114");
        await Organisation(district, "370114-JY", "云泽区教育和体育局", "department", "370114");
        await Organisation(district, "370114-LX", "临溪街道办事处", "subdistrict", "370114");
        await Organisation(district, "370114-BG", "柏谷镇人民政府", "town", "370114");
        foreach (var (code, name) in new[] { ("ZHZW", "综合政务"), ("CXJS", "城乡建设"), ("JYTY", "教育体育"), ("SHBZ", "社会保障") })
            await district.Post("openness-office", "subjects", new { code, name });

        var former = await Published(
            district,
            "供热保障暂行规定",
            "云泽区冬季供热保障暂行规定",
            "云泽政办发〔2021〕6号",
            "2021-10-18",
            "2021-10-20",
            "2021-11-01"
        );
        var measures = await Published(
            district,
            "供热保障办法-1",
            "云泽区冬季供热保障办法",
            "云泽政发〔2024〕12号",
            "2024-10-08",
            "2024-10-10",
            "2024-11-15",
            "供热保障办法-2"
        );
        await district.Post(
            "openness-office",
            $"documents/{former}/repeal",
            new
            {
                reason = "《云泽区冬季供热保障办法》自2024年11月15日起施行，本规定同时废止。",
                effectiveFrom = "2024-11-15",
                repealedBy = measures,
            }
        );
        var decision = await Published(
            district,
            "修改决定",
            "关于修改《云泽区冬季供热保障办法》的决定",
            "云泽政发〔2025〕9号",
            "2025-09-01",
            "2025-09-03",
            "2025-10-15"
        );
        await Amend(
            district,
            measures,
            "供热保障办法-3",
            "根据云泽政发〔2025〕9号修改：提高室温标准，明确退费期限。",
            "2025-10-15",
            decision
        );
        await Prepared(district, measures, "供热保障办法-4", "根据机构改革和热价听证结果修改：增加特困家庭热费减免。", "2026-09-01");
        return measures;
    }

    static Task<JsonElement> Organisation(SampleDistrict district, string code, string name, string type, string? parent) =>
        district.Post(
            "openness-office",
            "organisations",
            new
            {
                code,
                name,
                type,
                parent,
                validFrom = "2020-01-01",
            }
        );

    /// <summary>Takes a document all the way to publication.</summary>
    static async Task<string> Published(
        SampleDistrict district,
        string text,
        string title,
        string documentNumber,
        string writtenOn,
        string publishedOn,
        string effectiveFrom,
        params string[] revisions
    )
    {
        var draft = await district.Post(
            "drafting-housing",
            "documents",
            new
            {
                title,
                kind = "normative",
                issuers = new[] { "370114-ZJ" },
                subject = "CXJS",
                disclosure = new { attribute = "proactive" },
                markdown = Text(text),
                changeNote = "起草",
            }
        );
        var id = draft.GetProperty("id").GetString()!;
        foreach (var revision in revisions)
            await district.Post(
                "drafting-housing",
                $"documents/{id}/revisions",
                new
                {
                    markdown = Text(revision),
                    changeNote = "根据征求意见情况修改",
                    significance = "major",
                }
            );
        await district.Post("drafting-housing", $"documents/{id}/review", new { note = "请审查。" });
        await district.Post(
            "legal-review",
            $"documents/{id}/legality",
            new
            {
                passed = true,
                opinion = "未发现与上位法相抵触的内容。",
                urgentReason = "历史文件补录。",
            }
        );
        await district.Post("signing", $"documents/{id}/sign", new { signedOn = writtenOn });
        await district.Post("openness-office", $"documents/{id}/interpretation/exemption", new { reason = "历史文件补录。" });
        await district.Post("openness-office", $"documents/{id}/issue", new { documentNumber, writtenOn });
        await district.Post("openness-office", $"documents/{id}/publish", new { publishedOn, effectiveFrom });
        return id;
    }

    static Task<JsonElement> Amend(
        SampleDistrict district,
        string id,
        string text,
        string changeNote,
        string effectiveFrom,
        string amendedBy
    ) =>
        district.Post(
            "openness-office",
            $"documents/{id}/amendments",
            new
            {
                markdown = Text(text),
                changeNote,
                effectiveFrom,
                amendedBy,
            }
        );

    /// <summary>Amends a document by a text that was prepared, reviewed and signed for it.</summary>
    static async Task Prepared(SampleDistrict district, string id, string text, string changeNote, string effectiveFrom)
    {
        var prepared = await district.Post("drafting-housing", $"documents/{id}/revisions", new { markdown = Text(text), changeNote });
        await district.Post("drafting-housing", $"documents/{id}/review", new { note = "请审查。" });
        await district.Post(
            "legal-review",
            $"documents/{id}/legality",
            new
            {
                passed = true,
                opinion = "未发现与上位法相抵触的内容。",
                urgentReason = "历史文件补录。",
            }
        );
        await district.Post("signing", $"documents/{id}/sign", new { signedOn = "2025-12-20" });
        await district.Post(
            "openness-office",
            $"documents/{id}/amendments",
            new
            {
                revision = prepared.GetProperty("revision").GetInt32(),
                changeNote,
                effectiveFrom,
            }
        );
    }

    static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", $"{name}.md"));
}
