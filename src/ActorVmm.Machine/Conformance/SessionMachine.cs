using ActorVmm.Actors;
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
    private MemoryQueried? _queried;
    private ulong _requests;

    public SessionMachine(SessionPlan session)
    {
        MachinePlan plan = PlanOf(session.CommitLimitBelow / PageSize.Bytes);
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

    /// <summary>Carries out one operation in a process.</summary>
    public Performed Do(int process, Operation operation, ulong value = 0)
    {
        _performed = null;
        _machine.Host.Inject(_machine.Operator.ProcessAt(process), new Perform(operation, ++_requests, value));
        Run();
        return _performed ?? throw Silent();
    }

    public MemoryQueried Query(int process, ulong address)
    {
        _queried = null;
        _machine.Host.Inject(_machine.Operator.ProcessAt(process), new QueryMemory(new VirtualAddress(address)));
        Run();
        return _queried ?? throw Silent();
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
            case MemoryQueried.Kind: _queried = delivery.Read<MemoryQueried>(); break;
        }
    }

    private static InvalidOperationException Silent() => new("a process did not answer");

    private static ProcessPlan Idle(string name) => new(name, [new NoProgram()]) { Lingers = true };

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
