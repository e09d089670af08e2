using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime;

/// <summary>
/// The cells of all mailboxes of one host. A mailbox is a list linked through this pool, so an idle actor's costs nothing, and
/// a freed cell, still warm in the cache, is the next one used.
/// </summary>
public sealed class MailboxPool
{
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

    /// <summary>Takes a fired timer out of its actor's mailbox; false when it is not there.</summary>
    public bool Withdraw(ref ActorCell owner, TimerId timer)
    {
        int previous = 0;
        for (int index = owner.MailboxHead; index != 0; previous = index, index = _cells[index].Next)
        {
            if (_cells[index].Timer != timer)
            {
                continue;
            }

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

            Free(index);
            return true;
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

    /// <summary>Forgets every message of every mailbox; the heads and tails are the caller's.</summary>
    public void Clear()
    {
        _free = 0;
        _used = 1;
        Waiting = 0;
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
