namespace ActorVmm.Runtime;

/// <summary>
/// Timers that have not fired, earliest first and, at the same time, in the order in which they were started. Cancelling takes
/// a timer out at once, so a cancelled one costs neither memory nor a jump of virtual time. Each actor's timers are also a
/// list, linked through the slots from <see cref="ActorCell.TimerHead"/>.
/// </summary>
public sealed class TimerHeap
{
    private Slot[] _slots = new Slot[16];
    private Key[] _heap = new Key[16];
    private readonly Slot[] _scratch = new Slot[1];
    private int _count;
    private int _free;
    private int _used = 1;
    private long _started;

    public int Count => _count;

    /// <summary>When the next timer fires; <see cref="Ticks.Never"/> when there is none.</summary>
    public Ticks Earliest => _count == 0 ? Ticks.Never : new Ticks(_heap[0].Due);

    public void Start(ActorId owner, ref ActorCell cell, TimerId timer, Ticks due, in Message message, int senderCount) =>
        Add(ref cell, due.Value, _started++, new Slot { Message = message, Owner = owner, Timer = timer, SenderCount = senderCount });

    private void Add(ref ActorCell owner, long due, long order, in Slot content)
    {
        int index = _free;
        if (index != 0)
        {
            _free = _slots[index].Next;
        }
        else
        {
            if (_used == _slots.Length)
            {
                Array.Resize(ref _slots, _used * 2);
            }

            index = _used++;
        }

        int next = owner.TimerHead;
        ref Slot slot = ref _slots[index];
        slot = content;
        slot.Next = next;
        slot.Previous = 0;
        if (next != 0)
        {
            _slots[next].Previous = index;
        }

        owner.TimerHead = index;
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        SiftUp(_count++, new Key(due, order, index));
    }

    /// <summary>Who owns the timer that fires next.</summary>
    public ActorId EarliestOwner => _slots[_heap[0].Slot].Owner;

    /// <summary>Takes the timer that fires next out and writes it into a mailbox cell.</summary>
    public void Fire(ref ActorCell owner, ref Envelope into)
    {
        int index = _heap[0].Slot;
        ref Slot slot = ref _slots[index];
        into.Delivery.Message = slot.Message;
        into.Delivery.Sender = slot.Owner;
        into.Delivery.SenderCount = slot.SenderCount;
        into.Timer = slot.Timer;
        Remove(ref owner, index);
    }

    /// <summary>Takes a timer out; false when its owner has none such that has not fired.</summary>
    public bool Cancel(ref ActorCell owner, TimerId timer)
    {
        for (int index = owner.TimerHead; index != 0; index = _slots[index].Next)
        {
            if (_slots[index].Timer == timer)
            {
                Remove(ref owner, index);
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out all timers of an actor that stops.</summary>
    public void CancelAll(ref ActorCell owner)
    {
        while (owner.TimerHead != 0)
        {
            Remove(ref owner, owner.TimerHead);
        }
    }

    /// <summary>Hands all timers of an actor over to another heap, in the order in which they were started.</summary>
    internal void Move(ref ActorCell from, TimerHeap to, ref ActorCell owner)
    {
        List<Key> keys = [];
        for (int index = from.TimerHead; index != 0; index = _slots[index].Next)
        {
            keys.Add(_heap[_slots[index].Position]);
        }

        foreach (Key key in keys.OrderBy(key => key.Order))
        {
            to.Add(ref owner, key.Due, to._started++, in _slots[key.Slot]);
        }

        CancelAll(ref from);
    }

    /// <summary>Appends all timers, those first that fire first.</summary>
    public void List(ICollection<PendingDelivery> into)
    {
        foreach (Key key in _heap.Take(_count).OrderBy(key => key.Due).ThenBy(key => key.Order))
        {
            Slot slot = _slots[key.Slot];
            into.Add(new PendingDelivery(PendingPlace.Timer, slot.Owner, slot.Owner, slot.SenderCount, new Ticks(key.Due), slot.Message) { Timer = slot.Timer });
        }
    }

    /// <summary>
    /// Puts the heap in order, so that what is saved of it does not tell how it came about. A sorted heap is a heap.
    /// </summary>
    internal void Sort()
    {
        _heap.AsSpan(0, _count).Sort(static (left, right) => left.Due != right.Due ? left.Due.CompareTo(right.Due) : left.Order.CompareTo(right.Order));
        for (int at = 0; at < _count; at++)
        {
            _slots[_heap[at].Slot].Position = at;
        }
    }

    /// <summary>Passes all timers through the codec. The order among them is total, so the heap's own layout has no meaning.</summary>
    internal void Encode(StateCodec codec, ActorTable actors)
    {
        int count = _count;
        codec.Field("timers", ref count);
        codec.Field("started", ref _started);
        if (codec.Restoring)
        {
            _count = 0;
            _used = 1;
            _free = 0;
            for (int id = 0; id < actors.CellCount; id++)
            {
                actors[id].TimerHead = 0;
            }
        }

        for (int i = 0; i < count; i++)
        {
            Key key = codec.Restoring ? default : _heap[i];
            (long due, long order) = (key.Due, key.Order);
            codec.Field("due", ref due);
            codec.Field("order", ref order);
            _scratch[0] = _slots[key.Slot] with { Next = 0, Previous = 0, Position = 0 };
            codec.Values("timer", _scratch);
            if (codec.Restoring)
            {
                Add(ref actors[_scratch[0].Owner], due, order, in _scratch[0]);
            }
        }
    }

    private void Remove(ref ActorCell owner, int index)
    {
        ref Slot slot = ref _slots[index];
        if (slot.Previous == 0)
        {
            owner.TimerHead = slot.Next;
        }
        else
        {
            _slots[slot.Previous].Next = slot.Next;
        }

        if (slot.Next != 0)
        {
            _slots[slot.Next].Previous = slot.Previous;
        }

        int hole = slot.Position;
        Key last = _heap[--_count];
        if (hole < _count)
        {
            if (hole > 0 && last.Before(_heap[(hole - 1) / 2]))
            {
                SiftUp(hole, last);
            }
            else
            {
                SiftDown(hole, last);
            }
        }

        slot.Next = _free;
        _free = index;
    }

    private void SiftUp(int at, Key key)
    {
        while (at > 0 && key.Before(_heap[(at - 1) / 2]))
        {
            Place(at, _heap[(at - 1) / 2]);
            at = (at - 1) / 2;
        }

        Place(at, key);
    }

    private void SiftDown(int at, Key key)
    {
        while (true)
        {
            int child = (at * 2) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _heap[child + 1].Before(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].Before(key))
            {
                break;
            }

            Place(at, _heap[child]);
            at = child;
        }

        Place(at, key);
    }

    private void Place(int at, Key key)
    {
        _heap[at] = key;
        _slots[key.Slot].Position = at;
    }

    private readonly record struct Key(long Due, long Order, int Slot)
    {
        public bool Before(in Key other) => Due != other.Due ? Due < other.Due : Order < other.Order;
    }

    private struct Slot
    {
        public Message Message;
        public ActorId Owner;
        public TimerId Timer;
        public int SenderCount;
        public int Next;
        public int Previous;
        public int Position;
    }
}
