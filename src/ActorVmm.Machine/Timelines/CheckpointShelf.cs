using System.Numerics;
using ActorVmm.Actors;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// The checkpoints of one machine: some along the run at even distances, and the latest few close to where somebody stands. How far
/// apart they lie follows from what one takes: saving costs about a nanosecond a byte and a turn some hundreds, so that a large
/// machine is better run on a little than saved often.
/// </summary>
internal sealed class CheckpointShelf
{
    public const long UsualMemory = 512L << 20;

    private const long ShortestSpacing = 4_096;
    private const int BytesPerTurnAlong = 64;
    private const int BytesPerTurnClose = 2_048;
    private const long ShortestClose = 64;
    private const long MostClose = 1L << 14;
    private const int CloseKept = 6;

    private readonly long _memory;
    private readonly List<MachineCheckpoint> _along = [];
    private readonly Queue<MachineCheckpoint> _close = new();
    private readonly Stack<MachineCheckpoint> _spare = new();

    public CheckpointShelf(long memory) => _memory = memory;

    /// <summary>Turns between two checkpoints along the run.</summary>
    public long Spacing { get; private set; } = ShortestSpacing;

    /// <summary>How far behind where one stands the close checkpoints are laid, the farther one first.</summary>
    public IReadOnlyList<long> Behind { get; private set; } = [ShortestClose * 16, ShortestClose];

    public long Bytes => _along.Sum(checkpoint => checkpoint.Bytes) + _close.Sum(checkpoint => checkpoint.Bytes);

    /// <summary>The last checkpoint before a turn; there is always one, at 0.</summary>
    public MachineCheckpoint Before(long turn)
    {
        MachineCheckpoint best = _along[0];
        foreach (MachineCheckpoint checkpoint in _along.Concat(_close))
        {
            best = checkpoint.Turns < turn && checkpoint.Turns > best.Turns ? checkpoint : best;
        }

        return best;
    }

    /// <summary>The last checkpoint before a time.</summary>
    public MachineCheckpoint Before(Ticks time) => _along.LastOrDefault(checkpoint => checkpoint.Now < time) ?? _along[0];

    /// <summary>Saves the machine when it stands where a checkpoint is due.</summary>
    public void Pass(SimulatedMachine machine)
    {
        long turns = machine.Host.Statistics.Turns;
        if (turns % Spacing == 0 && turns - Before(turns + 1).Turns >= Spacing)
        {
            Keep(machine);
        }
    }

    /// <summary>Saves the machine as one of the checkpoints along the run.</summary>
    public MachineCheckpoint Keep(SimulatedMachine machine)
    {
        MachineCheckpoint saved = Save(machine);
        Keep(saved);
        return saved;
    }

    /// <summary>Takes a checkpoint that was saved elsewhere.</summary>
    public void Keep(MachineCheckpoint checkpoint)
    {
        _along.Insert(_along.FindLastIndex(known => known.Turns < checkpoint.Turns) + 1, checkpoint);
        Measure(checkpoint);
        while (_along.Count > 2 && _along.Sum(kept => kept.Bytes) > _memory)
        {
            Spacing *= 2;
            Thin();
        }
    }

    /// <summary>Saves the machine as one that somebody will soon step back to, unless one lies nearly as close.</summary>
    public void KeepClose(SimulatedMachine machine, long behind)
    {
        long turns = machine.Host.Statistics.Turns;
        if (turns - Before(turns + 1).Turns < behind / 2)
        {
            return;
        }

        if (_close.Count == CloseKept)
        {
            _spare.Push(_close.Dequeue());
        }

        MachineCheckpoint saved = Save(machine);
        _close.Enqueue(saved);
        Measure(saved);
    }

    /// <summary>Leaves out what lies closer to the one before than it should; the first stays.</summary>
    private void Thin()
    {
        long last = 0;
        _along.RemoveAll(checkpoint =>
        {
            bool extra = checkpoint.Turns > 0 && checkpoint.Turns - last < Spacing;
            last = extra ? last : checkpoint.Turns;
            if (extra)
            {
                _spare.Push(checkpoint);
            }

            return extra;
        });
    }

    private void Measure(MachineCheckpoint checkpoint)
    {
        static long Power(long turns) => (long)BitOperations.RoundUpToPowerOf2((ulong)turns);

        Spacing = Math.Max(Spacing, Power(checkpoint.Bytes / BytesPerTurnAlong));
        long close = Math.Clamp(Power(checkpoint.Bytes / BytesPerTurnClose), ShortestClose, MostClose);
        if (close != Behind[^1])
        {
            Behind = [close * 16, close];
        }
    }

    private MachineCheckpoint Save(SimulatedMachine machine)
    {
        MachineCheckpoint checkpoint = _spare.TryPop(out MachineCheckpoint? spare) ? spare : new MachineCheckpoint();
        checkpoint.Save(machine);
        return checkpoint;
    }
}
