namespace PolicyPlatform.AppHost.Samples;

/// <summary>A draft that the public is asked about, with what the first senders said.</summary>
static class SampleConsultations
{
    const string Text = """
        第一条 为了规范云泽区供热退费，保护用热人的权益，制定本办法。
        第二条 居住建筑室内温度低于十八度的，供热企业应当按照不达标天数退还百分之五十的热费。
        第三条 退费申请应当在采暖期结束后三十日内提出；供热企业应当自收到申请之日起三十日内退还。
        第四条 本办法自公布之日起施行，有效期三年。
        """;

    public static async Task Load(SampleDistrict district)
    {
        var draft = await district.Post(
            "drafting-housing",
            "documents",
            new
            {
                title = "云泽区供热退费办法（征求意见稿）",
                kind = "normative",
                issuers = new[] { "370114-ZJ" },
                subject = "CXJS",
                disclosure = new { attribute = "proactive" },
                text = Text,
                changeNote = "起草",
            }
        );
        var opened = await district.Post(
            "openness-office",
            "consultations",
            new
            {
                documentId = draft.GetProperty("id").GetGuid(),
                explanation = "现行办法没有规定退费的标准和期限，群众反映集中，起草本办法。",
                ways = "信函：云泽大街1号云泽区住房和城乡建设局，邮编250200；传真：0531-80000002。",
                contact = "云泽区住房和城乡建设局物业科，0531-80000001。",
                showing = "atOnce",
            }
        );
        var id = opened.GetProperty("id").GetGuid();
        foreach (
            var (block, position, text, kind) in new (string?, string, string, string)[]
            {
                ("b2", "suggest", "百分之五十偏低，建议按照实际温度分档退还。", "citizen"),
                ("b3", "oppose", "三十日太长，建议缩短为十五日。", "citizen"),
                (null, "support", "支持尽快出台。", "tradeAssociation"),
            }
        )
            await district.Post(
                "integration",
                $"consultations/{id}/comments",
                new
                {
                    anchor = block is null ? null : new { block },
                    position,
                    text,
                    kind,
                }
            );
    }
}
