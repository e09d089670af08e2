using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime;

/// <summary>
/// The cells of all mailboxes of one host. A mailbox is a list linked through this pool, so an idle actor's costs nothing, and
/// a freed cell, still warm in the cache, is the next one used.
/// </summary>
public sealed class MailboxPool
{
    private readonly Envelope[] _scratch = new Envelope[1];
    private Envelope[] _cells = new Envelope[256];
    private int _free;
    private int _used = 1;

    /// <summary>Messages waiting in all mailboxes.</summary>
    public int Waiting { get; private set; }

    /// <summary>A cell by its index, from 1; the reference is good until the next <see cref="Put"/>.</summary>
    public ref Envelope this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _cells[index];
    }

    /// <summary>Appends a cell to a mailbox; the caller fills it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Envelope Put(ref ActorCell receiver)
    {
        int index = _free;
        if (index != 0)
        {
            _free = _cells[index].Next;
        }
        else
        {
            index = Extend();
        }

        if (receiver.MailboxHead == 0)
        {
            receiver.MailboxHead = index;
        }
        else
        {
            _cells[receiver.MailboxTail].Next = index;
        }

        receiver.MailboxTail = index;
        Waiting++;
        ref Envelope cell = ref _cells[index];
        cell.Next = 0;
        return ref cell;
    }

    /// <summary>Unlinks the oldest cell of a mailbox and returns its index. It keeps its content until it is freed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TakeOldest(ref ActorCell receiver)
    {
        int index = receiver.MailboxHead;
        receiver.MailboxHead = _cells[index].Next;
        return index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(int index)
    {
        _cells[index].Next = _free;
        _free = index;
        Waiting--;
    }

    /// <summary>
    /// Unlinks the message of this identity, wherever in the mailbox it is, and returns its index; 0 when it is not there.
    /// </summary>
    public int Take(ref ActorCell receiver, ActorId sender, int senderCount)
    {
        int previous = 0;
        for (int index = receiver.MailboxHead; index != 0; previous = index, index = _cells[index].Next)
        {
            if (_cells[index].Delivery.SenderCount == senderCount && _cells[index].Delivery.Sender == sender)
            {
                Unlink(ref receiver, previous, index);
                return index;
            }
        }

        return 0;
    }

    /// <summary>Takes a fired timer out of its actor's mailbox; false when it is not there.</summary>
    public bool Withdraw(ref ActorCell owner, TimerId timer)
    {
        if (timer == default)
        {
            // What came from no timer has this one.
            return false;
        }

        int previous = 0;
        for (int index = owner.MailboxHead; index != 0; previous = index, index = _cells[index].Next)
        {
            if (_cells[index].Timer == timer)
            {
                Unlink(ref owner, previous, index);
                Free(index);
                return true;
            }
        }

        return false;
    }

    /// <summary>Empties a mailbox and returns how many messages it held.</summary>
    public int Empty(ref ActorCell owner)
    {
        int count = 0;
        while (owner.MailboxHead != 0)
        {
            Free(TakeOldest(ref owner));
            count++;
        }

        return count;
    }

    /// <summary>Appends what waits in every mailbox, oldest first within each.</summary>
    internal void List(ActorTable actors, Ticks now, ICollection<PendingDelivery> into)
    {
        for (int id = 1; id < actors.CellCount; id++)
        {
            for (int index = actors[id].MailboxHead; index != 0; index = _cells[index].Next)
            {
                Delivery delivery = _cells[index].Delivery;
                into.Add(new PendingDelivery(PendingPlace.Mailbox, new ActorId(id), delivery.Sender, delivery.SenderCount, now, delivery.Message) { Timer = _cells[index].Timer });
            }
        }
    }

    /// <summary>Forgets every message of every mailbox; the heads and tails are the caller's.</summary>
    public void Clear()
    {
        _free = 0;
        _used = 1;
        Waiting = 0;
    }

    /// <summary>Passes every mailbox through the codec, in order. A cell's place in the pool has no meaning and is not saved.</summary>
    /// <param name="codec">Reads or replaces.</param>
    /// <param name="actors">Whose mailboxes.</param>
    /// <param name="keepsTimes">Whether a message's time means something before it is heard; otherwise it is that of the cell's former use.</param>
    internal void Encode(StateCodec codec, ActorTable actors, bool keepsTimes = false)
    {
        if (codec.Restoring)
        {
            Clear();
        }

        for (int id = 1; id < actors.CellCount; id++)
        {
            ref ActorCell cell = ref actors[id];
            int mail = codec.Restoring ? 0 : cell.MailboxHead;
            bool more = mail != 0;
            cell.MailboxHead = mail;
            for (codec.Field("mail", ref more); more; codec.Field("more", ref more))
            {
                int next = _cells[mail].Next;
                _scratch[0] = _cells[mail] with { Next = 0 };
                _scratch[0].Delivery.Now = keepsTimes ? _scratch[0].Delivery.Now : Ticks.Zero;
                codec.Values("message", _scratch);
                if (codec.Restoring)
                {
                    ref Envelope envelope = ref Put(ref cell);
                    (envelope.Delivery, envelope.Timer) = (_scratch[0].Delivery, _scratch[0].Timer);
                }

                mail = next;
                more = mail != 0;
            }
        }
    }

    private void Unlink(ref ActorCell owner, int previous, int index)
    {
        int next = _cells[index].Next;
        if (previous == 0)
        {
            owner.MailboxHead = next;
        }
        else
        {
            _cells[previous].Next = next;
        }

        if (owner.MailboxTail == index)
        {
            owner.MailboxTail = previous;
        }
    }

    private int Extend()
    {
        if (_used == _cells.Length)
        {
            Array.Resize(ref _cells, _cells.Length * 2);
        }

        return _used++;
    }
}

/// <summary>A delivery in a mailbox: 64 bytes.</summary>
public struct Envelope
{
    public Delivery Delivery;

    /// <summary>The next cell of the same mailbox, or of the free list.</summary>
    public int Next;

    /// <summary>Which timer of the receiver this is; default for a message.</summary>
    public TimerId Timer;
}
