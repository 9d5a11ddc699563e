using PolicyPlatform.Documents.Library.Indexing;

namespace PolicyPlatform.Documents.Tests.Library;

public sealed class Places_tell
{
    [Theory]
    [InlineData("济南市文明养犬管理条例", "济南养狗要登记吗", true)]
    [InlineData("济南市文明养犬管理条例", "养狗要登记吗", true)]
    [InlineData("济南市文明养犬管理条例", "青岛养狗要登记吗", false)]
    [InlineData("济南市文明养犬管理条例", "北京养狗要登记吗", false)]
    [InlineData("山东省供热条例", "青岛的暖气费", true)]
    [InlineData("山东省供热条例", "河北的暖气费", false)]
    [InlineData("济南市城市供水条例", "山东的水费", false)]
    [InlineData("济南市城市供水条例", "山东济南的水费", true)]
    [InlineData("物业管理条例", "青岛的物业费", true)]
    [InlineData("济南市医疗保障办法", "医保定点药店有哪些", true)]
    [InlineData("上海市客运站管理办法", "上海南站能寄存行李吗", true)]
    [InlineData("云泽区冬季供热保障办法", "济南的暖气费", true)]
    public void whether_a_document_holds_where_a_question_asks(string title, string question, bool reaches) =>
        Assert.Equal(reaches, Places.Reaches(title, Places.In(question)));
}
