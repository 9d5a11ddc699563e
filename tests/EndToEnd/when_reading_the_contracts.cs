using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// The gRPC contracts and the messages. <c>contracts/released.binpb</c> is what was released last; it is made anew with a release:
/// <c>buf build contracts --exclude-source-info -o contracts/released.binpb</c>.
/// </summary>
public sealed class when_reading_the_contracts(ClientTools tools) : IClassFixture<ClientTools>
{
    static readonly string Contracts = Path.Combine(Repository.Folder, "contracts");

    [Fact]
    public async Task they_are_as_contracts_are_written_and_everything_is_explained()
    {
        _ = tools;
        await ClientTools.Run("npx", ["buf", "lint", Contracts]);
    }

    [Fact]
    public async Task they_break_nobody_who_uses_what_was_released() =>
        await ClientTools.Run("npx", ["buf", "breaking", Contracts, "--against", Path.Combine(Contracts, "released.binpb")]);
}
