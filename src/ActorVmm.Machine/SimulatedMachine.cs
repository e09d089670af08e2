using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Kernel.Devices;
using ActorVmm.Kernel.Files;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.Operators;
using ActorVmm.Kernel.PagingFiles;
using ActorVmm.Kernel.Sections;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine;

/// <summary>
/// A machine put together on a host: its memory, its actors, and where to find them. <see cref="MachineBuilder"/> makes one.
/// </summary>
public sealed class SimulatedMachine
{
    private readonly EndListener _end;
    private readonly ProcessFactory _factory;
    private readonly ISectionFactory _sections;

    internal SimulatedMachine(MachinePlan plan, IHost host, Contents contents, Cast cast, ProcessFactory factory, ISectionFactory sections, EndListener end)
    {
        _end = end;
        _factory = factory;
        _sections = sections;
        Plan = plan;
        Host = host;
        Contents = contents;
        Cast = cast;
    }

    public MachinePlan Plan { get; }

    public IHost Host { get; }

    public Contents Contents { get; }

    public Cast Cast { get; }

    /// <summary>Every process ever started, in order of start; those that have exited keep their counters.</summary>
    public IReadOnlyList<Process> Processes => _factory.Started;

    public required PfnDatabase PfnDatabase { get; init; }

    public required SystemSpace SystemSpace { get; init; }

    public required Operator Operator { get; init; }

    public required IReadOnlyList<PagingFile> PagingFiles { get; init; }

    /// <summary>Device stacks, each by the driver at its top.</summary>
    public IReadOnlyList<DeviceDriver> Devices { get; init; } = [];

    /// <summary>Files, in the order of their numbers; first those of the plan.</summary>
    public IReadOnlyList<DataFile> Files { get; internal set; } = [];

    /// <summary>Whether everything the scenario asked for has happened.</summary>
    public bool ScenarioEnded => _end.ScenarioEnded;

    /// <summary>Decides all draws and choices.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// The run so far: its seed, actors, their inputs, and memory. The seed is an input also of a run that has drawn nothing yet.
    /// </summary>
    public Fingerprint Fingerprint() => Host.Fingerprint(Contents).With(new FingerprintBuilder(Seed).Build());

    /// <summary>
    /// Puts a file onto a disk of the machine, between two turns: it comes from outside, as what a user copies there. A run that is recorded has only
    /// the files of its plan.
    /// </summary>
    internal (ActorId Actor, DataFile File) AddFile(FilePlan plan)
    {
        var file = new DataFile(Files.Count, plan, Plan, Contents, _sections);
        Files = [.. Files, file];
        return (Host.Create(file, Role.Device), file);
    }

    /// <summary>A process as it was when it was made, to be given a state: serial numbers say which plan it has.</summary>
    internal Process MakeProcess(int serial) => _factory.Make(Operator.PlanOf(serial), serial);

    /// <summary>A section that nobody has told yet what it is, to be given a state.</summary>
    internal Section MakeSection(uint serial) => (Section)_sections.Create(serial);

    /// <summary>The host has been taken to another point of the run: what is kept beside its actors follows.</summary>
    internal void Resume(IReadOnlyList<Process> processes, bool ended)
    {
        _factory.Resume(processes);
        _end.Resume(ended);
    }
}
