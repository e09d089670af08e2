using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>
/// One to three processes on a small machine, each with several operations under way at once, while memory is short, working sets are
/// trimmed and emptied, devices fail and processes are killed. Every answer is compared with <see cref="FlatMemory"/>, in the order in
/// which answers leave: a process answers in the turn in which an operation takes effect, so that order is the order of effects.
/// </summary>
internal sealed class RandomMachine : IFactListener
{
    private static readonly Ticks _hour = Ticks.FromSeconds(3600);
    private static readonly ulong[] _places = [0x1_0000, 0x20_0000, 0x4000_0000, 0x7FF0_0000_0000];
    private static readonly PageProtection[] _protections =
    [
        PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.ReadOnly,
        PageProtection.ExecuteReadWrite, PageProtection.ExecuteRead, PageProtection.NoAccess, PageProtection.ReadWrite | PageProtection.Guard,
        PageProtection.ReadOnly | PageProtection.Guard, PageProtection.WriteCopy, PageProtection.ReadWrite | PageProtection.ReadOnly,
    ];

    private readonly Dice _dice;
    private readonly int _seed;
    private readonly TestMachine _machine;
    private readonly Owner[] _owners;
    private bool _over;

    public RandomMachine(int seed)
    {
        _seed = seed;
        _dice = new Dice((ulong)seed);
        _owners = new Owner[1 + _dice.Roll(3)];
        for (int i = 0; i < _owners.Length; i++)
        {
            ulong quota = _dice.OneIn(4) ? (ulong)_dice.Between(20, 200) : ulong.MaxValue;
            _owners[i] = new Owner(quota, 1 + _dice.Roll(4), PlanOf(quota));
        }

        _machine = new TestMachine(MachineOf(), [.. _owners.Select(owner => owner.Plan)], [this], (ulong)seed) { Heard = Heard };
        _machine.Facts.Keeping = false;
    }

    /// <summary>How often each status was answered, over all machines.</summary>
    public SortedDictionary<NtStatus, int> Statuses { get; } = [];

    public TestMachine Machine => _machine;

    private sealed record Owner(ulong Quota, int AtOnce, ProcessPlan Plan)
    {
        public FlatMemory Memory { get; } = new(Quota);

        public Dictionary<ulong, Operation> Pending { get; } = [];

        public Queue<ulong> Queries { get; } = [];

        public Dictionary<int, AccessKind> Faulting { get; } = [];

        public bool Killed { get; set; }
    }

    /// <summary>Runs so many operations, then ends everything, and looks whether anything is left.</summary>
    public void Run(int operations)
    {
        _machine.Host.Run(Ticks.FromMilliseconds(1));
        Furnish();
        int begun = 0;
        while (begun < operations)
        {
            begun += TopUp();
            if (_dice.OneIn(4))
            {
                Disturb();
            }

            _machine.Host.Run(Soon(2_000), _dice.OneIn(3) ? 1 + _dice.Roll(40) : _dice.Roll(2_000));
        }

        _machine.Host.Run(_machine.Host.Now + Ticks.FromSeconds(1_000));
        foreach (var owner in _owners.Where(owner => !owner.Killed))
        {
            // A process that is gone answers nobody.
            owner.Pending.ShouldBeEmpty("after a thousand seconds every operation has been answered");
        }

        _over = true;
        _machine.EndsAtTheBaseline();
    }

    /// <summary>Which machine this is; a failure prints it.</summary>
    public override string ToString() =>
        $"seed {_seed}, {_machine.Plan.Frames} frames, {_owners.Length} processes; replay: new RandomMachine({_seed}).Run(…)";

    void IFactListener.Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        int serial = SerialOf(turn.Actor);
        if (serial < 0)
        {
            return;
        }

        var owner = _owners[serial];
        foreach (ref readonly var fact in facts)
        {
            if (fact.TryRead(out FaultOpened opened))
            {
                owner.Faulting[opened.Thread] = opened.Access;
            }
            else if (fact.TryRead(out ExceptionRaised raised) && raised.Thread < owner.Plan.Threads.Count)
            {
                // A program's own access; those from outside are checked when they are answered.
                owner.Memory.Access(raised.Address.Value, owner.Faulting[raised.Thread], Excused(raised.Status)).ShouldBe(raised.Status, $"{this}: {raised}");
            }
            else if (fact.TryRead(out PageLoaded loaded))
            {
                Accessible(owner, loaded.Vpn, AccessKind.Read);
            }
            else if (fact.TryRead(out PageStored stored))
            {
                Accessible(owner, stored.Vpn, AccessKind.Write);
            }
        }
    }

    private void Accessible(Owner owner, Vpn page, AccessKind access)
    {
        if (!_machine.Plan.Policy.CheckEveryAccess)
        {
            // Then stores are stated when the page leaves, and it may leave because of a new protection.
            return;
        }

        var protection = owner.Memory.ProtectionOf(page.Value);
        bool fine = protection is { } known && (known & PageProtection.Guard) == 0 && FlatMemory.Allows(known, access);
        fine.ShouldBeTrue($"{this}: {access} of page {page}, which is {protection}");
    }

    private void Heard(ActorId sender, Message message)
    {
        int serial = SerialOf(sender);
        if (_over || serial < 0)
        {
            return;
        }

        var owner = _owners[serial];
        if (message.Kind == MemoryQueried.Kind)
        {
            message.Read<MemoryQueried>().ShouldBe(owner.Memory.Query(owner.Queries.Dequeue()), $"{this}");
            return;
        }

        var answer = message.Read<Performed>();
        owner.Pending.Remove(answer.Request, out var operation).ShouldBeTrue($"{this}: request {answer.Request} is answered once");
        Statuses[answer.Status] = Statuses.GetValueOrDefault(answer.Status) + 1;
        if (answer.Status == NtStatus.ProcessIsTerminating)
        {
            owner.Killed.ShouldBeTrue();
            return;
        }

        owner.Memory.Perform(operation, answer.Request, Excused(answer.Status)).ShouldBe(answer, $"{this}: {operation}");
    }

    /// <summary>What an owner of memory cannot foresee: the ledger of the whole machine, and the devices.</summary>
    private static NtStatus Excused(NtStatus status) => status is NtStatus.CommitmentLimit or NtStatus.InPageError ? status : NtStatus.Success;

    private int SerialOf(ActorId actor)
    {
        for (int i = 0; i < _machine.Processes.Count; i++)
        {
            if (_machine.IdOf(i) == actor)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Each process begins with some memory, together more than there is.</summary>
    private void Furnish()
    {
        for (int process = 0; process < _owners.Length; process++)
        {
            foreach (ulong place in _places)
            {
                var operation = new Operation(OperationKind.ReserveCommit, place, (ulong)_dice.Between(16, 96) << 12, PageProtection.ReadWrite);
                _owners[process].Pending.Add(_machine.Begin(operation, process), operation);
            }
        }
    }

    private int TopUp()
    {
        int begun = 0;
        for (int process = 0; process < _owners.Length; process++)
        {
            var owner = _owners[process];
            while (!owner.Killed && owner.Pending.Count < owner.AtOnce)
            {
                var operation = Next();
                owner.Pending.Add(_machine.Begin(operation, process), operation);
                begun++;
            }

            if (!owner.Killed && _dice.OneIn(6))
            {
                ulong address = Address();
                owner.Queries.Enqueue(address);
                _machine.Inject(_machine.IdOf(process), new QueryMemory(new VirtualAddress(address)));
            }
        }

        // When all are dead, time has to pass anyway.
        return Math.Max(begun, Array.TrueForAll(_owners, owner => owner.Killed) ? 50 : 0);
    }

    private void Disturb()
    {
        int process = _dice.Roll(_owners.Length);
        switch (_dice.Roll(16))
        {
            case 0 or 1 or 2 or 3:
                _machine.Inject(_machine.Cast.WorkingSetManager, new TrimByTest(_machine.IdOf(process), _dice.Roll(40), _dice.Roll(5), _dice.Roll(2)));
                break;
            case 4 or 5:
                _machine.Inject(_machine.Cast.WorkingSetManager, default(EmptyWorkingSets));
                break;
            case 6 or 7 or 8:
                _machine.Inject(_machine.Cast.PfnDatabase, default(FlushModified));
                break;
            case 9:
                Inject(InjectionCode.ReadError, _dice.Between(100, 1000));
                break;
            case 10:
                Inject(InjectionCode.WriteError, _dice.Between(100, 1000));
                break;
            case 11:
                Inject(InjectionCode.Slow, _dice.Between(2, 20));
                break;
            case 12 when _dice.OneIn(8):
                _owners[process].Killed = true;
                _machine.Inject(_machine.IdOf(process), new ExitProcess(NtStatus.Success));
                break;
            case 13 when _dice.OneIn(6):
                _machine.Inject(_machine.Cast.PfnDatabase, new MarkBad(new Pfn((uint)_dice.Roll((int)_machine.Plan.Frames))));
                break;
            default:
                _machine.Host.Run(Soon(100_000));
                break;
        }
    }

    private void Inject(InjectionCode code, int factor) =>
        _machine.Inject(_machine.Cast.PagingFiles[_dice.Roll(_machine.Cast.PagingFiles.Count)], new Disturb(Ticks.FromMilliseconds(_dice.Between(1, 50)), code, factor));

    private Ticks Soon(int microseconds) => _machine.Host.Now + Ticks.FromMicroseconds(microseconds);

    private Operation Next()
    {
        // Much is given and little is taken away, so that most memory can be used most of the time.
        ulong more = Bytes(64);
        ulong less = Bytes(6);
        var protection = _dice.OneIn(3) ? _protections[_dice.Roll(_protections.Length)] : PageProtection.ReadWrite;
        return _dice.Roll(64) switch
        {
            0 => new Operation(OperationKind.Reserve, _dice.OneIn(5) ? 0 : Address(), more * 2, protection),
            1 or 2 or 3 => new Operation(OperationKind.ReserveCommit, _dice.OneIn(5) ? 0 : _dice.OneIn(2) ? Address() : _places[_dice.Roll(_places.Length)], more, protection),
            4 or 5 or 6 or 7 => new Operation(OperationKind.Commit, Address(), more, protection),
            8 or 9 => new Operation(OperationKind.Decommit, Address(), _dice.OneIn(10) ? 0 : less),
            10 => new Operation(OperationKind.Release, Address(), _dice.OneIn(3) ? 0 : less),
            11 or 12 => new Operation(OperationKind.Protect, Address(), more, PageProtection.ReadWrite),
            13 or 14 or 15 => new Operation(OperationKind.Protect, Address(), less, protection),
            < 36 => new Operation(OperationKind.Read, Address()),
            < 62 => new Operation(OperationKind.Write, Address()),
            _ => new Operation(OperationKind.Execute, Address()),
        };
    }

    private ulong Bytes(int pages) => (ulong)(_dice.OneIn(8) ? _dice.Roll(pages << 12) : _dice.Between(1, pages) << 12);

    private ulong Address() => _dice.Roll(64) switch
    {
        0 => _dice.Next(),
        1 => 0x7FFF_FFFD_F000 + (ulong)_dice.Roll(0x3_0000),
        2 => (ulong)_dice.Roll(0x2_0000),
        _ => _places[_dice.Roll(_places.Length)] + (_dice.OneIn(4) ? (ulong)_dice.Roll(0x6_0000) : (ulong)_dice.Roll(12) << 15),
    };

    private ProcessPlan PlanOf(ulong quota)
    {
        // Its first thread sleeps, so that the machine's clocks go on; others run about in its memory.
        List<IProgram> threads = [new FixedProgram(new Operation(OperationKind.Idle, 0, (ulong)_hour.Value))];
        for (int i = _dice.Between(1, 3); i > 0; i--)
        {
            threads.Add(new Wanderer(_dice.Next(), 3_000));
        }

        bool hard = _dice.OneIn(3);
        return new ProcessPlan("random", threads)
        {
            Lingers = true,
            CommitQuota = quota,
            MemoryPriority = (byte)_dice.Roll(8),
            WorkingSet = new WorkingSetLimits(_dice.Between(1, 10), _dice.Between(12, 40), hard, _dice.OneIn(8)),
            Replacement = hard ? (Replacement)_dice.Roll(4) : Replacement.Windows,
        };
    }

    private MachinePlan MachineOf() => new((uint)(_dice.OneIn(4) ? _dice.Between(64, 300) : _dice.Between(64, 120)))
    {
        Processors = _dice.Between(1, 4),
        PagingFiles = [.. Enumerable.Range(0, _dice.Between(1, 2)).Select(_ => FileOf())],
        Policy = new MemoryPolicy
        {
            LowAvailable = _dice.OneIn(2) ? 1 : 0,
            PlentyAvailable = _dice.OneIn(2) ? 2 : 0,
            CheckEveryAccess = !_dice.OneIn(6),
            Quantum = _dice.OneIn(2) ? 1 : 256,
            ChooseThreads = _dice.OneIn(2),
            FrameCache = _dice.Roll(7),
            ReadCluster = _dice.Between(1, 16),
            WriteCluster = _dice.Between(1, 16),
            WritesInFlight = _dice.Between(1, 4),
            ModifiedMaximum = _dice.OneIn(2) ? _dice.Between(1, 30) : 0,
        },
    };

    private PagingFilePlan FileOf() => new((uint)_dice.Between(256, 512))
    {
        MaximumPages = 600,
        Latency = Distribution.Uniform(1_000, _dice.OneIn(2) ? 50_000 : 4_000_000),
        QueueDepth = _dice.Between(1, 4),
    };

    /// <summary>A thread that reads, writes and executes here and there, and pauses now and then.</summary>
    private sealed class Wanderer(ulong seed, long length) : IProgram
    {
        public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch)
        {
            if (position >= length)
            {
                return default;
            }

            ulong word = Mix.Spread(seed + (ulong)position);

            // Now and then it goes through its memory page by page, so that neighbours leave together and come back together.
            bool inOrder = (position >> 7) % 3 == 0;
            ulong place = inOrder ? (ulong)(position >> 6) + seed : word;
            ulong page = inOrder ? (ulong)position : word >> 2;
            ulong address = _places[place & 3] + ((page & 0x3F) << 12);
            scratch[0] = (word >> 58) switch
            {
                0 or 1 or 2 => new Operation(OperationKind.Idle, 0, word >> 40 & 0x1F_FFFF),
                < 30 => new Operation(OperationKind.Read, address, 1),
                < 62 => new Operation(OperationKind.Write, address, 1),
                _ => new Operation(OperationKind.Execute, address, 1),
            };
            return scratch[..1];
        }
    }
}
