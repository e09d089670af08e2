using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Reading;

namespace ActorVmm.Journal.Replaying;

/// <summary>
/// A run's deliveries as a <see cref="RecordedHost"/> wants them. At a checkpoint it pauses: the host finds nothing to deliver until
/// <see cref="GoOn"/>.
/// </summary>
public sealed class DeliveryReader : IRecording, IDisposable
{
    private readonly RecordedRun _run;
    private readonly IEnumerator<JournalEvent> _events;
    private Choice[] _choices = [];
    private DeliveryBatch? _batch;
    private int _at = -1;
    private int _choiceAt;
    private int _choiceCount;
    private ActorId[] _births = [];
    private int _birthAt;
    private int _birthCount;
    private int _messageAt;
    private long _next;
    private bool _ended;

    /// <param name="run">The run.</param>
    /// <param name="from">The first delivery wanted, from 1.</param>
    public DeliveryReader(RecordedRun run, long from = 1)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        _next = from;
        _events = run.EventsAhead(from > 1 ? from : 0).GetEnumerator();
    }

    public ReadOnlySpan<Choice> Choices => _choices.AsSpan(0, _choiceCount);

    public ReadOnlySpan<ActorId> Births => _births.AsSpan(0, _birthCount);

    /// <summary>What the machine was here when it was recorded; null where that was not written down.</summary>
    public Checkpoint? Checkpoint { get; private set; }

    /// <summary>The number of the delivery that is next.</summary>
    public long Next => _next;

    /// <summary>Whether every delivery that was recorded has been handed over.</summary>
    public bool AtEnd => _ended;

    /// <summary>Goes on behind a checkpoint.</summary>
    public void GoOn() => Checkpoint = null;

    public bool TryNext(out RecordedDelivery delivery)
    {
        delivery = default;
        while (_batch is null || _at + 1 >= _batch.Count)
        {
            if (_ended || Checkpoint is not null || !Advance())
            {
                return false;
            }
        }

        _at++;
        _next++;
        ref readonly DeliveryRow row = ref _batch.Rows[_at];
        delivery.Receiver = new ActorId(row.Receiver);
        delivery.Sender = new ActorId(row.Sender);
        delivery.SenderCount = row.SenderCount;
        delivery.Now = new Ticks(row.Now);
        TakeChoices(_batch.Choices);
        TakeBirths(_batch.Births);
        while (_messageAt < _batch.Messages.Length && _batch.Messages[_messageAt].Row < _at)
        {
            _messageAt++;
        }

        return true;
    }

    public bool TryMessage(out Message message)
    {
        ReadOnlySpan<MessageRow> messages = _batch!.Messages;
        bool found = _messageAt < messages.Length && messages[_messageAt].Row == _at;
        message = found ? messages[_messageAt].Message : default;
        return found;
    }

    public string? Differs(in Message message)
    {
        if (!TryMessage(out Message recorded))
        {
            return null;
        }

        if (recorded.Kind != message.Kind)
        {
            return $"the message was {NameOf(recorded.Kind)} and is {NameOf(message.Kind)}";
        }

        return _run.Started.Registry.Find(message.Kind)?.FirstDifference(in recorded, in message);
    }

    public string? Differs(in ActorCell cell) =>
        (unchecked((uint)cell.Chain) & DeliveryBatch.CheckMask) == _batch!.Rows[_at].Check
            ? null
            : "what it has been told so far is not what it was told when the run was recorded";

    public void Dispose() => _events.Dispose();

    /// <summary>Goes on to the next event; false when there is none or it is a checkpoint.</summary>
    private bool Advance()
    {
        if (!_events.MoveNext())
        {
            _ended = true;
            return false;
        }

        switch (_events.Current)
        {
            case DeliveryBatch batch:
                Begin(batch);
                return true;
            case Checkpoint checkpoint when checkpoint.Delivery == _next - 1:
                Checkpoint = checkpoint;
                return false;
            case BoundaryBatch:
                throw new DamagedJournalException(_run.Stream, 0, $"{_run.Stream}: boundaries of a parallel run among its deliveries");
            default:
                return true;
        }
    }

    private void Begin(DeliveryBatch batch)
    {
        if (batch.First > _next || batch.LastDelivery < _next)
        {
            throw new DamagedJournalException(
                _run.Stream, 0, FormattableString.Invariant($"{_run.Stream}: delivery {_next} is missing; a batch holds {batch.First} to {batch.LastDelivery}"));
        }

        (_batch, _at, _choiceAt, _messageAt, _birthAt) = (batch, (int)(_next - batch.First) - 1, 0, 0, 0);
    }

    private void TakeChoices(ReadOnlySpan<ChoiceRow> choices)
    {
        _choiceCount = 0;
        while (_choiceAt < choices.Length && choices[_choiceAt].Row <= _at)
        {
            if (choices[_choiceAt].Row == _at)
            {
                if (_choiceCount == _choices.Length)
                {
                    Array.Resize(ref _choices, Math.Max(4, _choiceCount * 2));
                }

                _choices[_choiceCount++] = choices[_choiceAt].Choice;
            }

            _choiceAt++;
        }
    }

    private void TakeBirths(ReadOnlySpan<BirthRow> births)
    {
        _birthCount = 0;
        for (; _birthAt < births.Length && births[_birthAt].Row <= _at; _birthAt++)
        {
            if (births[_birthAt].Row == _at)
            {
                if (_birthCount == _births.Length)
                {
                    Array.Resize(ref _births, Math.Max(4, _birthCount * 2));
                }

                _births[_birthCount++] = births[_birthAt].Id;
            }
        }
    }

    private string NameOf(int kind) => _run.Started.Registry.Find(kind) is { } codec ? codec.Name : FormattableString.Invariant($"number {kind}");
}
