using ActorVmm.Actors;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Files;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.Operators;
using ActorVmm.Kernel.PagingFiles;
using ActorVmm.Kernel.Sections;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Kernel.Writers;
using ActorVmm.Kernel.ZeroPages;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Specifications;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// A real small machine on a host that delivers what it is told to, with every specification listening. Nothing is mocked; a test may
/// put something in front of an actor (<paramref name="dress"/>) to watch it or to break it.
/// </summary>
internal sealed class StagedMachine : ISectionFactory
{
    private const int FirstFile = 7;

    /// <param name="plan">The machine.</param>
    /// <param name="options">Seed, delivery model, listeners.</param>
    /// <param name="operators">What a real operator is to do; when null, nobody operates the machine.</param>
    /// <param name="dress">Given who an actor is and the actor, what takes its place; null leaves it as it is.</param>
    /// <param name="oneWriter">Whether the modified-page writer hears what the mapped-page writer is told, who is not there.</param>
    public StagedMachine(
        MachinePlan plan, SteppedOptions options, OperatorPlan? operators = null, Func<Cast, ActorId, IActor, IActor?>? dress = null, bool oneWriter = false)
    {
        Plan = plan;
        Cast = new Cast(new(1), new(2), new(3), new(4), new(5), new(6), [.. plan.PagingFiles.Select((_, file) => new ActorId(FirstFile + file))])
        {
            Files = [.. plan.Files.Select((_, file) => new ActorId(FirstFile + plan.PagingFiles.Count + file))],
            MappedPageWriter = oneWriter ? new ActorId(3) : plan.Files.Count > 0 ? new ActorId(FirstFile + plan.PagingFiles.Count + plan.Files.Count) : ActorId.Outside,
        };
        Specifications = new SpecificationSuite(plan);
        Host = new SteppedHost(options with { FactListeners = [Specifications, .. options.FactListeners] });
        Contents = new Contents(plan.Frames, PfnDatabase.RowsFor(plan));
        Environment = new ProcessEnvironment(Cast, Contents, plan.Policy, plan.Costs) { Platform = plan.Platform, System = plan.System };
        Frames = new PfnDatabase(plan, Cast, Contents);
        Space = new SystemSpace(plan, Cast) { Factory = this };
        Files = [.. plan.PagingFiles.Select((_, file) => new PagingFile(file, plan, Contents))];
        DataFiles = [.. plan.Files.Select((file, number) => new DataFile(number, file, plan, Contents, this))];
        Create(Cast.PfnDatabase, Frames);
        Create(Cast.WorkingSetManager, new TrimmingManager(plan, Cast));
        Create(Cast.ModifiedPageWriter, new ModifiedPageWriter(plan, Cast));
        Create(Cast.ZeroPageThread, new ZeroPageThread(plan, Cast, Contents));
        Create(Cast.SystemSpace, Space);
        Create(Cast.Operator, operators is null ? new Bystander() : new Operator(operators, Cast, new Processes(Environment)));
        for (int file = 0; file < Files.Count; file++)
        {
            Create(Cast.PagingFiles[file], Files[file]);
        }

        for (int file = 0; file < DataFiles.Count; file++)
        {
            Create(Cast.Files[file], DataFiles[file]);
        }

        if (DataFiles.Count > 0 && !oneWriter)
        {
            Create(Cast.MappedPageWriter, new MappedPageWriter(plan, Cast));
        }

        void Create(ActorId expected, IActor actor) => Host.Create(dress?.Invoke(Cast, expected, actor) ?? actor, Role.Device).ShouldBe(expected);
    }

    public MachinePlan Plan { get; }

    public Cast Cast { get; }

    public SteppedHost Host { get; }

    public SpecificationSuite Specifications { get; }

    public Contents Contents { get; }

    public ProcessEnvironment Environment { get; }

    public PfnDatabase Frames { get; }

    public SystemSpace Space { get; }

    public IReadOnlyList<PagingFile> Files { get; }

    /// <summary>Files that can be mapped; with them comes the mapped-page writer.</summary>
    public IReadOnlyList<DataFile> DataFiles { get; }

    /// <summary>Segments in the order in which they were made.</summary>
    public List<Section> Sections { get; } = [];

    Role ISectionFactory.Role => Role.Device;

    IActor ISectionFactory.Create(uint serial)
    {
        var section = new Section(Environment, serial);
        Sections.Add(section);
        return section;
    }

    public string NameOf(ActorId actor) => actor.Value switch
    {
        0 => "outside",
        1 => nameof(PfnDatabase),
        2 => nameof(Cast.WorkingSetManager),
        3 => nameof(ModifiedPageWriter),
        4 => nameof(ZeroPageThread),
        5 => nameof(SystemSpace),
        6 => nameof(Operator),
        _ when actor.Value < FirstFile + Files.Count => $"PagingFile {actor.Value - FirstFile}",
        _ when actor.Value < FirstFile + Files.Count + DataFiles.Count => $"DataFile {actor.Value - FirstFile - Files.Count}",
        _ when actor == Cast.MappedPageWriter => nameof(MappedPageWriter),
        _ => $"Process {actor.Value - FirstFile - Files.Count - DataFiles.Count - (Cast.MappedPageWriter.Value > FirstFile ? 1 : 0) + 1}",
    };

    /// <summary>When every process has gone, nothing of them is left anywhere.</summary>
    public void ShouldBeEmpty(string transcript)
    {
        Sections.ShouldAllBe(section => section.IsGone, $"a segment is left over{transcript}");
        Space.Total.ShouldBe(0UL, $"commitment is left over{transcript}");
        Files.Sum(file => file.CurrentUsage).ShouldBe(0, $"slots are left over{transcript}");
        int available = Frames.CountOf(PageLocation.Zeroed) + Frames.CountOf(PageLocation.Free) + Frames.CountOf(PageLocation.Bad);
        available.ShouldBe((int)Plan.Frames, $"frames are left over{transcript}");
    }

    private sealed class Processes(ProcessEnvironment environment) : IProcessFactory
    {
        public IActor Create(ProcessPlan plan, int serial) => new Process(environment, plan, serial);

        public Role RoleOf(ProcessPlan plan) => Role.Device;
    }
}
