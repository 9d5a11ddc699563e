using Microsoft.AspNetCore.Http;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.OpenDays;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Periods;

/// <summary>What the public sees nothing of shows in no ETag, no version and no SEQUENCE of theirs.</summary>
public sealed class when_something_happens_unseen(District district) : IClassFixture<District>
{
    static readonly Actor By = new("a", "370114-ZJ");
    static readonly DateTimeOffset At = new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);
    static readonly Guid Id = Guid.NewGuid();

    [Fact]
    public async Task the_public_sees_no_difference_and_who_carries_it_out_writes_against_the_version_of_now()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "看不见办法")).Id();
        var (comment, _) = await consultation.Comment(id);
        string[] everything =
        [
            $"consultations/{id}",
            "consultations/feed.atom",
            "consultations/calendar.ics",
            $"consultations/{id}/statistics",
            $"consultations/{id}/statistics/timeline",
        ];
        // How many different ones there are is known a moment later.
        await Calls.Eventually<bool>(async () =>
            (await consultation.Get(null, $"consultations/{id}/statistics")).GetProperty("letters").GetInt64() == 1 ? true : null
        );
        var (before, own) = (await Seen(), await Tag($"consultations/{id}", Tokens.DraftingHousing));

        // Written, and not published before all is completed.
        await consultation.Put(Tokens.DraftingHousing, $"consultations/{id}/summary", new { text = "摘要。" });
        // A group, and a reminder of the comment that waits.
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/groups",
            new { title = "归类", comments = new[] { comment } },
            201
        );
        district.Clock.Advance(TimeSpan.FromDays(4));
        await district.AsHoursPass<bool>(async () =>
            await district.Count("select count(*) from consultation.mt_events where type = 'moderation_reminded'") > 0 ? true : null
        );
        Assert.Equal(before, await Seen());

        // Within, the version is that of its history.
        var now = await Tag($"consultations/{id}", Tokens.DraftingHousing);
        Assert.NotEqual(own, now);
        Assert.Equal(412, await Extend(own));
        Assert.Equal(200, await Extend(now));
        var after = await Seen();
        Assert.Equal((before.Version + 1, before.Sequence + 1), (after.Version, after.Sequence));
        Assert.NotEqual(before.Tags, after.Tags);

        async Task<View> Seen() =>
            new(
                string.Join(' ', await Task.WhenAll(everything.Select(path => Tag(path, null)))),
                (await consultation.Get(null, $"consultations/{id}")).GetProperty("version").GetInt64(),
                (await consultation.Get(null, "consultations"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Single(c => c.Id() == id)
                    .GetProperty("version")
                    .GetInt64(),
                Ical.Net.Calendar.Load(await consultation.Read(null, "consultations/calendar.ics"))!
                    .Events.Single(e => e.Uid == $"{id}@policyplatform")
                    .Sequence
            );

        async Task<string> Tag(string path, string? token) => (await Ask("GET", path, token)).Response.Headers.ETag.ToString();

        async Task<int> Extend(string tag) =>
            (
                await Ask(
                    "POST",
                    $"consultations/{id}/extend",
                    Tokens.OpennessOffice,
                    tag,
                    new { closesOn = $"{district.Clock.GetUtcNow().AddDays(60):yyyy-MM-dd}", reason = "再听一听" }
                )
            )
                .Response
                .StatusCode;

        async Task<HttpContext> Ask(string method, string path, string? token, string? tag = null, object? body = null) =>
            (
                await consultation.Scenario(s =>
                {
                    if (token is not null)
                        s.As(token);
                    if (tag is not null)
                        s.WithRequestHeader("If-Match", tag);
                    if (method == "GET")
                        s.Get.Url($"/api/v1/{path}");
                    else
                        s.Post.Json(body!).ToUrl($"/api/v1/{path}");
                    s.IgnoreStatusCode();
                })
            ).Context;
    }

    sealed record View(string Tags, long Version, long Listed, int Sequence);

    [Fact]
    public void of_a_consultation_what_is_seen_is_counted() =>
        Counted<PublicConsultation>(
            (Consulting.June(At), true),
            (new SummaryWritten("摘要。", By, At), false),
            (new ModerationReminded(new(2026, 6, 5), 1, By, At), false),
            (new FormLettersMerged(Id, [], [], By, At), false),
            (new FormLetterSplit(Id, Id, [], By, At), false),
            (new FormLettersKeptApart(Id, Id, [], By, At), false),
            (new RevisionPutUp(2, "办法", "新", new(2026, 7, 1), By, At), true),
            (new PeriodExtended(new(2026, 7, 9), "长", By, At), true),
            (new ConsultationSuspended("停", By, At), true),
            (new ConsultationResumed(new(2026, 7, 9), "续", By, At), true),
            (new ConsultationClosed("够", By, At), true),
            (new FeedbackReminded(new(new(2026, 8, 1), 4), By, At), false),
            (new ConsultationCompleted(1, By, At), true),
            (new SendersForgotten(By, At), false),
            (new ConsultationGivenUp("撤", By, At), true)
        );

    [Fact]
    public void of_a_hearing_files_are_seen_once_they_are_sent_and_who_takes_part_once_that_is_published()
    {
        var terms = new PublicHearing().Terms;
        var file = new HearingMaterialAttached(new("a.pdf", "application/pdf", 1, "a"), By, At);
        Counted<PublicHearing>(
            (new HearingAnnounced(Id, terms, null, null, [], By, At), true),
            (file, false),
            (new HearingMaterialsReminded(new(2026, 6, 5), By, At), false),
            (new HearingMaterialsMissed(new(2026, 6, 5), By, At), false),
            (new HearingParticipantInvited(1, ApplicantKind.Citizen, By, At.AddHours(1)), true),
            (new HearingParticipantInvited(2, ApplicantKind.Citizen, By, At.AddHours(2)), false),
            (new HearingSeatGivenUp(2, null, By, At.AddHours(3)), false),
            (new HearingContactsRead([1], "通知", By, At), false),
            (new HearingMaterialsSent(By, At), true),
            (file, true),
            (new HearingParticipantsPublished(By, At), true),
            (new HearingSeatGivenUp(1, null, By, At), true),
            (new HearingRecordWritten(1, "a", By, At), true)
        );
    }

    [Fact]
    public void of_an_open_day_nobody_sees_that_registrants_were_forgotten() =>
        Counted<OpenDay>(
            (new OpenDayAnnounced(Id, "供热", "370114-ZJ", "大厅", "", new(At, At, At, At), 5, By, At), true),
            (new OpenDayCapacityChanged(6, "大", By, At), true),
            (new OpenDayRegistrantsForgotten(By, At), false)
        );

    [Fact]
    public void of_a_questionnaire_nothing_is_seen_before_it_is_opened_and_no_invitations_are() =>
        Counted<Questionnaire>(
            (
                new QuestionnaireDrafted(
                    Id,
                    "370114-ZJ",
                    "问卷",
                    null,
                    null,
                    QuestionnaireAccess.Invitation,
                    ShowingOfResults.Never,
                    By,
                    At
                ),
                false
            ),
            (new QuestionnaireChanged(1, "问卷", QuestionnaireAccess.Invitation, ShowingOfResults.Never, By, At), false),
            (new QuestionnaireOpened(new(2026, 7, 1), By, At), true),
            (new InvitationsMade(5, By, At), false),
            (new QuestionnaireClosed("够", By, At), true)
        );

    static void Counted<TState>(params (IEventOf<TState> Happened, bool IsSeen)[] all)
        where TState : class, IState<TState>, IPublicState
    {
        TState? state = null;
        foreach (var (happened, isSeen) in all)
        {
            var before = state?.PublicVersion ?? 0;
            state = TState.Next(state, happened);
            Assert.Equal((happened, before + (isSeen ? 1 : 0)), (happened, state!.PublicVersion));
        }
    }
}
