using ActorVmm.Actors;
using ActorVmm.Kernel.Files;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Conformance;

/// <summary>
/// A machine with two idle processes on the deterministic host, asked from outside: a question is a message, and the machine runs until
/// it is at rest. Every promise is watched.
/// </summary>
internal sealed class SessionMachine : IOutsideListener
{
    private const uint Frames = 8_192;
    private const uint PagingFilePages = 1 << 22;
    private const uint SmallestPagingFile = 256;
    private const uint FewestFrames = 64;

    /// <summary>No call takes so many turns; a machine that does not come to rest is a fault of ours.</summary>
    private const long MostTurns = 20_000_000;

    private readonly SpecificationSuite _suite;
    private readonly SimulatedMachine _machine;
    private Performed? _performed;
    private CallReturned? _returned;
    private SectionCreated? _created;
    private SectionQueried? _queried;
    private FileReturned? _file;
    private ulong[] _words = [];
    private uint _requests;

    public SessionMachine(SessionPlan session)
    {
        MachinePlan plan = PlanOf(session.CommitLimitBelow / PageSize.Bytes) with { Platform = PlatformOf(session) };
        _suite = new SpecificationSuite(plan);
        var scenario = new Scenario
        {
            Name = "conformance",
            Path = "",
            Sha256 = "",
            Seed = 1,
            Machine = plan,
            Operator = new OperatorPlan { Processes = [Idle("self"), Idle("other")] },
        };
        _machine = MachineBuilder.Build(scenario, [_suite], asker: this);
        Run();
    }

    /// <summary>Carries out one operation in a process, for one of its threads or (−1) for one of another process.</summary>
    public Performed Do(int process, int thread, Operation operation, ulong value = 0)
    {
        _performed = null;
        _machine.Host.Inject(_machine.Operator.ProcessAt(process), new Perform(operation, ++_requests, thread, value));
        Run();
        return _performed ?? throw Silent();
    }

    public ActorId ProcessAt(int process) => _machine.Operator.ProcessAt(process);

    /// <summary>Has a process carry out a native call.</summary>
    public NativeAnswer Call(int process, NativeCall call)
    {
        const int WordsPerPart = 3;
        ActorId actor = _machine.Operator.ProcessAt(process);
        uint request = ++_requests;
        bool names = call.Thread > 0;
        CallFlags flags = call.Flags | (names ? CallFlags.NamesThread : call.Thread < 0 ? CallFlags.Attached : CallFlags.None);
        int parts = (call.Words.Count + (names ? 1 : 0) + WordsPerPart - 1) / WordsPerPart;
        _returned = null;
        _machine.Host.Inject(actor, new BeginCall(
            call.Base, call.Size, (uint)call.Type, (uint)call.Protection, request, call.Service, flags, call.Handle, (byte)parts));
        ulong[] words = new ulong[parts * WordsPerPart];
        call.Words.ToArray().CopyTo(words, 0);
        if (names)
        {
            words[^1] = (ulong)call.Thread;
        }

        for (int part = 0; part < parts; part++)
        {
            int first = part * WordsPerPart;
            _machine.Host.Inject(actor, new CallWords(words[first], words[first + 1], words[first + 2], request, part));
        }

        Run();
        return new NativeAnswer(_returned ?? throw Silent(), _words);
    }

    /// <summary>Has a section created or opened.</summary>
    public SectionCreated Create<T>(Func<uint, T> message)
        where T : unmanaged, IMessage
    {
        _created = null;
        Tell(_machine.Cast.SystemSpace, message((uint)++_requests));
        return _created ?? throw new InvalidOperationException("nobody answered for a section");
    }

    public SectionQueried QuerySection(ActorId section, int place)
    {
        _queried = null;
        Tell(section, new QuerySectionObject(place, (uint)++_requests));
        return _queried ?? throw new InvalidOperationException("a section did not answer");
    }

    /// <summary>A file that was not there before.</summary>
    public (ActorId Actor, DataFile File) AddFile(FilePlan plan) => _machine.AddFile(plan);

    /// <summary>Asks something of a file.</summary>
    public FileReturned AskFile<T>(ActorId file, Func<uint, T> message)
        where T : unmanaged, IMessage
    {
        _file = null;
        Tell(file, message((uint)++_requests));
        return _file ?? throw new InvalidOperationException("a file did not answer");
    }

    /// <summary>Sends a message that is not answered.</summary>
    public void Tell<T>(ActorId to, T message)
        where T : unmanaged, IMessage
    {
        _machine.Host.Inject(to, message);
        Run();
    }

    /// <summary>A promise that is broken, in words; null when all hold.</summary>
    public string? Broken()
    {
        _suite.Quiesced();
        return _suite.Violations is [var first, ..] ? first.ToString() : null;
    }

    void IOutsideListener.Left(in Delivery delivery)
    {
        switch (delivery.Kind)
        {
            case Performed.Kind: _performed = delivery.Read<Performed>(); break;
            case CallReturned.Kind: Returned(delivery.Read<CallReturned>()); break;
            case SectionCreated.Kind: _created = delivery.Read<SectionCreated>(); break;
            case FileReturned.Kind: _file = delivery.Read<FileReturned>(); break;
            case SectionQueried.Kind: _queried = delivery.Read<SectionQueried>(); break;
            case ReturnedWords.Kind: Returned(delivery.Read<ReturnedWords>()); break;
        }
    }

    private void Returned(CallReturned returned)
    {
        _returned = returned;
        _words = new ulong[returned.Words];
    }

    private void Returned(ReturnedWords words)
    {
        ReadOnlySpan<ulong> three = [words.A, words.B, words.C];
        Span<ulong> place = _words.AsSpan(words.Part * three.Length);
        three[..Math.Min(three.Length, place.Length)].CopyTo(place);
    }

    private static InvalidOperationException Silent() => new("a process did not answer");

    private static ProcessPlan Idle(string name) => new(name, [new NoProgram()]) { Lingers = true };

    private static Platform PlatformOf(SessionPlan session) => new()
    {
        Architecture = session.Architecture == Architecture.X64 ? ProcessorArchitecture.X64
            : session.DataExecutionPrevention ? ProcessorArchitecture.X86Pae
            : ProcessorArchitecture.X86,
        Version = session.Version,
        DataExecutionPrevention = session.DataExecutionPrevention,
    };

    /// <summary>Plenty of memory, or a commit limit below so many pages.</summary>
    private static MachinePlan PlanOf(ulong? limit)
    {
        uint frames = limit < Frames ? Math.Max((uint)limit, FewestFrames) : Frames;
        ulong slots = limit is null ? PagingFilePages : limit.Value <= frames ? 0 : Math.Min(limit.Value - frames, PagingFilePages);
        return new MachinePlan(frames) { Processors = 1, PagingFiles = slots < SmallestPagingFile ? [] : [new PagingFilePlan((uint)slots)] };
    }

    private void Run()
    {
        if (_machine.Host.Run(maxTurns: MostTurns) != RunOutcome.Quiescent)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"the machine was not at rest after {MostTurns} turns"));
        }
    }

    /// <summary>A thread that has nothing to do by itself.</summary>
    private sealed class NoProgram : IProgram
    {
        public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch) => default;
    }
}
