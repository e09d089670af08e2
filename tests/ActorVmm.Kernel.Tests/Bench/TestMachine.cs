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

namespace ActorVmm.Kernel.Tests;

/// <summary>
/// A whole machine on the deterministic host, all real actors, every promise watched. Its processes are driven from outside, one
/// operation after the other (<see cref="Do"/>) or several at once (<see cref="Begin"/>); what comes back is kept.
/// </summary>
internal sealed class TestMachine : IProcessFactory, ISectionFactory, IOutsideListener
{
    private readonly List<Process> _processes = [];
    private readonly Operator _operator;
    private readonly List<ulong> _words = [];
    private uint _requests;

    public TestMachine(
        MachinePlan plan, IReadOnlyList<ProcessPlan> processes, IReadOnlyList<IFactListener>? listeners = null, ulong seed = 1, IReadOnlyList<ITurnListener>? turns = null)
    {
        Plan = plan;
        Cast = new Cast(new(1), new(2), new(3), new(4), new(5), new(6), [.. Enumerable.Range(0, plan.PagingFiles.Count).Select(file => new ActorId(7 + file))])
        {
            MappedPageWriter = new ActorId(7 + plan.PagingFiles.Count + plan.Files.Count),
            Files = [.. Enumerable.Range(0, plan.Files.Count).Select(file => new ActorId(7 + plan.PagingFiles.Count + file))],
        };
        Contents = new Contents(plan.Frames, PfnDatabase.RowsFor(plan));
        Environment = new ProcessEnvironment(Cast, Contents, plan.Policy, plan.Costs) { Platform = plan.Platform, System = plan.System };
        Suite = new SpecificationSuite(plan);
        Host = new DeterministicHost(new HostOptions
        {
            Processors = plan.Processors,
            Seed = seed,
            FactListeners = [Suite, Facts, .. listeners ?? []],
            TurnListeners = turns ?? [],
            Outside = this,
        });
        Frames = new PfnDatabase(plan, Cast, Contents);
        Ledger = new SystemSpace(plan, Cast) { Factory = this };
        _operator = new Operator(new OperatorPlan { Processes = processes }, Cast, this);
        Files = [.. plan.PagingFiles.Select((_, file) => new PagingFile(file, plan, Contents))];
        IActor[] actors =
        [
            Frames, new TrimmingManager(plan, Cast), new ModifiedPageWriter(plan, Cast), new ZeroPageThread(plan, Cast, Contents),
            Ledger, _operator, .. Files, .. plan.Files.Select((file, index) => new DataFile(index, file, plan, Contents, this)), new MappedPageWriter(plan, Cast),
        ];
        Role[] roles = [Cast.PfnLock, Cast.Manager, Cast.Writer, Cast.Zeroing, Cast.PfnLock, Cast.Person];
        for (int i = 0; i < actors.Length; i++)
        {
            Host.Create(actors[i], i < roles.Length ? roles[i] : Role.Device).ShouldBe(new ActorId(i + 1));
        }

        Host.Inject(Cast.Operator, default(StartScenario));
    }

    /// <summary>A process of nothing but what it is told to do from outside.</summary>
    public static readonly ProcessPlan Idle = new("idle", [new FixedProgram()]) { Lingers = true };

    /// <summary>One process of this plan, started and at rest.</summary>
    public static TestMachine With(ProcessPlan process, uint frames = 256, MemoryPolicy? policy = null, params IReadOnlyList<PagingFilePlan> files)
    {
        var machine = new TestMachine(
            new MachinePlan(frames) { PagingFiles = files.Count > 0 ? files : [new PagingFilePlan(1024)], Policy = policy ?? Quiet }, [process]);
        machine.Run();
        return machine;
    }

    /// <summary>The same on another processor, or another Windows.</summary>
    public static TestMachine On(Platform platform, ProcessPlan? process = null)
    {
        var machine = new TestMachine(new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = Quiet, Platform = platform }, [process ?? Idle]);
        machine.Run();
        return machine;
    }

    /// <summary>Nothing happens by itself: no reserve of frames, pages are trimmed and written when the story says so.</summary>
    public static MemoryPolicy Quiet { get; } =
        new() { LowAvailable = 1, PlentyAvailable = 2, ModifiedMaximum = 1_000_000, ZeroThreadWake = 1_000_000, FrameCache = 0, CheckEveryAccess = true };

    public MachinePlan Plan { get; }

    public Cast Cast { get; }

    public Contents Contents { get; }

    public ProcessEnvironment Environment { get; }

    public DeterministicHost Host { get; }

    public SpecificationSuite Suite { get; }

    public PfnDatabase Frames { get; }

    public SystemSpace Ledger { get; }

    public IReadOnlyList<PagingFile> Files { get; }

    public FactLog Facts { get; } = new();

    /// <summary>Processes by serial number.</summary>
    public IReadOnlyList<Process> Processes => _processes;

    /// <summary>Called with every answer, in the order in which answers leave the machine.</summary>
    public Action<ActorId, Message>? Heard { get; set; }

    private Dictionary<ulong, Performed> Answers { get; } = [];

    private List<MemoryQueried> Queried { get; } = [];

    public ActorId IdOf(int serial) => _operator.ProcessAt(serial);

    public void Run() => Host.Run();

    public void Inject<T>(ActorId to, in T message)
        where T : unmanaged, IMessage => Host.Inject(to, in message);

    /// <summary>Sends an operation without waiting; returns its request number.</summary>
    public ulong Begin(Operation operation, int process = 0, ulong value = 0, int thread = 0)
    {
        Host.Inject(IdOf(process), new Perform(operation, ++_requests, thread, value));
        return _requests;
    }

    /// <summary>Has a process carry out one operation and waits until the machine is at rest.</summary>
    public Performed Do(Operation operation, int process = 0, int thread = 0)
    {
        ulong request = Begin(operation, process, thread: thread);
        Run();
        return Answer(request);
    }

    public Performed Do(OperationKind kind, ulong address, ulong size = 0, PageProtection protection = PageProtection.None, int process = 0) =>
        Do(new Operation(kind, address, size, protection), process);

    /// <summary>Stores eight bytes.</summary>
    public void Poke(ulong address, ulong value, int process = 0)
    {
        ulong request = Begin(new Operation(OperationKind.Write, address, sizeof(ulong)), process, value);
        Run();
        Answer(request).Status.ShouldBe(NtStatus.Success);
    }

    /// <summary>Loads eight bytes.</summary>
    public ulong Peek(ulong address, int process = 0)
    {
        Performed answer = Do(new Operation(OperationKind.Read, address, sizeof(ulong)), process);
        answer.Status.ShouldBe(NtStatus.Success);
        return answer.Size;
    }

    /// <summary>The answer to a request; it must have come.</summary>
    public Performed Answer(ulong request)
    {
        Answers.TryGetValue(request, out var answer).ShouldBeTrue($"request {request} was not answered");
        return answer;
    }

    public NtStatus Read(ulong address, int process = 0) => Do(OperationKind.Read, address, process: process).Status;

    public NtStatus Write(ulong address, int process = 0) => Do(OperationKind.Write, address, process: process).Status;

    public NtStatus Execute(ulong address, int process = 0) => Do(OperationKind.Execute, address, process: process).Status;

    /// <summary>Reserves and commits; it must succeed.</summary>
    public ulong Allocate(ulong address, int pages, PageProtection protection = PageProtection.ReadWrite, int process = 0)
    {
        var performed = Do(OperationKind.ReserveCommit, address, (ulong)pages << PageSize.Shift, protection, process);
        performed.Status.ShouldBe(NtStatus.Success);
        return performed.Base;
    }

    /// <summary>Stores to each of these pages, in order.</summary>
    public void WriteAll(ulong address, int pages, int process = 0)
    {
        for (int page = 0; page < pages; page++)
        {
            Write(address + ((ulong)page << PageSize.Shift), process).ShouldBe(NtStatus.Success);
        }
    }

    /// <summary>Has a process carry out a native call, words and all, and waits until the machine is at rest.</summary>
    public CallReturned Call(BeginCall call, params IReadOnlyList<ulong> words) => CallIn(0, call, words);

    /// <summary>The same in any process.</summary>
    public CallReturned CallIn(int process, BeginCall call, params IReadOnlyList<ulong> words)
    {
        uint request = BeginIn(process, call, words);
        Run();
        Returned.TryGetValue(request, out var answer).ShouldBeTrue($"call {request} was not answered");
        return answer;
    }

    /// <summary>Sends a call without waiting; returns its request number. Its words come first, the last ones before the others.</summary>
    public uint BeginCall(BeginCall call, params IReadOnlyList<ulong> words) => BeginIn(0, call, words);

    /// <summary>The same in any process.</summary>
    public uint BeginIn(int process, BeginCall call, params IReadOnlyList<ulong> words)
    {
        uint request = ++_requests;
        int parts = (words.Count + 2) / 3;
        ulong[] padded = [.. words, 0, 0];
        for (int part = parts - 1; part >= 0; part--)
        {
            Host.Inject(IdOf(process), new CallWords(padded[part * 3], padded[(part * 3) + 1], padded[(part * 3) + 2], request, part));
        }

        Host.Inject(IdOf(process), call with { Request = request, Parts = (byte)parts });
        return request;
    }

    /// <summary>Answers to calls, by request number.</summary>
    public Dictionary<uint, CallReturned> Returned { get; } = [];

    /// <summary>The words of the latest answer.</summary>
    public IReadOnlyList<ulong> Words => _words;

    public MemoryQueried Query(ulong address, int process = 0)
    {
        Queried.Clear();
        Host.Inject(IdOf(process), new QueryMemory(new VirtualAddress(address)));
        Run();
        return Queried.ShouldHaveSingleItem();
    }

    /// <summary>One process gives up pages: up to <paramref name="goal"/>, accessed ones too, whatever its minimum.</summary>
    public void Trim(int goal = 1_000_000, int process = 0, int pass = 4, bool belowMinimum = true)
    {
        Host.Inject(Cast.WorkingSetManager, new TrimByTest(IdOf(process), goal, pass, belowMinimum ? 1 : 0));
        Run();
    }

    /// <summary>All modified pages go to paging files.</summary>
    public void WriteOut()
    {
        Host.Inject(Cast.PfnDatabase, default(FlushModified));
        Run();
    }

    /// <summary>
    /// A second process takes every available frame and gives them back: whatever was on standby is repurposed.
    /// </summary>
    public void RepurposeStandby(int process = 1)
    {
        int pages = Frames.Available;
        int standby = Frames.CountOf(PageLocation.Standby);
        int before = Repurposed();
        ulong heap = Allocate(0x7000_0000, pages, process: process);
        for (int page = 0; page < pages && Repurposed() - before < standby; page++)
        {
            Write(heap + ((ulong)page << PageSize.Shift), process).ShouldBe(NtStatus.Success);
        }

        (Repurposed() - before).ShouldBe(standby, "all standby pages have been repurposed");
        Do(OperationKind.Release, heap, process: process).Status.ShouldBe(NtStatus.Success);
    }

    private int Repurposed() => Enumerable.Range(0, 8).Sum(Frames.RepurposedOf);

    public void Kill(int process)
    {
        Host.Inject(IdOf(process), new ExitProcess(NtStatus.Success));
        Run();
    }

    /// <summary>The machine is at rest: every promise holds.</summary>
    public void Holds()
    {
        Suite.Quiesced();
        Suite.Violations.ShouldBeEmpty(string.Join(System.Environment.NewLine, Suite.Violations.Take(5)));
    }

    /// <summary>All processes end, and nothing of them is left (I10).</summary>
    public void EndsAtTheBaseline()
    {
        for (int process = 0; process < _processes.Count; process++)
        {
            if (_processes[process].State != ProcessState.Gone)
            {
                Kill(process);
            }
        }

        Holds();
        int unused = Frames.CountOf(PageLocation.Zeroed) + Frames.CountOf(PageLocation.Free) + Frames.CountOf(PageLocation.Bad);
        unused.ShouldBe((int)Plan.Frames, "every frame is free or zeroed again");
        Ledger.Total.ShouldBe(0UL, "all commitment was returned");
        Files.Sum(file => (long)file.CurrentUsage).ShouldBe(0, "no slot is in use");
    }

    public IActor Create(ProcessPlan plan, int serial)
    {
        var process = new Process(Environment, plan, serial);
        _processes.Add(process);
        return process;
    }

    public Role RoleOf(ProcessPlan plan) => Role.Thread;

    Role ISectionFactory.Role => Cast.PfnLock;

    IActor ISectionFactory.Create(uint serial)
    {
        var section = new Section(Environment, serial);
        Sections.Add(section);
        return section;
    }

    /// <summary>Segments in the order in which they were made.</summary>
    public List<Section> Sections { get; } = [];

    /// <summary>The latest answer to whoever created or opened a section.</summary>
    public SectionCreated Created { get; private set; }

    void IOutsideListener.Left(in Delivery delivery)
    {
        switch (delivery.Kind)
        {
            case Performed.Kind: Answers.Add(delivery.Read<Performed>().Request, delivery.Read<Performed>()); break;
            case CallReturned.Kind: Returned.Add(delivery.Read<CallReturned>().Request, delivery.Read<CallReturned>()); _words.Clear(); break;
            case ReturnedWords.Kind: _words.AddRange([delivery.Read<ReturnedWords>().A, delivery.Read<ReturnedWords>().B, delivery.Read<ReturnedWords>().C]); break;
            case SectionCreated.Kind: Created = delivery.Read<SectionCreated>(); break;
            case MemoryQueried.Kind: Queried.Add(delivery.Read<MemoryQueried>()); break;
        }

        Heard?.Invoke(delivery.Sender, delivery.Message);
    }
}

/// <summary>A program of a few operations.</summary>
internal sealed class FixedProgram(params Operation[] operations) : IProgram
{
    public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch) =>
        position < operations.Length ? operations.AsSpan((int)position) : default;
}
