using ActorVmm.Actors;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// The checkpoints of one machine: some along the run at even distances, which grow when they would take too much memory, and the
/// latest few close to where somebody stands.
/// </summary>
internal sealed class CheckpointShelf
{
    public const long UsualMemory = 512L << 20;

    private const long ShortestSpacing = 4_096;
    private const int MostClose = 6;

    private readonly long _memory;
    private readonly List<MachineCheckpoint> _along = [];
    private readonly Queue<MachineCheckpoint> _close = new();
    private readonly Stack<MachineCheckpoint> _spare = new();

    public CheckpointShelf(long memory) => _memory = memory;

    /// <summary>Turns between two checkpoints along the run.</summary>
    public long Spacing { get; private set; } = ShortestSpacing;

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
        if (turns % Spacing == 0 && turns > _along[^1].Turns)
        {
            Keep(machine);
        }
    }

    /// <summary>Saves the machine as one of the checkpoints along the run.</summary>
    public void Keep(SimulatedMachine machine)
    {
        _along.Add(Save(machine));
        while (_along.Count > 2 && _along.Sum(checkpoint => checkpoint.Bytes) > _memory)
        {
            Spacing *= 2;
            _along.RemoveAll(checkpoint =>
            {
                bool extra = checkpoint.Turns % Spacing != 0;
                if (extra)
                {
                    _spare.Push(checkpoint);
                }

                return extra;
            });
        }
    }

    /// <summary>Saves the machine as one that somebody will soon step back to.</summary>
    public void KeepClose(SimulatedMachine machine)
    {
        long turns = machine.Host.Statistics.Turns;
        if (_close.Any(checkpoint => checkpoint.Turns == turns) || turns % Spacing == 0)
        {
            return;
        }

        if (_close.Count == MostClose)
        {
            _spare.Push(_close.Dequeue());
        }

        _close.Enqueue(Save(machine));
    }

    private MachineCheckpoint Save(SimulatedMachine machine)
    {
        MachineCheckpoint checkpoint = _spare.TryPop(out MachineCheckpoint? spare) ? spare : new MachineCheckpoint();
        checkpoint.Save(machine);
        return checkpoint;
    }
}
