using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime;

/// <summary>
/// The turns under way, earliest end first and, at the same time, in the order in which they began: a binary heap with one
/// entry per running turn, instead of one per message on its way.
/// </summary>
internal sealed class Agenda
{
    private Entry[] _heap = new Entry[8];
    private int _count;

    public int Count => _count;

    /// <summary>When the next turn ends; <see cref="long.MaxValue"/> when none is under way.</summary>
    public long Earliest
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count == 0 ? long.MaxValue : _heap[0].End;
    }

    /// <summary>The numbers of the turns under way, in the order in which they began.</summary>
    public IReadOnlyList<long> Turns
    {
        get
        {
            long[] turns = new long[_count];
            for (int i = 0; i < turns.Length; i++)
            {
                turns[i] = _heap[i].Lane.Turn;
            }

            Array.Sort(turns);
            return turns;
        }
    }

    public void Add(long end, Lane lane)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        Entry entry = new(end, lane);
        int at = _count++;
        while (at > 0 && entry.Before(in _heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = entry;
    }

    /// <summary>
    /// Passes the turns under way through the codec, with what they asked for. The order among them is total, so the heap's own
    /// layout has no meaning.
    /// </summary>
    /// <param name="codec">Reads or replaces.</param>
    /// <param name="lanes">Finds the lane of a processor, or a free one beside them.</param>
    /// <param name="actors">By id, actors about to be created.</param>
    public void Encode(StateCodec codec, Func<int, Lane> lanes, Span<IActor?> actors)
    {
        int count = _count;
        codec.Field("underWay", ref count);
        if (codec.Restoring)
        {
            Array.Clear(_heap);
            _count = 0;
        }

        for (int i = 0; i < count; i++)
        {
            Entry entry = codec.Restoring ? default : _heap[i];
            (long end, int processor) = (entry.End, entry.Lane?.Processor ?? 0);
            codec.Field("end", ref end);
            codec.Field("processor", ref processor);
            Lane lane = entry.Lane ?? lanes(processor);
            lane.Encode(codec, actors);
            if (codec.Restoring)
            {
                Add(end, lane);
            }
        }
    }

    /// <summary>Appends what the turns under way have asked for, those first that end first.</summary>
    public void List(ICollection<PendingDelivery> into)
    {
        foreach (Entry entry in _heap.Take(_count).OrderBy(entry => entry.End).ThenBy(entry => entry.Lane.Turn))
        {
            Outbox outbox = entry.Lane.Outbox;
            foreach (ref readonly Outbox.Sent sent in outbox.SentMessages)
            {
                into.Add(new PendingDelivery(PendingPlace.UnderWay, sent.To, outbox.Self, 0, new Ticks(entry.End), sent.Message));
            }
        }
    }

    public Lane Take()
    {
        Lane earliest = _heap[0].Lane;
        Entry last = _heap[--_count];
        _heap[_count] = default;
        int at = 0;
        while (true)
        {
            int child = (at * 2) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _heap[child + 1].Before(in _heap[child]))
            {
                child++;
            }

            if (!_heap[child].Before(in last))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        if (_count > 0)
        {
            _heap[at] = last;
        }

        return earliest;
    }

    private readonly struct Entry(long end, Lane lane)
    {
        public readonly long End = end;
        public readonly Lane Lane = lane;
        private readonly long _order = lane.Turn;

        public bool Before(in Entry other) => End != other.End ? End < other.End : _order < other._order;
    }
}
