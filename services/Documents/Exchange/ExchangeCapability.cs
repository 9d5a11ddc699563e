using PolicyPlatform.ServiceDefaults.Hosting;
using Wolverine;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>Documents that exist already come in.</summary>
sealed class ExchangeCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service)
    {
        service.Endpoint<Import>().Endpoint<ReadOperation>().Endpoint<ReadImportReport>().Services.AddSingleton<ImportLines>();
        // It asks the Catalog through a client that is made by a factory; the handler takes it from the container.
        service.Services.ConfigureWolverine(options => options.CodeGeneration.AlwaysUseServiceLocationFor<ImportLines>());
    }
}
