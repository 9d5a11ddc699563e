using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>雷同意见: comments that say the same, as letters are that many send. For staff a letter counts once, for each sender it is theirs.</summary>
sealed class FormLettersCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<ReadFormLetters>()
            .Endpoint<MergeFormLetters>()
            .Endpoint<SplitFormLetter>()
            .Endpoint<KeepApart>()
            .Services.AddHostedService<PlaceComments>();
}
