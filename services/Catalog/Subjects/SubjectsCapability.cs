using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Subjects;

/// <summary>主题分类: what documents are about.</summary>
sealed class SubjectsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) => service.Endpoint<CreateSubject>().Endpoint<FindSubject>();
}
