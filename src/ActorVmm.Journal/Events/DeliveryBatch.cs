using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Journal.Events;

/// <summary>
/// Thousands of deliveries in a row. It is filled on the hot path and encoded elsewhere; a batch can be read by itself, so a run
/// can be opened anywhere.
/// </summary>
public sealed class DeliveryBatch : JournalEvent
{
    public const string Word = "batch/1";

    /// <summary>As many deliveries as a batch can hold.</summary>
    public const int MostRows = 1 << 16;

    /// <summary>The bits of a receiver's chain that a batch which was read knows.</summary>
    public const uint CheckMask = (1U << DeliveryColumns.CheckBits) - 1;

    internal const int MostBytes = 1 << 26;

    private readonly DeliveryRow[] _rows;
    private MessageRow[] _messages = [];
    private ChoiceRow[] _choices = [];
    private BirthRow[] _births = [];
    private int _messageCount;
    private int _choiceCount;
    private int _birthCount;

    /// <param name="capacity">How many deliveries it holds, up to <see cref="MostRows"/>.</param>
    public DeliveryBatch(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MostRows);
        _rows = new DeliveryRow[capacity];
    }

    public override string Manifest => Word;

    /// <summary>The number of the first delivery, from 1.</summary>
    public long First { get; set; } = 1;

    public int Count { get; private set; }

    public override long LastDelivery => First + Count - 1;

    public bool IsFull => Count == _rows.Length;

    public ReadOnlySpan<DeliveryRow> Rows => _rows.AsSpan(0, Count);

    /// <summary>Answers, in the order of their turns.</summary>
    public ReadOnlySpan<ChoiceRow> Choices => _choices.AsSpan(0, _choiceCount);

    /// <summary>
    /// Actors that were created, in the order of their turns: all of a turn, where one of them is not the one after the largest id so far.
    /// </summary>
    public ReadOnlySpan<BirthRow> Births => _births.AsSpan(0, _birthCount);

    /// <summary>Messages that are written out, in the order of their deliveries, at most one for each.</summary>
    public ReadOnlySpan<MessageRow> Messages => _messages.AsSpan(0, _messageCount);

    /// <summary>How <see cref="Messages"/> are laid out.</summary>
    public MessageRegistry Registry { get; init; } = MessageRegistry.Empty;

    /// <summary>Empties the batch for use from another delivery on.</summary>
    public void Reset(long first)
    {
        (First, Count, _messageCount, _choiceCount, _birthCount) = (first, 0, 0, 0, 0);
    }

    /// <summary>The next delivery's row, to be filled by the caller; the batch is not full.</summary>
    public ref DeliveryRow Add() => ref _rows[Count++];

    /// <summary>Writes the message of the latest delivery out.</summary>
    public void AddMessage(in Message message)
    {
        if (_messageCount == _messages.Length)
        {
            Array.Resize(ref _messages, Math.Max(16, _messageCount * 2));
        }

        _messages[_messageCount++] = new MessageRow(Count - 1, message);
    }

    /// <summary>Keeps answers that the turn of the latest delivery was given.</summary>
    public void AddChoices(ReadOnlySpan<Choice> choices)
    {
        foreach (Choice choice in choices)
        {
            AddChoice(Count - 1, choice);
        }
    }

    /// <summary>Keeps the id of an actor that the turn of the latest delivery created.</summary>
    public void AddBirth(ActorId id) => AddBirth(Count - 1, id);

    public override void Encode(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        EncodeWith(new DeliveryColumns(), into);
    }

    /// <summary>The same with columns that are used again and again.</summary>
    internal void EncodeWith(DeliveryColumns columns, ByteWriter into)
    {
        into.Number(First);
        into.Number(Count);
        columns.Write(this, into);
    }

    /// <summary>Bytes that each column takes when it is written: receivers, senders, actors, counts, times, checks, choices, messages, births.</summary>
    public int[] ColumnSizes()
    {
        var columns = new DeliveryColumns();
        EncodeWith(columns, new ByteWriter());
        return columns.Sizes;
    }

    /// <summary>The first and last delivery of an encoded batch, without unpacking it.</summary>
    public static (long First, long Last) RangeOf(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        long first = reader.Long();
        return (first, checked(first + reader.Int() - 1));
    }

    internal static DeliveryBatch Decode(ref ByteReader from, MessageRegistry registry)
    {
        long first = from.Long();
        int count = from.Int();
        if (count > MostRows || first < 1 || first > long.MaxValue - count)
        {
            throw new FormatException(FormattableString.Invariant($"a batch of {count} deliveries from {first}"));
        }

        var batch = new DeliveryBatch(count) { First = first, Registry = registry };
        batch.Count = count;
        DeliveryColumns.Read(batch, ref from);
        return batch;
    }

    internal Span<DeliveryRow> AllRows => _rows;

    internal void AddChoice(int row, Choice choice)
    {
        if (_choiceCount == _choices.Length)
        {
            Array.Resize(ref _choices, Math.Max(8, _choiceCount * 2));
        }

        _choices[_choiceCount++] = new ChoiceRow(row, choice);
    }

    internal void AddBirth(int row, ActorId id)
    {
        if (_birthCount == _births.Length)
        {
            Array.Resize(ref _births, Math.Max(8, _birthCount * 2));
        }

        _births[_birthCount++] = new BirthRow(row, id);
    }

    internal void TakeMessages(MessageRow[] messages) => (_messages, _messageCount) = (messages, messages.Length);
}
