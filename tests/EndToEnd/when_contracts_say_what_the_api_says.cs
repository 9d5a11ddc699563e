using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Exchange;
using PolicyPlatform.Documents.Publication;
using PolicyPlatform.Interpretation.Hotline;
using PolicyPlatform.ServiceDefaults;
using Enum = System.Enum;
using Type = System.Type;

namespace PolicyPlatform.EndToEnd;

/// <summary>What the API says in JSON is said over gRPC by the same names: its words by enums, and its calls by messages.</summary>
public sealed class when_contracts_say_what_the_api_says
{
    static readonly (Type Api, Type Contract)[] Enums =
    [
        (typeof(Documents.DocumentState), typeof(DocumentState)),
        (typeof(Documents.Validity), typeof(DocumentValidity)),
        (typeof(Documents.Library.ValidityFilter), typeof(ValidityFilter)),
        (typeof(Documents.DocumentKind), typeof(DocumentKind)),
        (typeof(Documents.DisclosureKind), typeof(DisclosureKind)),
        (typeof(Documents.Significance), typeof(Significance)),
        (typeof(Documents.Text.BlockKind), typeof(BlockKind)),
        (typeof(Documents.Text.ChangeKind), typeof(ChangeKind)),
        (typeof(Documents.Exchange.OperationState), typeof(Contracts.Documents.V1.OperationState)),
        (typeof(Documents.Exchange.ImportOutcome), typeof(Contracts.Documents.V1.ImportOutcome)),
        (typeof(Consultation.Periods.ConsultationState), typeof(ConsultationState)),
        (typeof(Consultation.Periods.ShowingOfComments), typeof(ShowingOfComments)),
        (typeof(Consultation.Comments.Position), typeof(Position)),
        (typeof(Consultation.Comments.CommenterKind), typeof(CommenterKind)),
        (typeof(Consultation.Comments.CommentState), typeof(CommentState)),
        (typeof(Consultation.Comments.ReasonNotToShow), typeof(ReasonNotToShow)),
        (typeof(Consultation.Comments.FeedbackOutcome), typeof(FeedbackOutcome)),
        (typeof(Interpretation.Plans.Form), typeof(InterpretationForm)),
        (typeof(Interpretation.Hotline.TicketState), typeof(Contracts.Interpretation.V1.TicketState)),
    ];

    [Fact]
    public void every_word_has_its_value()
    {
        Assert.All(Enums, e => Assert.Equal(["Unspecified", .. Enum.GetNames(e.Api)], Enum.GetNames(e.Contract)));
        Assert.Equal(
            typeof(Contracts.IAboutDocument)
                .Assembly.GetTypes()
                .Where(t => t is { IsEnum: true, IsNested: false } && t.Namespace!.EndsWith(".V1", StringComparison.Ordinal))
                .ToHashSet(),
            [.. Enums.Select(e => e.Contract)]
        );
        Assert.Equal(DocumentValidity.NotYetInForce, Documents.Validity.NotYetInForce.In<DocumentValidity>());
        Assert.Equal(DocumentValidity.Unspecified, ((Documents.Validity?)null).In<DocumentValidity>());
        Assert.Equal("notYetInForce", DocumentValidity.NotYetInForce.GivenWord());
        Assert.Null(DocumentValidity.Unspecified.GivenWord());
    }

    [Fact]
    public void every_call_has_the_same_fields_as_its_json()
    {
        Same(DraftDocumentRequest.Descriptor, typeof(CreateDraft));
        Same(RecordRevisionRequest.Descriptor, typeof(RecordRevision), "id");
        Same(RecordedRevision.Descriptor, typeof(Documents.Revisions.RecordedText));
        Same(PublishDocumentRequest.Descriptor, typeof(Publish), "id");
        Same(PublishDocumentResponse.Descriptor, typeof(PublicationStep));
        Same(GivenDocument.Descriptor, typeof(Documents.Exchange.ImportDocument));
        Same(Operation.Descriptor, typeof(OperationView));
        Same(Contracts.Documents.V1.ImportReportLine.Descriptor, typeof(Documents.Exchange.ImportReportLine));
        Same(ReceiveTicketRequest.Descriptor, typeof(ReceiveTicket));
        Same(ReceiveTicketResponse.Descriptor, typeof(ReceivedTicket));
        Same(ConsultationDetails.Descriptor, typeof(Consultation.Periods.ConsultationView));
        Same(ConsultationList.Descriptor, typeof(ServiceDefaults.Http.Page<Consultation.Periods.ConsultationView>));
        Same(SubmitCommentRequest.Descriptor, typeof(Consultation.Comments.SubmitComment), "id");
        Same(SubmittedComment.Descriptor, typeof(Consultation.Comments.SubmittedComment));
        Same(OwnComment.Descriptor, typeof(Consultation.Comments.OwnComment));
    }

    static void Same(MessageDescriptor message, Type type, params string[] inAddress)
    {
        var members = JsonDefaults.Options.GetTypeInfo(type).Properties.ToDictionary(p => p.Name, p => p.PropertyType);
        var fields = message.Fields.InFieldNumberOrder().ExceptBy(inAddress, f => f.JsonName).ToArray();
        Assert.Equal(members.Keys.ToHashSet(), [.. fields.Select(f => f.JsonName)]);
        foreach (var field in fields.Where(f => f.FieldType is FieldType.Message && f.MessageType != Timestamp.Descriptor))
        {
            var shape = JsonDefaults.Options.GetTypeInfo(members[field.JsonName]);
            var list = ContractJson.IsList(field.MessageType);
            var inner = list ? field.MessageType.Fields.InFieldNumberOrder()[0] : field;
            // A row is a list of texts, and what is counted has a key and a value.
            if (
                inner.FieldType is FieldType.Message
                && shape.Kind is not System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Dictionary
            )
                Same(inner.MessageType, inner.IsRepeated ? shape.ElementType! : shape.Type);
        }
    }

    [Fact]
    public void a_message_is_the_json_that_it_says_and_back()
    {
        var asked = new RecordRevisionRequest
        {
            Id = "1",
            Text = "",
            Significance = Significance.Minor,
            Docx = ByteString.CopyFrom(1, 2, 3),
            Files = new(),
            Blocks =
            {
                new TextBlock
                {
                    Kind = BlockKind.Table,
                    Rows =
                    {
                        new TextRow { Cells = { "甲", "" } },
                        new TextRow(),
                    },
                },
                new TextBlock(),
            },
        };
        Assert.Equal(
            """{"id":"1","docx":"AQID","blocks":[{"kind":"table","rows":[["甲",""],[]]},{}],"significance":"minor","files":[]}""",
            System.Text.Encoding.UTF8.GetString(ContractJson.Write(asked))
        );
        Assert.Equal(
            """{"noEnd":false}""",
            System.Text.Encoding.UTF8.GetString(ContractJson.Write(new PublishDocumentRequest { NoEnd = false }))
        );
        var at = new DateTimeOffset(2026, 2, 20, 9, 0, 0, 123, TimeSpan.FromHours(8));
        Assert.Equal(
            """{"publishAt":"2026-02-20T01:00:00.123+00:00"}""",
            System.Text.Encoding.UTF8.GetString(
                ContractJson.Write(new PublishDocumentRequest { PublishAt = Timestamp.FromDateTimeOffset(at) })
            )
        );
        var read = ContractJson.Read<HotlineTicket>(
            System.Text.Json.JsonSerializer.SerializeToElement(
                new
                {
                    ticketId = "T-1",
                    version = 7,
                    state = "assigned",
                    about = new { documentId = "2", blocks = new[] { "b1" } },
                    satisfied = false,
                    dueOn = (string?)null,
                    receivedAt = at,
                    newer = "unknown",
                }
            )
        );
        Assert.Equal(
            new()
            {
                TicketId = "T-1",
                Version = 7,
                State = Contracts.Interpretation.V1.TicketState.Assigned,
                About = new() { DocumentId = "2", Blocks = { "b1" } },
                Satisfied = false,
                ReceivedAt = Timestamp.FromDateTimeOffset(at),
            },
            read
        );
        var operation = ContractJson.Read<Operation>(
            System.Text.Json.JsonSerializer.SerializeToElement(new { state = "newer", outcomes = new { created = 2 } })
        );
        Assert.Equal(
            new()
            {
                Outcomes =
                {
                    new OutcomeCount { Outcome = Contracts.Documents.V1.ImportOutcome.Created, Count = 2 },
                },
            },
            operation
        );
    }
}
