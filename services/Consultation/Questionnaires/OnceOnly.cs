using Marten;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;
using Weasel.Postgresql.Tables;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>What became of an invitation that was sent with an answer.</summary>
enum Turn
{
    /// <summary>It is this answer's.</summary>
    Taken,

    /// <summary>Another answer had it.</summary>
    Used,

    /// <summary>There is no such invitation to this questionnaire.</summary>
    Unknown,
}

/// <summary>
/// Whose turn to answer is over: invitations that were used, devices that answered. Tables without instants and without a way to an answer:
/// what was answered and by whom is nowhere to be put together.
/// </summary>
static class OnceOnly
{
    const string Invitations = "questionnaire_invitations",
        Devices = "questionnaire_devices";

    /// <summary>Makes the tables.</summary>
    public static void KeepTurns(this StoreOptions options)
    {
        var invitations = new Table($"{options.DatabaseSchemaName}.{Invitations}");
        invitations.AddColumn<string>("hash").AsPrimaryKey();
        invitations.AddColumn<Guid>("questionnaire_id").NotNull();
        invitations.AddColumn<bool>("is_used").NotNull();
        options.Storage.ExtendedSchemaObjects.Add(invitations);
        var devices = new Table($"{options.DatabaseSchemaName}.{Devices}");
        devices.AddColumn<string>("hash").AsPrimaryKey();
        options.Storage.ExtendedSchemaObjects.Add(devices);
    }

    /// <summary>Keeps invitations of a questionnaire, as hashes.</summary>
    public static void KeepInvitations(this IDocumentSession session, Guid questionnaire, IReadOnlyList<string> tokens) =>
        session.QueueSqlCommand(
            $"insert into {In(session, Invitations)} (hash, questionnaire_id, is_used) select hash, ?, false from unnest(?) as made (hash)",
            questionnaire,
            tokens.Select(Receipt.HashOf).ToArray()
        );

    /// <summary>Uses an invitation in the transaction of a session: of several that come at once the others wait, and find it used.</summary>
    public static async Task<Turn> UseInvitation(
        this IDocumentSession session,
        Guid questionnaire,
        string token,
        CancellationToken cancellation
    )
    {
        await session.Hold(cancellation);
        var hash = Receipt.HashOf(token);
        if (
            await session.Counts(
                $"with used as (update {In(session, Invitations)} set is_used = true where hash = ? and questionnaire_id = ? and not is_used returning 1) select count(*) as data from used",
                cancellation,
                hash,
                questionnaire
            )
        )
            return Turn.Taken;
        return await session.Counts(
            $"select count(*) as data from {In(session, Invitations)} where hash = ? and questionnaire_id = ?",
            cancellation,
            hash,
            questionnaire
        )
            ? Turn.Used
            : Turn.Unknown;
    }

    /// <summary>Notes a device in the transaction of a session; false when it answered this questionnaire before.</summary>
    public static async Task<bool> NoteDevice(
        this IDocumentSession session,
        Guid questionnaire,
        string token,
        CancellationToken cancellation
    )
    {
        await session.Hold(cancellation);
        // With the questionnaire in it, the hashes of one device have nothing in common.
        return await session.Counts(
            $"with noted as (insert into {In(session, Devices)} (hash) values (?) on conflict do nothing returning 1) select count(*) as data from noted",
            cancellation,
            Receipt.HashOf($"{questionnaire:N} {token}")
        );
    }

    static async Task<bool> Counts(this IDocumentSession session, string sql, CancellationToken cancellation, params object[] values) =>
        (await session.QueryAsync<long>(sql, cancellation, values))[0] > 0;

    static string In(IDocumentSession session, string table) => $"{session.DocumentStore.Options.DatabaseSchemaName}.{table}";
}
