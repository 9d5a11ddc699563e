using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PolicyPlatform.ServiceDefaults.Http;

namespace PolicyPlatform.ServiceDefaults.OpenApi;

/// <summary>The parameters of a call: named as they are written, each with its words and what it means.</summary>
static class Parameters
{
    // What a name means wherever it is not said at the handler.
    static readonly Dictionary<string, string> Meanings = new()
    {
        ["pageSize"] = $"How many items a page has at most, 1 to {PageRequest.Most}; {PageRequest.Default} when left out.",
        ["pageToken"] = "The `nextPageToken` of the page before; left out for the first page.",
        ["q"] = "Words that must all be found.",
        ["body"] = "Only those that this organisation answers for: a code of the Catalog.",
        ["issuer"] = "Only those that this organisation issued (发文机关): a code of the Catalog.",
        ["document"] = "Only those about this document: its id.",
        ["block"] = "Only those about this article, paragraph or item of the document: its block id.",
        ["state"] = "Only those in this state.",
        ["phase"] = "Only those of this phase.",
        ["form"] = "Only those of this form.",
        ["kind"] = "Only those of this kind.",
        ["subject"] = "Only those of this subject category (主题分类): a code of the Catalog.",
        ["consultation"] = "Only those of this consultation: its id.",
        ["openDay"] = "Only those that were gathered before this open day: its id.",
        ["position"] = "Only those that take this position.",
        ["region"] = "Only those from this region: a code of GB/T 2260.",
        ["group"] = "Only those in this group: its id.",
        ["all"] = "Whether what is not shown is there too, for those who carry it out.",
        ["step"] = "Only those that need this step.",
        ["access"] = "Only those that are given in this way.",
        ["outdated"] = "Only those that a later text has outdated, or only those that hold.",
        ["on"] = "As things stood on this day, Asia/Shanghai; today when left out.",
        ["inForceOn"] = "The text in force on this day, Asia/Shanghai; today when left out.",
        ["recordedAt"] = "As it was known at this instant; now when left out.",
        ["from"] = "From this instant on.",
        ["to"] = "Up to this instant, which is not counted.",
        ["name"] = "The file's name.",
        ["changeNote"] = "What was changed and why, for the history.",
        ["token"] = "The secret of the subscription, as it was given or mailed to the subscriber.",
        ["unchanged"] = "Whether what is the same in both is shown too.",
        ["view"] = "How the comparison is laid out.",
        ["significance"] = "What the author calls the change; `major` when left out.",
        ["layer"] = "The layer of the disclosure catalogue.",
        ["annotate"] = "Whether the text carries what explains it.",
    };

    public static async Task Describe(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellation
    )
    {
        operation.Parameters ??= [];
        foreach (var extra in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryParameters>().SelectMany(q => q.Names))
            if (operation.Parameters.All(p => p.Name != extra))
                operation.Parameters.Add(
                    new OpenApiParameter
                    {
                        Name = extra,
                        In = ParameterLocation.Query,
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    }
                );
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            var source = context.Description.ParameterDescriptions.FirstOrDefault(p => p.Name == parameter.Name);
            var attributes = Attributes(source);
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            if (attributes.OfType<OneOfAttribute>().FirstOrDefault() is { } words)
                parameter.Schema = await Enumeration(words.Type, context, cancellation);
            else if (attributes.OfType<DayAttribute>().Any())
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" };
            parameter.Required |= attributes.OfType<RequiredAttribute>().Any();
            if (string.IsNullOrEmpty(parameter.Description))
                parameter.Description =
                    parameter.In is ParameterLocation.Path
                        ? OfPath(context.Description.RelativePath!, parameter.Name)
                        : Meanings.GetValueOrDefault(parameter.Name);
            parameter.Description = Words.OneLine(parameter.Description);
        }
    }

    static IEnumerable<Attribute> Attributes(ApiParameterDescription? source) =>
        (source?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo.GetCustomAttributes() ?? [];

    static async Task<IOpenApiSchema> Enumeration(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Document!.Components?.Schemas?.ContainsKey(type.Name) is not true)
            context.Document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancellation));
        return new OpenApiSchemaReference(type.Name, context.Document);
    }

    /// <summary>What stands before a place in the path says what it is: <c>/organisations/{code}</c>, the organisation's code.</summary>
    static string OfPath(string path, string name)
    {
        var segments = path.Split('/');
        var at = Array.FindIndex(segments, s => s.StartsWith($"{{{name}", StringComparison.Ordinal));
        var before = at > 0 && !segments[at - 1].StartsWith('{') ? segments[at - 1].Replace('-', ' ') : "";
        var one = before.EndsWith("ies", StringComparison.Ordinal) ? $"{before[..^3]}y" : before.TrimEnd('s');
        return one.Length == 0 ? $"The {Words.Title(name).ToLowerInvariant()}." : $"The {one}'s {Words.Title(name).ToLowerInvariant()}.";
    }

    public static OpenApiParameter Header(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
