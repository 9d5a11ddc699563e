using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>What is built is named after its tag; with another history, or none, it is built all the same.</summary>
public sealed class when_a_version_is_made_of_a_tag
{
    [Fact]
    public async Task between_tags_it_lies_between_their_versions()
    {
        Assert.SkipWhen(Tools.OnPath("git") is null, "git is not installed here.");
        var folder = Directory.CreateTempSubdirectory("policyplatform-version-");
        File.Copy(Path.Combine(Repository.Folder, "Directory.Build.props"), Path.Combine(folder.FullName, "Directory.Build.props"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "Some.csproj"),
            """<Project Sdk="Microsoft.NET.Sdk" />""",
            TestContext.Current.CancellationToken
        );
        Assert.Equal("0.1.0-dev", await Version());
        await Git("init", "--quiet");
        await Commit();
        await Git("tag", "voted");
        Assert.Equal("0.1.0-dev", await Version());
        await Git("tag", "v0.1.0");
        await Commit();
        await Commit();
        Assert.Equal("0.1.1-dev.2", await Version());
        await Git("tag", "v0.2.0-rc.1");
        Assert.Equal("0.2.0-rc.1", await Version());
        // Who says it is right.
        Assert.Equal("1.2.3", await Version("-p:Version=1.2.3"));
        folder.Delete(recursive: true);

        async Task<string> Version(params string[] more)
        {
            var said = await Tools.Run(
                "dotnet",
                ["msbuild", "Some.csproj", "-nologo", "-t:GetAssemblyVersion", "-getProperty:InformationalVersion", .. more],
                folder.FullName
            );
            Assert.True(said.IsSuccess, said.StandardOutput + said.StandardError);
            return said.StandardOutput.Trim();
        }

        Task Commit() =>
            Git("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "commit", "--quiet", "--allow-empty", "-m", "more");

        async Task Git(params string[] arguments)
        {
            var said = await Tools.Run("git", arguments, folder.FullName);
            Assert.True(said.IsSuccess, said.StandardError);
        }
    }
}
