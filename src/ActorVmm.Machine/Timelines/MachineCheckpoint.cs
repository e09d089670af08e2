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
    private readonly MachineSnapshot _actors = new();
    private readonly SnapshotWriter _beside = new();
    private readonly SnapshotReader _reader = new();
    private readonly List<Process> _processes = [];
    private readonly List<int> _gone = [];
    private bool _ended;

    /// <summary>Turns taken when it was saved.</summary>
    public long Turns { get; private set; }

    public Ticks Now { get; private set; }

    /// <summary>What it takes, roughly.</summary>
    public long Bytes => _actors.Written.Length + (long)_beside.Written.Length;

    /// <summary>Saves a machine over whatever was in here.</summary>
    public void Save(SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
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

    /// <summary>Takes a machine back, or forward again, to here; also out of a stop. The same machine that was saved.</summary>
    public void Restore(SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        HostOf(machine).Restore(_actors);
        machine.Resume(_processes, _ended);
        _reader.Open(_beside.WrittenMemory);
        EncodeBeside(_reader, machine);
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
