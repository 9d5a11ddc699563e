using System.Globalization;
using System.Text;
using System.Text.Json;
using Alba;
using Npgsql;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;
using Wolverine;
using Wolverine.Runtime.Serialization;
using Wolverine.Util;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>Something that is changed behind the services' backs, and what the audit says of it.</summary>
/// <param name="Sql">What changes it.</param>
/// <param name="Service">The service that has it.</param>
/// <param name="Words">The words that tell it: its code, and what it is about.</param>
public sealed record Planted(string Sql, string Service, params string[] Words);

/// <summary>
/// A district with a bit of everything, looked at by tools/Audit: as it is, with what can be mended planted, mended, with what only people can
/// mend planted, and after trying to mend that.
/// </summary>
public sealed class AuditedDistrict(PostgresCluster postgres) : IAsyncLifetime
{
    const string Document = "(select id from documents.mt_doc_policydocument where data ->> 'title' = '{0}')";

    static string Of(string title) => Document.Replace("{0}", title, StringComparison.Ordinal);

    /// <summary>What --repair mends.</summary>
    public static readonly Dictionary<string, Planted> Mendable = new()
    {
        ["a stale document"] = new(
            $"update documents.mt_doc_policydocument set data = jsonb_set(data, '{{indexNumber}}', '\"1-1\"') where id = {Of("发布的办法")}",
            "documents",
            "state.stale PolicyDocument",
            "found indexNumber: 1-1"
        ),
        ["a document missing in the library"] = new(
            $"delete from documents.mt_doc_libraryentry where id = {Of("发布的办法")}",
            "documents",
            "state.missing LibraryProjection"
        ),
        ["a change that the index does not hear of"] = new(
            $"delete from documents.library_changes where document_id = {Of("废止的办法")}",
            "documents",
            "rows.stale LibraryChangesProjection"
        ),
        ["a missing line of history"] = new(
            $"delete from documents.mt_doc_historyentry where version = 3 and document_id = {Of("发布的办法")}",
            "documents",
            "rows.stale HistoryProjection",
            "1 are missing"
        ),
        ["a missing relation"] = new("delete from documents.mt_doc_relationentry", "documents", "rows.stale RelationsProjection"),
        ["a stale topic"] = new(
            "update catalog.mt_doc_topic set data = jsonb_set(data, '{isRemoved}', 'true')",
            "catalog",
            "state.stale Topic topic/parking",
            "expected isRemoved: false; found isRemoved: true"
        ),
        ["a missing entry of a list"] = new(
            "delete from catalog.mt_doc_listentry where code = 'A'",
            "catalog",
            "rows.stale ListEntryProjection"
        ),
        ["a missing obligation"] = new(
            $"""
            delete from catalog.mt_events where stream_id = 'obligation/' || {Of("废止的办法")};
            delete from catalog.mt_streams where id = 'obligation/' || {Of("废止的办法")};
            delete from catalog.mt_doc_obligation where id = 'obligation/' || {Of("废止的办法")}
            """,
            "catalog",
            "obligation.missing"
        ),
        ["a stale plan"] = new(
            "update interpretation.mt_doc_interpretationplan set data = jsonb_set(data, '{revision}', '7') where data ->> 'state' = 'Ready'",
            "interpretation",
            "state.stale InterpretationPlan",
            "found revision: 7"
        ),
        ["a document that Interpretation does not know"] = new(
            $"delete from interpretation.mt_doc_knowndocument where id = {Of("发布的办法")}",
            "interpretation",
            "document.unknown"
        ),
        ["a repeal that Interpretation does not know"] = new(
            $"update interpretation.mt_doc_knowndocument set data = data - 'repealedFrom' where id = {Of("废止的办法")}",
            "interpretation",
            "document.differs",
            "repealedFrom: 2026-07-01; found repealedFrom: none"
        ),
        ["a term that Consultation does not know"] = new(
            $"delete from consultation.mt_doc_documentterm where id = {Of("发布的办法")}",
            "consultation",
            "term.missing"
        ),
        ["a take-down that Interpretation does not know"] = new(
            $"delete from interpretation.mt_doc_hiddendocument where id = {Of("撤下的办法")}",
            "interpretation",
            "visibility.differs",
            "expected taken down: the document, revision 1; found nothing is taken down"
        ),
        ["a stale consultation"] = new(
            "update consultation.mt_doc_publicconsultation set data = jsonb_set(data, '{workBits}', '3')",
            "consultation",
            "state.stale PublicConsultation",
            "found workBits: 3"
        ),
        ["a comment counted twice"] = new(
            "update consultation.comment_tallies set count = count + 1 where id = (select min(id) from consultation.comment_tallies where kind = 'signatures')",
            "consultation",
            "tally.wrong",
            "signatures: expected 3; found 4"
        ),
        ["a letter with too many comments"] = new(
            "update consultation.form_letters set comments = comments + 5 where id = (select id from consultation.form_letters order by id limit 1)",
            "consultation",
            "letter.count"
        ),
        ["a sender without a comment"] = new(
            "insert into consultation.mt_doc_commentsender (id, data, mt_dotnet_type) select gen_random_uuid(), data, mt_dotnet_type from consultation.mt_doc_commentsender limit 1",
            "consultation",
            "personal.orphaned CommentSender"
        ),
        ["a consultation that Documents never heard of"] = new(
            $"""
            delete from documents.mt_events where type = 'consultation_began' and stream_id = {Of("征求意见的办法")};
            update documents.mt_streams set version = version - 1 where id = {Of("征求意见的办法")};
            delete from documents.mt_doc_historyentry where data ->> 'what' = 'consultationBegan' and document_id = {Of("征求意见的办法")};
            update documents.mt_doc_policydocument set data = data || jsonb_build_object('consultations', '[]'::jsonb, 'state', 'Drafting', 'version', 2, 'changedAt', data -> 'createdAt'), mt_version = 2 where id = {Of(
                "征求意见的办法"
            )}
            """,
            "documents",
            "gate.consultation",
            "expected under way with revision 1; found never heard of"
        ),
        ["an obligation that did not follow its document"] = new(
            $"update catalog.mt_events set data = jsonb_set(data, '{{title}}', '\"误登的班法\"') where type = 'obligation_opened' and stream_id = 'obligation/' || {Of("误登的办法")};"
                + $"update catalog.mt_doc_obligation set data = jsonb_set(data, '{{title}}', '\"误登的班法\"') where id = 'obligation/' || {Of("误登的办法")}",
            "catalog",
            "elements.differ",
            "expected the title that the public reads; found another title"
        ),
        ["a title and a number that Interpretation did not follow"] = new(
            $"update interpretation.mt_doc_knowndocument set data = data || jsonb_build_object('title', '误登的班法', 'documentNumber', '测试发〔2026〕8号') where id = {Of("误登的办法")}",
            "interpretation",
            "elements.differ",
            "number 测试发〔2026〕9号",
            "another title, number 测试发〔2026〕8号"
        ),
        ["issuers that a consultation did not follow"] = new(
            $"update consultation.mt_events set data = jsonb_set(data, '{{issuers}}', '[\"370114-JY\"]') where type = 'consultation_opened' and (data ->> 'documentId')::uuid = {Of("征求过意见的办法")};"
                + $"update consultation.mt_doc_publicconsultation set data = jsonb_set(data, '{{issuers}}', '[\"370114-JY\"]') where document_id = {Of("征求过意见的办法")}",
            "consultation",
            "elements.differ",
            "issuers 370114-ZJ; found issuers 370114-JY"
        ),
        ["a missing delivery"] = new(
            "delete from catalog.mt_doc_delivery where id like '%/document.repealed/%'",
            "catalog",
            "delivery.missing",
            "a delivery of document.repealed"
        ),
        ["a stuck message"] = new("", "interpretation", "message.", "inbox", "RevisionRecorded"),
    };

    /// <summary>What only people can mend.</summary>
    public static readonly Dictionary<string, Planted> Lasting = new()
    {
        ["a gap in a stream"] = new(
            "delete from catalog.mt_events where stream_id = 'topic/parking' and version = 2",
            "catalog",
            "stream.gap topic/parking",
            "without 2"
        ),
        ["a stream that does not know its newest event"] = new(
            "update catalog.mt_streams set version = version + 1 where id = 'subject/CXJS'",
            "catalog",
            "stream.version",
            "found version 2"
        ),
        ["an event that cannot be read"] = new(
            "update interpretation.mt_events set data = '{\"at\": 7}' where type = 'ticket_received'",
            "interpretation",
            "event.unreadable"
        ),
        ["a text that was rewritten"] = new(
            $"update documents.mt_events set data = jsonb_set(data, '{{blocks,0,text}}', '\"改写\"') where type = 'revision_recorded' and version = 2 and stream_id = {Of("附件的办法")}",
            "documents",
            "text.chain",
            "revision 1"
        ),
        ["a checkpoint that was rewritten"] = new(
            "update documents.mt_doc_keptcheckpoint set data = jsonb_set(data, '{checkpoint,root}', '\"00\"')",
            "documents",
            "checkpoint.root 1"
        ),
        ["a dead letter"] = new(
            "insert into consultation_messages.wolverine_dead_letters (id, body, message_type, received_at, source, exception_type, exception_message, replayable) values (gen_random_uuid(), '', 'a.message', 'local://x', 'x', 'Fault', 'it failed', false)",
            "consultation",
            "message.dead",
            "a.message: Fault"
        ),
        ["a queue that nobody listens to"] = new(
            "create table queues.wolverine_queue_nobody as select gen_random_uuid() as id, ''::bytea as body, 'a.message'::text as message_type",
            "queues",
            "queue.unheard nobody"
        ),
        ["a file that nothing names"] = new(
            "insert into documents.attached_files (sha256, content) values (encode(sha256('x'), 'hex'), 'x')",
            "documents",
            "file.unnamed"
        ),
        ["a file that was changed"] = new(
            "update consultation.attached_files set content = content || 'x'",
            "consultation",
            "file.changed"
        ),
        ["a file that is gone"] = new(
            "delete from documents.attached_files where substr(content, 1, 4) = '%PDF'::bytea",
            "documents",
            "file.missing",
            "found none"
        ),
        ["personal data under a key that is gone"] = new(
            "update catalog.mt_doc_actorname set data = jsonb_set(data, '{name}', '\"sealed:CfDJ8AAAA\"') where id = 'openness-office'",
            "catalog",
            "personal.sealed ActorName"
        ),
        ["a document known that is none"] = new(
            "insert into interpretation.mt_doc_knowndocument (id, data, mt_dotnet_type) select gen_random_uuid(), data, mt_dotnet_type from interpretation.mt_doc_knowndocument limit 1",
            "interpretation",
            "document.stranger"
        ),
    };

    /// <summary>The district.</summary>
    public District District { get; } = new(postgres);

    /// <summary>What the audit said of it as it was.</summary>
    public (int ExitCode, string Output) Before { get; private set; }

    /// <summary>What it said with what can be mended planted.</summary>
    public (int ExitCode, string Output) Found { get; private set; }

    /// <summary>What it said having mended that.</summary>
    public (int ExitCode, string Output) Mended { get; private set; }

    /// <summary>What it said with what lasts planted.</summary>
    public (int ExitCode, string Output) FoundLasting { get; private set; }

    /// <summary>What it said having tried to mend that.</summary>
    public (int ExitCode, string Output) Lasted { get; private set; }

    /// <summary>What it said to a role that may not read.</summary>
    public (int ExitCode, string Output) Refused { get; private set; }

    /// <summary>The database as the role that the documents have the audit look as: whatever it only looks at, it looks at as that.</summary>
    public string AsReader { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await using var receiver = await WebhookReceiver.Start();
        District.Settings["Webhooks:AllowedNetworks:0"] = "127.0.0.1/32";
        await District.InitializeAsync();
        await Live(receiver);
        var reader = new NpgsqlConnectionStringBuilder(District.Database) { Username = "policyplatform_audit", Password = "of the test" };
        AsReader = reader.ConnectionString;
        foreach (var statement in Rights())
        {
            Refused = await Tool.Run("Audit", "--database", AsReader, "--pause", "0");
            await District.Execute(statement);
        }
        Before = await Audit();
        await Plant(Mendable);
        await StickMessage();
        Found = await Audit();
        Mended = await Audit("--repair");
        await Plant(Lasting);
        FoundLasting = await Audit();
        Lasted = await Audit("--repair");
    }

    public ValueTask DisposeAsync() => District.DisposeAsync();

    // What docs/operations.md has the database say; the password is the test's own.
    static string[] Rights()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "operations.md"));
        var sql = text[(text.IndexOf("```sql", StringComparison.Ordinal) + 6)..];
        return
        [
            .. sql[..sql.IndexOf("```", StringComparison.Ordinal)]
                .Trim()
                .Split('\n')
                .Select(s => s.Replace(" login;", " login password 'of the test';", StringComparison.Ordinal)),
        ];
    }

    async Task<(int ExitCode, string Output)> Audit(params string[] more)
    {
        var database = more.Contains("--repair") ? District.Database : AsReader;
        var said = await Tool.Run("Audit", ["--database", database, "--keys", District.KeyFolder, "--pause", "2", .. more]);
        return said.ExitCode is 0 or 1 ? said : throw new InvalidOperationException($"The audit ended with {said.ExitCode}: {said.Output}");
    }

    // In one order: what a document is found by is changed last.
    async Task Plant(Dictionary<string, Planted> planted)
    {
        foreach (var (what, how) in planted)
            if (how.Sql.Length > 0)
                try
                {
                    await District.Execute(how.Sql);
                }
                catch (PostgresException e)
                {
                    throw new InvalidOperationException($"{what} cannot be planted: {e.MessageText}", e);
                }
    }

    // Held by a process that is not there, for a quarter of an hour.
    async Task StickMessage()
    {
        var message = new RevisionRecordedMessage(Guid.NewGuid(), 3, 2, District.Clock.GetUtcNow());
        var envelope = new Envelope(message)
        {
            Id = Guid.NewGuid(),
            MessageType = typeof(RevisionRecordedMessage).ToMessageTypeName(),
            ContentType = "application/json",
            Data = JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web),
            Destination = new("postgresql://interpretation"),
            SentAt = DateTimeOffset.UtcNow.AddMinutes(-15),
        };
        await using var source = NpgsqlDataSource.Create(District.Database);
        await using var command = source.CreateCommand(
            "insert into interpretation_messages.wolverine_incoming_envelopes (id, status, owner_id, attempts, body, message_type, received_at) values ($1, 'Incoming', 4711, 0, $2, $3, 'postgresql://interpretation/')"
        );
        command.Parameters.AddWithValue(envelope.Id);
        command.Parameters.AddWithValue(EnvelopeSerializer.Serialize(envelope));
        command.Parameters.AddWithValue(envelope.MessageType);
        await command.ExecuteNonQueryAsync();
    }

    async Task Live(WebhookReceiver receiver)
    {
        var (catalog, documents) = (District.Catalog, District.Documents);
        var consultation = await District.StartConsultation();
        var interpretation = District.Interpretation!;

        await catalog.Post(Tokens.Integration, "subscriptions", new { channel = "webhook", address = receiver.Address }, 201);
        for (var n = 1; n <= 3; n++)
            await catalog.Put(
                Tokens.OpennessOffice,
                "topics/parking",
                new { title = $"停车一件事{n}", sections = new[] { new { title = "政策", rules = new[] { new { q = "充电桩" } } } } }
            );
        await catalog.Put(Tokens.OpennessOffice, "lists/fees", new { name = "收费目录", schema = new { type = "object" } });
        foreach (var change in new object[] { Entry("add", "A", 1), Entry("add", "B", 1), Entry("change", "A", 2) })
            await catalog.Post(Tokens.OpennessOffice, "lists/fees/entries", new { note = "公布", changes = new[] { change } });

        District.Clock.Advance(TimeSpan.FromMinutes(1));
        var published = await documents.Publish(await documents.Draft(title: "发布的办法"), "测试发〔2026〕1号");
        await documents.Post(
            Tokens.OpennessOffice,
            $"documents/{published}/amendments",
            new
            {
                text = "第一条 改了。",
                changeNote = "修改",
                effectiveFrom = "2026-06-01",
            },
            201
        );
        District.Clock.Advance(TimeSpan.FromMinutes(1));
        var repealed = await documents.Publish(await documents.Draft(title: "废止的办法"), "测试发〔2026〕2号");
        await documents.Post(
            Tokens.OpennessOffice,
            $"documents/{repealed}/relations",
            new
            {
                kind = "relatesTo",
                target = published,
                from = "2026-06-01",
            },
            201
        );
        District.Clock.Advance(TimeSpan.FromMinutes(1));
        await documents.Post(Tokens.OpennessOffice, $"documents/{repealed}/repeal", new { reason = "试验", effectiveFrom = "2026-07-01" });

        var mistaken = await documents.Publish(await documents.Draft(title: "误登的办法"), "测试发〔2026〕8号");
        await documents.Post(Tokens.OpennessOffice, $"documents/{mistaken}/supersede", new { reason = "误登", supersededBy = published });
        await documents.Post(Tokens.OpennessOffice, $"documents/{mistaken}/restore", new { reason = "误登" });
        await documents.Post(
            Tokens.OpennessOffice,
            $"documents/{mistaken}/elements",
            new
            {
                documentNumber = "测试发〔2026〕9号",
                effectiveFrom = "2026-06-20",
                expiresOn = "2030-06-19",
                reason = "误登",
            }
        );

        // What is taken down and what was put back.
        var downs = new List<Guid>();
        foreach (var (n, title) in new[] { (10, "撤下的办法"), (11, "撤错的办法") })
        {
            var down = await documents.Publish(await documents.Draft(title: title), $"测试发〔2026〕{n}号");
            foreach (var revision in new int?[] { null, 1 })
                await documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{down}/take-down",
                    new
                    {
                        ground = "order",
                        explanation = "暂停公开。",
                        reason = "核查",
                        revision,
                    }
                );
            downs.Add(down);
            if (n == 10)
                await documents.Post(Tokens.Privacy, $"documents/{down}/revisions/1/erase", new { reason = "含有个人信息。" });
            if (n == 11)
                foreach (var revision in new int?[] { null, 1 })
                    await documents.Post(Tokens.OpennessOffice, $"documents/{down}/put-back", new { reason = "核查完毕", revision });
        }

        var files = await documents.Draft(title: "附件的办法");
        await Attach(documents, Tokens.DraftingHousing, $"documents/{files}/files", "表.pdf", 201);

        // The plan of a document that waits for its publication.
        var ready = await documents.Draft(title: "待发的办法");
        await documents.Post(Tokens.DraftingHousing, $"documents/{ready}/review", new { });
        await Calls.Eventually<bool>(async () =>
            await District.Count($"select count(*) from interpretation.mt_doc_interpretationplan where id = '{ready}'") == 1 ? true : null
        );
        await interpretation.Put(
            Tokens.DraftingHousing,
            $"interpretation-plans/{ready}",
            new { forms = new[] { "text" }, channels = new[] { "website" } }
        );
        await interpretation.Post(Tokens.LegalReview, $"interpretation-plans/{ready}/approve", new { });
        var material = (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "interpretations",
                new { planId = ready, content = new { title = "一图读懂", text = "这样用。" } },
                201
            )
        )
            .GetProperty("id")
            .GetGuid();
        await Attach(interpretation, Tokens.DraftingHousing, $"interpretations/{material}/attachments", "图.pdf", 200);
        await interpretation.Post(Tokens.Signing, $"interpretations/{material}/sign", new { });

        var asked = await documents.Draft(title: "征求意见的办法");
        await catalog.Post(
            Tokens.OpennessOffice,
            "decision-catalogues/2026/items",
            new
            {
                code = "01",
                title = "测试办法",
                body = "370114-ZJ",
                plannedOn = "2026-12-31",
            },
            201
        );
        var id = await consultation.Consult(asked);
        await catalog.Post(Tokens.OpennessOffice, "decision-catalogues/2026/items/01/link", new { documentId = ready });
        var comments = new List<Guid>();
        for (var n = 1; n <= 3; n++)
        {
            var taken = await consultation.Post(
                "",
                $"consultations/{id}/comments",
                new
                {
                    position = "suggest",
                    text = $"建议{n}：延长期限。",
                    contact = "13900000000",
                },
                201
            );
            comments.Add(taken.GetProperty("id").GetGuid());
            if (n == 1)
                await Attach(consultation, "", $"comments/{taken.GetProperty("receipt").GetString()}/attachments", "意见.pdf", 200);
        }
        await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/moderation", new { release = comments.Take(2) });
        await consultation.Post(
            Tokens.DraftingHousing,
            $"consultations/{id}/groups",
            new
            {
                title = "延长期限",
                blocks = new[] { "b1" },
                comments = comments.Take(1),
            },
            201
        );
        var discussed = await documents.Draft(title: "征求过意见的办法");
        await consultation.Complete(await consultation.Consult(discussed));
        await Calls.Eventually<bool>(async () =>
            await District.Count(
                $"select count(*) from documents.mt_doc_policydocument where id = '{discussed}' and data -> 'consultations' -> 0 ->> 'isOver' = 'true'"
            ) == 1
                ? true
                : null
        );
        await documents.Publish(discussed, "测试发〔2026〕12号");

        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "T-1",
                question = "怎么办？",
                body = "370114-ZJ",
                documentId = published,
            },
            201
        );
        await documents.Post(Tokens.Supervision, "integrity/checkpoints", new { }, 201);

        // Nothing is under way any more: each notice that the audit looks for has been sent, and not only as many as there are of its kind, since
        // of what was taken down some are sent and some are not.
        (string Type, Guid Document, int Times)[] told =
        [
            ("published", published, 1),
            ("changed", published, 1),
            ("published", repealed, 1),
            ("repealed", repealed, 1),
            ("published", mistaken, 1),
            ("superseded", mistaken, 1),
            ("restored", mistaken, 1),
            ("changed", mistaken, 1),
            ("published", discussed, 1),
            .. downs.Select(d => ("takenDown", d, 2)),
        ];
        await Calls.Eventually<bool>(async () =>
            await District.Count(
                $"""
                select count(*) from (values {string.Join(
                    ", ",
                    told.Select(n => $"('document.{n.Type}', '{n.Document}', {n.Times})")
                )}) as told (type, document, times)
                where times <> (
                    select count(*) from catalog.mt_doc_delivery d
                    where d.data ->> 'state' = 'Delivered' and d.data ->> 'type' = told.type and d.data ->> 'eventId' like told.type || '/' || told.document || '/%'
                )
                """
            ) == 0
            && await District.Count("select count(*) from catalog.mt_doc_delivery where data ->> 'state' = 'Waiting'") == 0
            && await District.Count("select count(*) from consultation.form_letter_comments") == 3
            && await District.Count(
                "select count(*) from documents.mt_doc_policydocument where data -> 'interpretation' is not null and data ->> 'interpretation' is not null"
            ) >= 1
                ? true
                : null
        );

        static object Entry(string action, string code, int fee) =>
            new
            {
                action,
                code,
                title = $"收费{code}",
                body = "370114-ZJ",
                content = new { fee },
            };
    }

    static Task<IScenarioResult> Attach(IAlbaHost host, string token, string path, string name, int expected) =>
        host.Scenario(s =>
        {
            if (token.Length > 0)
                s.As(token);
            s.Post.ByteArray(Encoding.UTF8.GetBytes($"%PDF-1.7 {name}")).ToUrl($"/api/v1/{path}").QueryString(nameof(name), name);
            s.StatusCodeShouldBe(expected);
        });
}

/// <summary>tools/Audit looks from outside at whether the services are whole, right and agree.</summary>
public sealed class when_the_services_are_audited(AuditedDistrict audited) : IClassFixture<AuditedDistrict>
{
    public static TheoryData<string> Mendable => [.. AuditedDistrict.Mendable.Keys];

    public static TheoryData<string> Lasting => [.. AuditedDistrict.Lasting.Keys];

    [Fact]
    public void a_district_with_a_bit_of_everything_is_clean()
    {
        Assert.Equal("", string.Join('\n', Lines(audited.Before.Output, "DISAGREES")));
        Assert.Equal(0, audited.Before.ExitCode);
        Assert.Contains("Clean: catalog, documents, interpretation, consultation", audited.Before.Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Mendable))]
    public void what_was_changed_behind_the_services_backs_is_found_and_mended(string what)
    {
        var planted = AuditedDistrict.Mendable[what];
        Assert.Equal(1, audited.Found.ExitCode);
        Told(planted, audited.Found.Output, "DISAGREES");
        Told(planted, audited.Mended.Output, "mended");
    }

    [Fact]
    public void nothing_stays_once_all_of_it_is_mended()
    {
        Assert.Equal("", string.Join('\n', Lines(audited.Mended.Output, "DISAGREES")));
        Assert.Equal(0, audited.Mended.ExitCode);
    }

    [Theory, MemberData(nameof(Lasting))]
    public void what_only_people_can_mend_is_found_and_stays(string what)
    {
        var planted = AuditedDistrict.Lasting[what];
        Assert.Equal(1, audited.FoundLasting.ExitCode);
        Told(planted, audited.FoundLasting.Output, "DISAGREES");
        Assert.Equal(1, audited.Lasted.ExitCode);
        Told(planted, audited.Lasted.Output, "DISAGREES");
    }

    [Fact]
    public void what_people_wrote_is_not_printed()
    {
        foreach (var (_, output) in new[] { audited.Found, audited.Mended, audited.FoundLasting, audited.Lasted })
        foreach (var word in new[] { "延长期限", "13900000000", "怎么办" })
            Assert.DoesNotContain(word, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task it_needs_the_right_to_read_and_has_no_other()
    {
        Assert.Equal(2, audited.Refused.ExitCode);
        Assert.Contains("permission denied", audited.Refused.Output, StringComparison.Ordinal);
        await using var reader = NpgsqlDataSource.Create(audited.AsReader);
        foreach (
            var sql in new[]
            {
                "delete from catalog.mt_events",
                "update documents.mt_streams set version = 1",
                "insert into consultation.mt_streams (id) values (gen_random_uuid())",
                "create table catalog.more (n int)",
                "create schema more",
            }
        )
        {
            await using var command = reader.CreateCommand(sql);
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                (
                    await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))
                ).SqlState
            );
        }
    }

    [Fact]
    public async Task it_is_told_as_json_and_of_one_service()
    {
        var (code, output) = await Tool.Run("Audit", "--database", audited.District.Database, "--json", "--service", "consultation");
        var told = JsonDocument.Parse(output).RootElement;
        Assert.Equal(1, code);
        Assert.False(told.GetProperty("clean").GetBoolean());
        Assert.All(
            told.GetProperty("findings").EnumerateArray(),
            f => Assert.Contains(f.GetProperty("service").GetString(), new[] { "consultation", "queues" })
        );
        Assert.Equal(
            told.GetProperty("findings").GetArrayLength(),
            told.GetProperty("counts").EnumerateArray().Sum(c => c.GetProperty("count").GetInt32())
        );
    }

    [Fact]
    public async Task what_nothing_happened_to_since_is_left_out()
    {
        var (_, output) = await Tool.Run(
            "Audit",
            "--database",
            audited.District.Database,
            "--since",
            DateTimeOffset.UtcNow.AddHours(1).ToString("O", CultureInfo.InvariantCulture),
            "--pause",
            "0"
        );
        Assert.DoesNotContain("text.chain", output, StringComparison.Ordinal);
        Assert.DoesNotContain("stream.gap", output, StringComparison.Ordinal);
        Assert.Contains("message.dead", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--database", "Host=127.0.0.1;Port=1;Database=none;Username=none;Timeout=2")]
    [InlineData("--json")]
    [InlineData("--database", "Host=127.0.0.1;Port=1", "--service", "none")]
    public async Task what_could_not_be_looked_at_is_not_called_clean(params string[] arguments) =>
        Assert.Equal(2, (await Tool.Run("Audit", arguments)).ExitCode);

    static void Told(Planted planted, string output, string how)
    {
        var lines = Lines(output, how);
        Assert.True(
            lines.Any(line =>
                line.Contains($" {planted.Service} ", StringComparison.Ordinal)
                && planted.Words.All(word => line.Contains(word, StringComparison.Ordinal))
            ),
            $"{planted.Service}: {string.Join(", ", planted.Words)} is not among\n{string.Join('\n', lines)}"
        );
    }

    static string[] Lines(string output, string how) =>
        [.. output.Split('\n').Where(line => line.StartsWith(how, StringComparison.Ordinal))];
}
