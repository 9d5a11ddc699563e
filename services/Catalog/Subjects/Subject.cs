using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Subjects;

/// <summary>A subject category came into the Catalog.</summary>
public sealed record SubjectCreated(string Code, string Name, Actor By, DateTimeOffset At) : IEventOf<Subject>;

/// <summary>主题分类: what a document is about.</summary>
public sealed record Subject : IState<Subject>
{
    /// <summary>The stream's key: organisations have codes of their own.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Its code.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its name: 综合政务.</summary>
    public string Name { get; init; } = "";

    /// <summary>The key of a code's stream.</summary>
    public static string Key(string code) => $"subject/{code}";

    /// <summary>The state after one more event.</summary>
    public static Subject? Next(Subject? subject, IEventOf<Subject> happened) =>
        happened is SubjectCreated e
            ? new()
            {
                Id = Key(e.Code),
                Code = e.Code,
                Name = e.Name,
            }
            : subject;
}

/// <summary>A subject category as the API shows it.</summary>
/// <param name="Code">Its code, which stays.</param>
/// <param name="Name">Its name: 综合政务.</param>
public sealed record SubjectView(string Code, string Name);
