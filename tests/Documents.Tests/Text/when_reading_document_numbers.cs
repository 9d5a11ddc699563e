using CsCheck;

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
    [InlineData(null)]
    [InlineData("")]
    [InlineData("章政办发2025-2号")]
    [InlineData("章政办发〔25〕2号")]
    [InlineData("章政办发〔2025〕0号")]
    [InlineData("〔2025〕2号")]
    [InlineData("章政办发〔2025〕2")]
    public void what_is_no_number_is_refused(string? typed) => Assert.False(DocumentNumber.TryParse(typed, out _));

    [Fact]
    public void a_printed_number_reads_back_as_itself() =>
        Gen.Select(Gen.Char['一', '龥'].Array[1, 8], Gen.Int[1900, 2999], Gen.Int[1, 9999])
            .Sample((issuer, year, serial) =>
            {
                var number = new DocumentNumber(new string(issuer), year, serial);
                return DocumentNumber.TryParse(number.ToString(), out var read) && read == number;
            });
}
