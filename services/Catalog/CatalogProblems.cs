using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Catalog;

/// <summary>The problems that only the Catalog answers with.</summary>
public static class CatalogProblems
{
    /// <summary>There is no such calendar of deadlines, or it is another caller's.</summary>
    public static readonly ProblemCode ObligationCalendarNotFound = new(
        "obligationCalendar.notFound",
        404,
        "No such calendar of deadlines"
    );

    /// <summary>The code belongs to another organisation or subject category.</summary>
    public static readonly ProblemCode CodeTaken = new("catalog.code.taken", 409, "The code is taken");

    /// <summary>There is no organisation of this code.</summary>
    public static readonly ProblemCode OrganisationNotFound = new("organisation.notFound", 404, "No such organisation");

    /// <summary>There is no subject category of this code.</summary>
    public static readonly ProblemCode SubjectNotFound = new("subject.notFound", 404, "No such subject category");

    /// <summary>The organisation still has others below it, or no longer exists.</summary>
    public static readonly ProblemCode OrganisationState = new(
        "organisation.state.wrong",
        409,
        "The organisation's state does not allow this"
    );

    /// <summary>The calendar of this year is not known.</summary>
    public static readonly ProblemCode CalendarNotFound = new("calendar.notFound", 404, "No such calendar");

    /// <summary>The disclosure catalogue has no such item on that day.</summary>
    public static readonly ProblemCode DisclosureItemNotFound = new(
        "disclosureItem.notFound",
        404,
        "No such item of the disclosure catalogue"
    );

    /// <summary>There is no such obligation, or the caller may not know of it.</summary>
    public static readonly ProblemCode ObligationNotFound = new("obligation.notFound", 404, "No such obligation");

    /// <summary>The obligation is closed, or this was done before.</summary>
    public static readonly ProblemCode ObligationState = new("obligation.state.wrong", 409, "The obligation's state does not allow this");

    /// <summary>There is no such item of the decision catalogue, or the caller may not know of it.</summary>
    public static readonly ProblemCode DecisionItemNotFound = new("decisionItem.notFound", 404, "No such item of the decision catalogue");

    /// <summary>The catalogue or its item is not in a state in which this can be done.</summary>
    public static readonly ProblemCode DecisionItemState = new("decisionItem.state.wrong", 409, "The item's state does not allow this");

    /// <summary>There is no such list, version or entry.</summary>
    public static readonly ProblemCode ListNotFound = new("list.notFound", 404, "No such list, version or entry");

    /// <summary>There is no such topic.</summary>
    public static readonly ProblemCode TopicNotFound = new("topic.notFound", 404, "No such topic");

    /// <summary>There is no such subscription, or it is somebody else's.</summary>
    public static readonly ProblemCode SubscriptionNotFound = new("subscription.notFound", 404, "No such subscription");

    /// <summary>What has no secret cannot get another one.</summary>
    public static readonly ProblemCode NoSecret = new("subscription.secret.none", 409, "The subscription has no secret");

    /// <summary>An address was subscribed too often.</summary>
    public static readonly ProblemCode TooManySubscriptions = new("subscription.tooMany", 429, "Too many subscriptions for this address");

    /// <summary>Notes what keeps a query from being kept, to be asked of everything that comes: the same wherever one is kept.</summary>
    internal static Invalid StoredQuery(
        this Invalid invalid,
        string pointer,
        string? q,
        string? issuer,
        string? subject,
        (string Name, string? Tag) tag,
        (string Name, string? Code) group
    )
    {
        SearchQuery.Check(invalid, $"{pointer}/q", q);
        foreach (var (name, code) in new[] { ("issuer", issuer), ("subject", subject), group })
            if (code is not null)
                invalid.Code($"{pointer}/{name}", code);
        return invalid.Text($"{pointer}/{tag.Name}", tag.Tag, SearchQuery.LongestQuery, required: false);
    }

    /// <summary>Notes a code that is missing or malformed.</summary>
    internal static Invalid Code(this Invalid invalid, string pointer, string? code) =>
        invalid.If(
            code is null || code.Length is 0 or > 40 || code.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '-'),
            pointer,
            "code.malformed",
            "A code has 1 to 40 letters, digits and hyphens."
        );
}
