using CsCheck;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Tests.Text;

public sealed class when_reading_chinese_numerals
{
    [Theory]
    [InlineData("一", 1)]
    [InlineData("十", 10)]
    [InlineData("十二", 12)]
    [InlineData("二十", 20)]
    [InlineData("一百零三", 103)]
    [InlineData("一百一十", 110)]
    [InlineData("一千零五", 1005)]
    [InlineData("一千二百六十", 1260)]
    [InlineData("两百〇三", 203)]
    [InlineData("九千九百九十九", 9999)]
    [InlineData("１２", 12)]
    public void it_knows_how_laws_count(string numeral, int number) => Assert.Equal(number, ChineseNumerals.Read(numeral));

    [Theory]
    [InlineData("")]
    [InlineData("百")]
    [InlineData("一一")]
    [InlineData("十百")]
    [InlineData("百十一百")]
    [InlineData("甲")]
    [InlineData("零")]
    public void what_is_no_numeral_is_no_number(string text) => Assert.Null(ChineseNumerals.Read(text));

    [Fact]
    public void every_number_reads_as_it_is_written() =>
        Gen.Int[1, 9999].Sample(number => ChineseNumerals.Read(ChineseNumerals.Write(number)) == number);
}
