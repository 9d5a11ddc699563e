namespace PolicyPlatform.ServiceDefaults.Problems;

/// <summary>The problems that every service can answer with.</summary>
public static class CommonProblems
{
    /// <summary>The request could not be read: broken JSON, a wrong type, bytes that are not UTF-8.</summary>
    public static readonly ProblemCode Malformed = new("request.malformed", 400, "The request cannot be read");

    /// <summary>No token, or one that is expired or not trusted.</summary>
    public static readonly ProblemCode Unauthenticated = new("identity.token.invalid", 401, "A valid bearer token is required");

    /// <summary>The caller is known but lacks the role.</summary>
    public static readonly ProblemCode Forbidden = new("identity.role.missing", 403, "The caller lacks the role for this");

    /// <summary>Nothing is there that the caller may see.</summary>
    public static readonly ProblemCode NotFound = new("resource.notFound", 404, "Nothing was found here");

    /// <summary>The document was published, and taken from the public since; the detail says why.</summary>
    public static readonly ProblemCode TakenDown = new("document.takenDown", 410, "The document was taken from the public");

    /// <summary>The text was erased for good.</summary>
    public static readonly ProblemCode Erased = new("revision.erased", 410, "The text was erased");

    /// <summary>The path exists, the method does not.</summary>
    public static readonly ProblemCode MethodNotAllowed = new("request.method.notAllowed", 405, "This method is not offered here");

    /// <summary>None of the accepted media types is offered.</summary>
    public static readonly ProblemCode NotAcceptable = new(
        "request.accept.unsupported",
        406,
        "None of the accepted media types is offered"
    );

    /// <summary>The caller's <c>If-Match</c> names a version that is no longer current.</summary>
    public static readonly ProblemCode Stale = new("precondition.version.stale", 412, "The resource has changed since it was read");

    /// <summary>The bytes of a file are of no type that is accepted.</summary>
    public static readonly ProblemCode FileType = new("attachment.type.refused", 415, "This type of file is not accepted");

    /// <summary>The request body is too large.</summary>
    public static readonly ProblemCode TooLarge = new("request.tooLarge", 413, "The request is too large");

    /// <summary>The address is longer than is read.</summary>
    public static readonly ProblemCode AddressTooLong = new("request.address.tooLong", 414, "The address is too long");

    /// <summary>The headers are larger than is read.</summary>
    public static readonly ProblemCode HeadersTooLarge = new("request.headers.tooLarge", 431, "The headers are too large");

    /// <summary>The content type is not one that this call reads.</summary>
    public static readonly ProblemCode UnsupportedMediaType = new(
        "request.contentType.unsupported",
        415,
        "This content type is not accepted here"
    );

    /// <summary>The request was read, but its content breaks rules; <c>errors</c> names all of them.</summary>
    public static readonly ProblemCode InvalidContent = new("request.invalid", 422, "The content of the request is not valid");

    /// <summary>The same idempotency key came with a different request.</summary>
    public static readonly ProblemCode IdempotencyKeyReused = new(
        "idempotency.key.reused",
        422,
        "The idempotency key was used for another request"
    );

    /// <summary>A caller without a token sent an idempotency key that somebody else could send too.</summary>
    public static readonly ProblemCode IdempotencyKeyGuessable = new(
        "idempotency.key.guessable",
        400,
        "The idempotency key can be guessed"
    );

    /// <summary>More requests came than are taken from one address.</summary>
    public static readonly ProblemCode TooMany = new("request.tooMany", 429, "Too many requests");

    /// <summary>Too many writers wanted the same resource at once.</summary>
    public static readonly ProblemCode Contended = new("write.contended", 503, "Too many writers at once");

    /// <summary>The database or another service cannot be reached; nothing was done.</summary>
    public static readonly ProblemCode Unavailable = new("service.unavailable", 503, "The service cannot answer just now");

    /// <summary>The disk of the database, or of a service, is full. Nothing was recorded; reading goes on.</summary>
    public static readonly ProblemCode Full = new("storage.full", 503, "There is no room to write to");

    /// <summary>The database, or a disk, can only be read. Nothing was recorded.</summary>
    public static readonly ProblemCode ReadOnly = new("storage.readOnly", 503, "Nothing can be written just now");

    /// <summary>Personal data is sealed with a key that is not there, or was damaged.</summary>
    public static readonly ProblemCode Unreadable = new("personalData.unreadable", 503, "What is sealed cannot be read");

    /// <summary>The answer that the idempotency key got was sealed with a key that is not there. It was carried out.</summary>
    public static readonly ProblemCode AnswerUnreadable = new(
        "idempotency.answer.unreadable",
        409,
        "The request was carried out before, and its answer cannot be read"
    );

    /// <summary>An error of the platform itself.</summary>
    public static readonly ProblemCode Unexpected = new("service.failed", 500, "The platform failed to carry this out");
}
