using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests;

/// <summary>Another release looks at all tables when it starts, and changes what has to be changed.</summary>
public sealed class when_another_release_starts(District district) : IClassFixture<District>
{
    [Fact]
    public async Task it_goes_on_with_what_is_there()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "升级办法")).Id();
        var (_, receipt) = await consultation.Comment(id);
        await district.StopConsultation();
        await district.Execute("delete from consultation.mt_doc_builtprojection where id like 'release %' or id = 'Comment'");
        consultation = await district.StartConsultation();
        await consultation.Comment(id);
        Assert.Equal("received", (await consultation.Get(null, $"comments/{receipt}")).Word("state"));
        Assert.Equal(2, (await consultation.Get(null, $"consultations/{id}")).GetProperty("counts").GetProperty("received").GetInt64());
    }
}
