using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Interpretation.Tasks;

/// <summary>What is to be done by whom.</summary>
sealed class TasksCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) => service.Endpoint<ListTasks>();
}
