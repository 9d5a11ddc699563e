using CsCheck;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Tests.Text;

public sealed class when_reading_document_numbers
{
    [Theory]
    [InlineData("章政办发〔2025〕2号")]
    [InlineData("章政办发[2025]2号")]
    [InlineData("章政办发【2025】2号")]
    [InlineData("章政办发﹝2025﹞2号")]
    [InlineData("章政办发［2025］2号")]
    [InlineData("章政办发(2025)2号")]
    [InlineData("章政办发（2025）第2号")]
    [InlineData("章政办发〔２０２５〕００２号")]
    [InlineData(" 章政办发 〔2025〕 2 号 ")]
    public void any_bracket_style_gives_the_number_as_it_is_printed(string typed)
    {
        Assert.True(DocumentNumber.TryParse(typed, out var number));
        Assert.Equal("章政办发〔2025〕2号", number.ToString());
    }

    [Theory]
    [InlineData("测试区人民政府令第157号", "测试区人民政府令第157号")]
    [InlineData("测试区人民政府第157号令", "测试区人民政府令第157号")]
    [InlineData("测试区人民政府令 第 一百五十七 号", "测试区人民政府令第157号")]
    [InlineData("住房城乡建设部令第５７号", "住房城乡建设部令第57号")]
    [InlineData("税务总局公告2023年第37号", "税务总局公告2023年第37号")]
    [InlineData("税务总局2023年第037号公告", "税务总局公告2023年第37号")]
    [InlineData("测试区交通运输局通告第3号", "测试区交通运输局通告第3号")]
    [InlineData("住建（规）发〔2026〕1号", "住建（规）发〔2026〕1号")]
    [InlineData("济建 (房) 字[2026] 第12号", "济建（房）字〔2026〕12号")]
    public void orders_announcements_and_codes_with_brackets_are_numbers_too(string typed, string printed)
    {
        Assert.True(DocumentNumber.TryParse(typed, out var number));
        Assert.Equal(printed, number.ToString());
        Assert.True(DocumentNumber.TryParse(printed, out var again));
        Assert.Equal(number, again);
    }

    [Fact]
    public void an_order_that_does_not_say_whose_it_is_is_that_of_its_issuer()
    {
        Assert.True(DocumentNumber.TryParse("第157号令", out var order));
        Assert.Equal(
            ("测试区人民政府令第157号", "国务院令第157号"),
            (order.Of("测试区人民政府").ToString(), order.Of("国务院").ToString())
        );
        Assert.True(DocumentNumber.TryParse("国务院令第157号", out var named));
        Assert.Equal(named, named.Of("测试区人民政府"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("章政办发2025-2号")]
    [InlineData("章政办发〔25〕2号")]
    [InlineData("章政办发〔2025〕0号")]
    [InlineData("〔2025〕2号")]
    [InlineData("章政办发〔2025〕2")]
    [InlineData("第157号")]
    [InlineData("令第零号")]
    [InlineData("公告23年第37号")]
    [InlineData("第三条规定的公告")]
    public void what_is_no_number_is_refused(string? typed) => Assert.False(DocumentNumber.TryParse(typed, out _));

    [Fact]
    public void a_printed_number_reads_back_as_itself() =>
        Gen.Select(Gen.Char['一', '龥'].Array[1, 8], Gen.Int[1900, 2999], Gen.Int[1, 9999])
            .Sample(
                (issuer, year, serial) =>
                {
                    var number = new DocumentNumber(new string(issuer), year, serial);
                    return DocumentNumber.TryParse(number.ToString(), out var read) && read == number;
                }
            );
}
