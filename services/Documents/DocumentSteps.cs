using PolicyPlatform.Documents.Publication;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents;

/// <summary>A step on a document that the caller works on: what every step on the way to publication has in common.</summary>
static class DocumentSteps
{
    /// <summary>Decides on the document of now and records what comes of it.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="http">The request.</param>
    /// <param name="id">The document.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="invalid">What is wrong with the request itself; nothing is decided when something is.</param>
    /// <param name="decide">The decision.</param>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        Func<PolicyDocument, Actor, Decision> decide
    ) =>
        writer.Append<PolicyDocument>(
            http,
            id,
            (document, _) =>
                Task.FromResult(
                    !caller.WorksOn(document) ? Visibility.NotFound(id, document)
                    : invalid.Problem is { } problem ? problem
                    : decide(document!, caller.Actor())
                ),
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    /// <summary>Decides on the document of now and on what others say of it that was not heard of yet.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="http">The request.</param>
    /// <param name="id">The document.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="invalid">What is wrong with the request itself; nobody is asked when something is.</param>
    /// <param name="ask">Asks others; what they say is recorded first.</param>
    /// <param name="decide">The decision.</param>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        Func<PolicyDocument, Task<IReadOnlyList<object>>> ask,
        Func<PolicyDocument, Actor, Decision> decide
    ) =>
        writer.Append<PolicyDocument, IReadOnlyList<object>>(
            http,
            id,
            async document => caller.WorksOn(document) && invalid.Problem is null ? await ask(document!) : [],
            (document, heard, _) =>
                Task.FromResult(
                    !caller.WorksOn(document) ? Visibility.NotFound(id, document)
                    : invalid.Problem is { } problem ? problem
                    : decide(document!.Hearing(heard), caller.Actor()).Having(heard)
                ),
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    /// <summary>The document as it is once what others said is recorded.</summary>
    public static PolicyDocument Hearing(this PolicyDocument document, IReadOnlyList<object> heard)
    {
        var said = AskedGates.Said(heard);
        return document.Then(said)! with { Version = document.Version + said.Count };
    }
}

/// <summary>The answer to a step that recorded no text.</summary>
/// <param name="Id">The document.</param>
/// <param name="Version">The version of the document from now on: its ETag.</param>
public sealed record DocumentStep(Guid Id, long Version);
