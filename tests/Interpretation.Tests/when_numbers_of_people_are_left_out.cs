using CsCheck;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Interpretation.Tests;

public sealed class when_numbers_of_people_are_left_out
{
    [Theory]
    [InlineData("电话13912345678。", "电话〔已隐去〕。")]
    [InlineData("电话 +86 139-1234-5678，谢谢", "电话 〔已隐去〕，谢谢")]
    [InlineData("008613912345678或8613912345678", "〔已隐去〕或〔已隐去〕")]
    [InlineData("电话１３９１２３４５６７８", "电话〔已隐去〕")]
    [InlineData("2026年 139 1234 5678", "2026年 〔已隐去〕")]
    [InlineData("ID370102199003071234", "ID〔已隐去〕")]
    [InlineData("身份证 370102 19900307 123Ｘ 的", "身份证 〔已隐去〕 的")]
    [InlineData("老证370102900307123", "老证〔已隐去〕")]
    [InlineData("卡号6222 0200 0000 0000 011", "卡号6222 0200 0000 0000 011")]
    [InlineData("卡号4111 1111 1111 1111", "卡号〔已隐去〕")]
    [InlineData("拨0531-12345678或(0531) 1234 5678", "拨〔已隐去〕或〔已隐去〕")]
    public void they_are_found_however_they_are_written(string text, string left) => Assert.Equal(left, PersonalNumbers.Hide(text));

    [Theory]
    [InlineData("云泽政办发〔2026〕31号，2026年11月28日起施行，补贴15 000 000元，索引号370114-ZJ/2026-0000001。")]
    [InlineData("拨打12345或96005，邮编250000，编号2026112800001234。")]
    [InlineData("01a2229e-a73c-75fc-82a3-631e935ec37a")]
    [InlineData("")]
    public void everything_else_stays(string text) => Assert.Equal(text, PersonalNumbers.Hide(text));

    [Fact]
    public void an_office_says_in_its_answer_where_it_is_called() =>
        Assert.Equal("请拨0531-12345678找〔已隐去〕。", PersonalNumbers.Hide("请拨0531-12345678找13912345678。", landlines: false));

    [Fact]
    public void no_grouping_and_no_width_keeps_one_in() =>
        (
            from number in Gen.Long[13_000_000_000, 19_999_999_999]
            from groups in Gen.Int[0, 4].Select(n => new[] { " ", "-", "·", "　", "" }[n]).Array[8]
            from wide in Gen.Bool
            from before in Gen.Int[0, 5].Select(n => new[] { "", "我的电话是", "2026年", "x", "+86", "（" }[n])
            select (Number: $"{number}", groups, wide, before)
        ).Sample(written =>
        {
            var digits = written.wide ? string.Concat(written.Number.Select(c => (char)(c - '0' + '０'))) : written.Number;
            var text = digits[..3] + string.Concat(digits[3..].Zip(written.groups, (digit, between) => $"{between}{digit}"));
            var left = PersonalNumbers.Hide($"{written.before}{text}，请回电");
            return left.Length < written.before.Length + 12 && left.EndsWith("〔已隐去〕，请回电", StringComparison.Ordinal);
        });
}
