using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Events;

/// <summary>
/// A batch's deliveries as columns of small numbers, one compressed block each:
/// <para>
/// 1. receivers: 0 when it is who received after the last receiver last time, 1 for an actor that has not appeared in this batch,
/// else 2 + its number; 2. senders: 0 the receiver itself, 1 whoever else sent to this receiver last, 2 when the next column says
/// who, else 2 + how many rows ago the sender took its latest turn; 3. actors: 1 + the number of one that has appeared, or 0 and
/// by how much the id of one that has not is larger than the last such one's, less one; 4. how far senders' counts went on, less
/// one; 5. how far time went on; 6. a few bits of each receiver's chain; 7. choices; 8. messages; 9. births whose ids cannot be foreseen: how many rows after the one before, and the id.
/// </para>
/// Every batch starts from nothing, so that it can be read by itself.
/// </summary>
internal sealed class DeliveryColumns
{
    /// <summary>Bits of a receiver's chain that are kept of each delivery.</summary>
    public const int CheckBits = 4;

    private const int Blocks = 9;
    private const uint CheckMask = (1U << CheckBits) - 1;
    private const ulong FollowsAsBefore = 0;
    private const ulong NewReceiver = 1;
    private const ulong ReceiverNumber = 2;
    private const ulong Itself = 0;
    private const ulong SameSender = 1;
    private const ulong SenderNumber = 2;

    private readonly ActorIndex _actors = new();
    private readonly ByteWriter[] _columns = [.. Enumerable.Range(0, Blocks).Select(_ => new ByteWriter(1 << 14))];

    /// <summary>Bytes of each column in the batch written last, compressed.</summary>
    public int[] Sizes { get; } = new int[Blocks];

    private ByteWriter Receivers => _columns[0];

    private ByteWriter Senders => _columns[1];

    private ByteWriter Actors => _columns[2];

    private ByteWriter Counts => _columns[3];

    private ByteWriter Times => _columns[4];

    public void Write(DeliveryBatch batch, ByteWriter into)
    {
        _actors.Clear();
        Array.ForEach(_columns, column => column.Clear());
        ReadOnlySpan<DeliveryRow> rows = batch.Rows;
        int receiver = ActorIndex.Outside;
        long now = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            ref readonly DeliveryRow row = ref rows[i];
            receiver = WriteReceiver(row.Receiver, receiver);
            int sender = WriteSender(row.Sender, receiver, i);
            ref ActorIndex.Known known = ref _actors[sender];
            Counts.Signed(unchecked(row.SenderCount - known.SenderCount - 1));
            known.SenderCount = row.SenderCount;
            _actors[receiver].Row = i;
            Times.Signed(unchecked(row.Now - now));
            now = row.Now;
        }

        WriteChecks(rows, _columns[5]);
        foreach (ChoiceRow choice in batch.Choices)
        {
            _columns[6].Number(choice.Row);
            _columns[6].Number(choice.Choice.Alternatives);
            _columns[6].Number(choice.Choice.Answer);
        }

        MessageColumns.Write(batch, _columns[7]);
        WriteBirths(batch.Births, _columns[8]);
        for (int i = 0; i < Blocks; i++)
        {
            int before = into.Length;
            Compression.Write(into, _columns[i].Written);
            Sizes[i] = into.Length - before;
        }
    }

    public static void Read(DeliveryBatch batch, ref ByteReader from)
    {
        var blocks = new byte[Blocks][];
        for (int i = 0; i < Blocks; i++)
        {
            blocks[i] = Compression.Read(ref from, DeliveryBatch.MostBytes);
        }

        ReadRows(batch, blocks);
        ReadChecks(batch.AllRows, blocks[5]);
        var choices = new ByteReader(blocks[6]);
        for (int last = 0; choices.Remaining > 0;)
        {
            (int row, int alternatives, int answer) = (choices.Int(), choices.Int(), choices.Int());
            if (row < last || row >= batch.Count || answer >= alternatives)
            {
                throw new FormatException(FormattableString.Invariant($"choice {answer} of {alternatives} in row {row}"));
            }

            batch.AddChoice(row, new Choice(alternatives, answer));
            last = row;
        }

        batch.TakeMessages(MessageColumns.Read(batch, blocks[7]));
        ReadBirths(batch, blocks[8]);
    }

    private static void WriteBirths(ReadOnlySpan<BirthRow> births, ByteWriter into)
    {
        BirthRow last = default;
        foreach (BirthRow birth in births)
        {
            into.Number(birth.Row - last.Row);
            into.Signed((long)birth.Id.Value - last.Id.Value);
            last = birth;
        }
    }

    private static void ReadBirths(DeliveryBatch batch, ReadOnlySpan<byte> column)
    {
        var reader = new ByteReader(column);
        (long row, long id) = (0, 0);
        while (reader.Remaining > 0)
        {
            row += reader.Int();
            id = unchecked(id + reader.Signed());
            if (row >= batch.Count || id is <= 0 or > int.MaxValue)
            {
                throw new FormatException(FormattableString.Invariant($"the birth of actor {id} in row {row}"));
            }

            batch.AddBirth((int)row, new ActorId((int)id));
        }
    }

    private int WriteReceiver(int id, int previous)
    {
        int number = _actors.Find(id);
        if (number < 0)
        {
            Receivers.Number(NewReceiver);
            number = WriteNew(id);
        }
        else
        {
            Receivers.Number(_actors[previous].Follower == number ? FollowsAsBefore : (ulong)number + ReceiverNumber);
        }

        _actors[previous].Follower = number;
        return number;
    }

    private int WriteSender(int id, int receiver, int row)
    {
        int number = _actors.Find(id);
        if (number == receiver)
        {
            Senders.Number(Itself);
            return number;
        }

        if (number >= 0 && _actors[receiver].Sender == number)
        {
            Senders.Number(SameSender);
        }
        else if (number >= 0 && _actors[number].Row >= 0)
        {
            Senders.Number((ulong)(row - _actors[number].Row) + SenderNumber);
        }
        else
        {
            Senders.Number(SenderNumber);
            if (number >= 0)
            {
                Actors.Number((ulong)number + 1);
            }
            else
            {
                Actors.Number(0UL);
                number = WriteNew(id);
            }
        }

        _actors[receiver].Sender = number;
        return number;
    }

    private int WriteNew(int id)
    {
        Actors.Signed((long)id - _actors.NewestId - 1);
        return _actors.Add(id);
    }

    private static void WriteChecks(ReadOnlySpan<DeliveryRow> rows, ByteWriter into)
    {
        for (int i = 0; i < rows.Length; i += 2)
        {
            uint low = rows[i].Check & CheckMask;
            uint high = i + 1 < rows.Length ? rows[i + 1].Check & CheckMask : 0;
            into.Byte((byte)(low | (high << CheckBits)));
        }
    }

    private static void ReadChecks(Span<DeliveryRow> rows, ReadOnlySpan<byte> checks)
    {
        if (checks.Length != (rows.Length + 1) / 2)
        {
            throw new FormatException(FormattableString.Invariant($"{checks.Length} bytes of checks for {rows.Length} deliveries"));
        }

        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].Check = ((uint)checks[i / 2] >> (i % 2 * CheckBits)) & CheckMask;
        }
    }

    private static void ReadRows(DeliveryBatch batch, byte[][] blocks)
    {
        var reader = new RowReader(blocks);
        Span<DeliveryRow> rows = batch.AllRows;
        for (int i = 0; i < rows.Length; i++)
        {
            reader.Read(ref rows[i], i);
        }

        reader.End();
    }

    /// <summary>The other way round of <see cref="Write"/>, row by row.</summary>
    private ref struct RowReader
    {
        private readonly ActorIndex _actors = new();
        private readonly int[] _turns = new int[DeliveryBatch.MostRows];
        private ByteReader _receivers;
        private ByteReader _senders;
        private ByteReader _ids;
        private ByteReader _counts;
        private ByteReader _times;
        private int _receiver;
        private long _now;

        public RowReader(byte[][] blocks)
        {
            _actors.Clear();
            _receivers = new ByteReader(blocks[0]);
            _senders = new ByteReader(blocks[1]);
            _ids = new ByteReader(blocks[2]);
            _counts = new ByteReader(blocks[3]);
            _times = new ByteReader(blocks[4]);
        }

        public void Read(ref DeliveryRow row, int at)
        {
            _receiver = Receiver(_receiver);
            int sender = Sender(_receiver, at);
            ref ActorIndex.Known known = ref _actors[sender];
            known.SenderCount = unchecked((int)(known.SenderCount + 1 + _counts.Signed()));
            _actors[_receiver].Row = at;
            _turns[at] = _receiver;
            _now = unchecked(_now + _times.Signed());
            row = new DeliveryRow { Receiver = _actors[_receiver].Id, Sender = known.Id, SenderCount = known.SenderCount, Now = _now };
        }

        public readonly void End()
        {
            _receivers.End();
            _senders.End();
            _ids.End();
            _counts.End();
            _times.End();
        }

        private int Receiver(int previous)
        {
            ulong word = _receivers.Number();
            int number = word switch
            {
                FollowsAsBefore => Known(_actors[previous].Follower),
                NewReceiver => New(),
                _ => Known(word - ReceiverNumber),
            };
            _actors[previous].Follower = number;
            return number;
        }

        private int Sender(int receiver, int at)
        {
            ulong word = _senders.Number();
            if (word == Itself)
            {
                return receiver;
            }

            int number = word switch
            {
                SameSender => Known(_actors[receiver].Sender),
                SenderNumber => _ids.Number() is var one and > 0 ? Known(one - 1) : New(),
                _ when word - SenderNumber <= (ulong)at => _turns[at - (int)(word - SenderNumber)],
                _ => throw new FormatException("a sender before the batch"),
            };
            _actors[receiver].Sender = number;
            return number;
        }

        private int New()
        {
            long id = unchecked(_actors.NewestId + 1 + _ids.Signed());
            return id is > 0 and <= int.MaxValue && _actors.Find((int)id) < 0
                ? _actors.Add((int)id)
                : throw new FormatException(FormattableString.Invariant($"actor {id} is no new one"));
        }

        private readonly int Known(ulong number) =>
            number < (ulong)_actors.Count ? (int)number : throw new FormatException("an actor that has not appeared");

        private readonly int Known(int number) =>
            number >= 0 ? number : throw new FormatException("an actor that has not appeared");
    }
}
