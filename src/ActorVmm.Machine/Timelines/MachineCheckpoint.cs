using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A whole machine in the middle of its run, to go back to as often as wanted: the host's snapshot, the memory, and what is kept
/// beside the actors. A host forgets an actor that has stopped, and people still ask for its counters, so processes that are gone
/// are saved too: going forward to here from a time at which they lived must show them as they ended.
/// </summary>
public sealed class MachineCheckpoint
{
    private readonly SnapshotWriter _beside = new();
    private readonly SnapshotReader _reader = new();
    private readonly List<Process> _processes = [];
    private readonly List<int> _gone = [];
    private MachineSnapshot _actors = new();
    private ReadOnlyMemory<byte> _loadedBeside;
    private bool _ended;

    /// <summary>Turns taken when it was saved.</summary>
    public long Turns { get; private set; }

    public Ticks Now { get; private set; }

    /// <summary>What it takes, roughly.</summary>
    public long Bytes => _actors.Written.Length + (long)Beside.Length;

    /// <summary>Every process started by then, by serial number.</summary>
    internal IReadOnlyList<Process> Processes => _processes;

    /// <summary>Which of them were gone.</summary>
    internal IReadOnlyList<int> Gone => _gone;

    /// <summary>The host's snapshot.</summary>
    internal MachineSnapshot Actors => _actors;

    /// <summary>What is kept beside the actors.</summary>
    internal ReadOnlyMemory<byte> Beside => _loadedBeside.IsEmpty ? _beside.WrittenMemory : _loadedBeside;

    /// <summary>Whether everything that the scenario asked for had happened.</summary>
    internal bool Ended => _ended;

    /// <summary>Saves a machine over whatever was in here.</summary>
    public void Save(SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _loadedBeside = default;
        HostOf(machine).Save(_actors);
        Turns = machine.Host.Statistics.Turns;
        Now = machine.Host.Now;
        _ended = machine.ScenarioEnded;
        _processes.Clear();
        _processes.AddRange(machine.Processes);
        _gone.Clear();
        _gone.AddRange(Enumerable.Range(0, _processes.Count).Where(index => _processes[index].State == ProcessState.Gone));
        _beside.Clear();
        EncodeBeside(_beside, machine);
    }

    /// <summary>Makes a checkpoint of what another program saved of the same machine.</summary>
    /// <param name="turns">Turns taken when it was saved.</param>
    /// <param name="now">When that was.</param>
    /// <param name="ended">Whether everything that the scenario asked for had happened.</param>
    /// <param name="actors">The host's snapshot.</param>
    /// <param name="processes">Every process started by then, in whatever state, by serial number.</param>
    /// <param name="gone">Which of them were gone, in order.</param>
    /// <param name="beside">What is kept beside the actors.</param>
    internal static MachineCheckpoint Load(
        long turns, Ticks now, bool ended, MachineSnapshot actors, IEnumerable<Process> processes, IEnumerable<int> gone, ReadOnlyMemory<byte> beside)
    {
        var loaded = new MachineCheckpoint { Turns = turns, Now = now, _ended = ended, _actors = actors, _loadedBeside = beside };
        loaded._processes.AddRange(processes);
        loaded._gone.AddRange(gone);
        return loaded;
    }

    /// <summary>Takes a machine back, or forward again, to here; also out of a stop. The same machine that was saved.</summary>
    public void Restore(SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        HostOf(machine).Restore(_actors);
        machine.Resume(_processes, _ended);
        _reader.Open(Beside);
        EncodeBeside(_reader, machine);
        Invariant.Holds(_reader.Remaining == 0, "restoring reads exactly what saving wrote");
    }

    private void EncodeBeside(StateCodec codec, SimulatedMachine machine)
    {
        machine.Contents.Encode(codec);
        foreach (int gone in _gone)
        {
            _processes[gone].Encode(codec);
        }
    }

    private static IRestorableHost HostOf(SimulatedMachine machine) =>
        machine.Host as IRestorableHost ?? throw new NotSupportedException("this host cannot be taken back to where it was");
}
