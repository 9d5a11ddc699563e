using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Groups;

/// <summary>意见归类: comments put together by hand, by block and theme.</summary>
sealed class GroupsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service.Endpoint<MakeGroup>().Endpoint<PutIntoGroup>().Endpoint<ReadGroups>().Endpoint<ReadGroupsOfClause>();
}
