namespace ActorVmm.Akka;

/// <summary>
/// How many turns a run may still take. They are given out in blocks, one to each desk, so that desks do not wait for each other at every
/// turn; the blocks become smaller as the end comes near. What a desk has left when nothing is under way goes to the others.
/// </summary>
internal sealed class TurnBudget
{
    private const long LargestBlock = 256;

    /// <summary>A block is such a part of what is left, so that no desk runs out while another has many.</summary>
    private const int Parts = 16;

    private readonly Lock _gate = new();
    private readonly List<Purse> _purses = [];
    private long _left;

    /// <summary>A new run begins.</summary>
    public void Begin(long turns)
    {
        Reclaim();
        Volatile.Write(ref _left, turns);
    }

    /// <summary>Takes back what nobody has used; nothing is under way.</summary>
    /// <returns>How many turns may still be taken.</returns>
    public long Reclaim()
    {
        lock (_gate)
        {
            foreach (Purse purse in _purses)
            {
                _left += purse.Turns;
                purse.Turns = 0;
            }

            return _left;
        }
    }

    /// <summary>Where one desk keeps its turns.</summary>
    public Purse NewPurse()
    {
        lock (_gate)
        {
            var purse = new Purse(this);
            _purses.Add(purse);
            return purse;
        }
    }

    private long TakeBlock()
    {
        long left = Volatile.Read(ref _left);
        while (left > 0)
        {
            long block = Math.Clamp(left / Parts, 1, LargestBlock);
            long seen = Interlocked.CompareExchange(ref _left, left - block, left);
            if (seen == left)
            {
                return block;
            }

            left = seen;
        }

        return 0;
    }

    /// <summary>Turns that one desk may take; its own while it takes turns.</summary>
    internal sealed class Purse(TurnBudget budget)
    {
        public long Turns;

        /// <summary>Whether there is one more turn; it is taken then.</summary>
        public bool TryTake()
        {
            if (Turns == 0 && (Turns = budget.TakeBlock()) == 0)
            {
                return false;
            }

            Turns--;
            return true;
        }
    }
}
