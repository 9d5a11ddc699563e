using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>
/// An embedding model, where one is configured: any that speaks the API of OpenAI, such as one of the district's own. Without it answers
/// are found by words alone.
/// </summary>
static class Embeddings
{
    // Whoever asks is not kept waiting by the model: without it words decide.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the model of <c>Questions:Embeddings:Endpoint</c>, <c>:Model</c> and <c>:Key</c>.</summary>
    public static void AddEmbeddings(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("Questions:Embeddings");
        if (settings["Endpoint"] is not { Length: > 0 } endpoint)
            return;
        var model =
            settings["Model"]
            ?? throw new InvalidOperationException("Questions:Embeddings:Model is not set: the name of the embedding model.");
        builder.Services.AddSingleton(_ => new OpenAIClient(
                new ApiKeyCredential(settings["Key"] ?? "none"),
                new()
                {
                    Endpoint = new(endpoint),
                    NetworkTimeout = Patience,
                    RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                }
            ).GetEmbeddingClient(model).AsIEmbeddingGenerator());
    }
}
