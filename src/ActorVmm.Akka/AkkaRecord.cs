namespace ActorVmm.Akka;

/// <summary>
/// A run in the order in which it was told, kept in memory: a <see cref="RecordedHost"/> does it again. The machine is put
/// together, and what comes from outside is injected, as it was.
/// </summary>
public sealed class AkkaRecord
{
    private readonly List<Row> _rows = [];
    private readonly List<Choice> _choices = [];

    /// <summary>Turns so far.</summary>
    public long Turns { get; private set; }

    /// <summary>The record from its beginning, as far as it goes now.</summary>
    public IRecording Read() => new Reader(_rows.ToArray(), _choices.ToArray());

    internal void Add(Story story)
    {
        RecordedDelivery delivery = new()
        {
            Receiver = story.Actor,
            Sender = story.Delivery.Sender,
            SenderCount = story.Delivery.SenderCount,
            Now = story.Delivery.Now,
            IsFiring = story.IsFiring,
        };
        _rows.Add(new Row(in delivery, in story.Delivery.Message, story.Chain, story.Choices.Length));
        _choices.AddRange(story.Choices);
        Turns += story.IsFiring ? 0 : 1;
    }

    private readonly struct Row(in RecordedDelivery delivery, in Message message, ulong chain, int choices)
    {
        public readonly RecordedDelivery Delivery = delivery;
        public readonly Message Message = message;
        public readonly ulong Chain = chain;
        public readonly int Choices = choices;
    }

    private sealed class Reader(Row[] rows, Choice[] choices) : IRecording
    {
        private int _at = -1;
        private int _choicesEnd;

        public ReadOnlySpan<Choice> Choices => choices.AsSpan(_choicesEnd - rows[_at].Choices, rows[_at].Choices);

        /// <summary>A turn that creates actors is alone in that, so ids are in the order of turns.</summary>
        public ReadOnlySpan<ActorId> Births => [];

        public bool TryNext(out RecordedDelivery delivery)
        {
            if (_at + 1 == rows.Length)
            {
                delivery = default;
                return false;
            }

            _at++;
            _choicesEnd += rows[_at].Choices;
            delivery = rows[_at].Delivery;
            return true;
        }

        /// <summary>Only what comes from outside has to be found here; all else is sent again.</summary>
        public bool TryMessage(out Message message)
        {
            message = rows[_at].Message;
            return rows[_at].Delivery.Sender.IsOutside;
        }

        public string? Differs(in Message message) =>
            rows[_at].Message.Kind == message.Kind && Message.BodyOf(in rows[_at].Message).SequenceEqual(Message.BodyOf(in message))
                ? null
                : FormattableString.Invariant($"the message was of kind {rows[_at].Message.Kind} and is of kind {message.Kind}, or says something else");

        public string? Differs(in ActorCell cell) =>
            rows[_at].Chain == cell.Chain ? null : "what it has been told so far is not what it was told when the run was recorded";
    }
}
