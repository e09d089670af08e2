using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>The state of a whole machine in the middle of its work: saved, restored, described, fingerprinted.</summary>
public sealed class StateTests
{
    private static readonly MachinePlan _plan = new(96)
    {
        Processors = 2,
        PagingFiles = [new PagingFilePlan(512) { Latency = Distribution.Uniform(1_000, 400_000) }],
        Policy = new MemoryPolicy { Quantum = 16, CheckEveryAccess = true },
    };

    // 1. A machine runs and is saved now and then. 2. A fresh machine takes over each snapshot: same state, and the same future, turn by
    // turn, to the same end. Many snapshots, so that some of them meet reads, writes, calls and exits under way.
    [Fact]
    public void RestoredIntoFreshActorsItHasTheSameFuture()
    {
        var machine = Busy();
        var reference = Busy();
        reference.Run();
        var end = State(reference);
        for (int slice = 0; slice < 16; slice++)
        {
            machine.Host.Run(maxTurns: 191 * (slice % 7));
            var snapshot = new MachineSnapshot();
            machine.Host.Save(snapshot);
            var before = State(machine);
            var twin = Busy();
            twin.Run();
            TakeOver(twin, snapshot, machine);
            State(twin).ShouldBe(before, $"restored in slice {slice}");
            twin.Run();
            State(twin).ShouldBe(end, $"the end, from slice {slice}");
        }

        machine.Run();
        State(machine).ShouldBe(end, "saving changes nothing");
        machine.Suite.Violations.ShouldBeEmpty();
    }

    [Fact]
    public void GoingBackInTimeIsTheSame()
    {
        var machine = Busy();
        machine.Host.Run(maxTurns: 700);
        var early = new MachineSnapshot();
        machine.Host.Save(early);
        var contents = new SnapshotWriter();
        machine.Contents.Encode(contents);
        var before = State(machine);
        machine.Run();
        var end = State(machine);
        end.ShouldNotBe(before);
        machine.Host.Restore(early);
        var reader = new SnapshotReader();
        reader.Open(contents.Written.ToArray());
        machine.Contents.Encode(reader);
        State(machine).ShouldBe(before);
        machine.Run();
        State(machine).ShouldBe(end);
    }

    // A difference between two states is named by its field, so no two fields have one name.
    [Fact]
    public void EveryFieldHasANameOfItsOwn()
    {
        var machine = Busy();
        HashSet<string> seen = [];
        for (int slice = 0; slice < 30; slice++)
        {
            machine.Host.Run(maxTurns: 151);
            for (int id = 1; id < 10; id++)
            {
                if (machine.Host.Actors[new ActorId(id)].Actor is { } actor)
                {
                    var describer = new StateDescriber();
                    actor.Encode(describer);
                    describer.Fields.Select(field => field.Path).ShouldBeUnique($"{actor.GetType().Name}");
                    seen.UnionWith(describer.Fields.Select(field => $"{actor.GetType().Name}: {Shape(field.Path)}"));
                }
            }
        }

        // Of each table a witness, so that none is forgotten.
        string[] expected =
        [
            "Process: address space.ptes[]", "Process: address space.stamps[]", "Process: address space.tables[].used",
            "Process: address space.vads[].commit charge", "Process: address space.entries[].age", "Process: address space.tlb[]",
            "Process: address space.in-page blocks[].phase", "Process: address space.soft faults[].page", "Process: address space.kept.frame 0",
            "Process: address space.call phase", "Process: threads[].wait", "Process: address space.generation", "Process: state",
            "PfnDatabase: frames[].location", "PfnDatabase: standby[].head", "PfnDatabase: modified.count", "PfnDatabase: rows[]",
            "PfnDatabase: repurposed.keys[]", "PfnDatabase: waiters.requests[].needed", "PfnDatabase: flushing",
        ];
        expected.Except(seen).ShouldBeEmpty();
    }

    // Restored from what another wrote, every field has the other's value: none is left out, none read twice.
    [Fact]
    public void WhatIsDescribedIsWhatIsRestored()
    {
        var machine = Busy();
        machine.Host.Run(maxTurns: 900);
        var fresh = new Process(machine.Environment, machine.Processes[0].Plan, 0);
        ActorBench.Copy(new Encoded(machine.Processes[0]), new Encoded(fresh));
        ActorBench.Describe(fresh).ShouldBe(ActorBench.Describe(machine.Processes[0]));
    }

    /// <summary>Three processes with two threads each on a machine that has too little memory for them; one is killed.</summary>
    private static TestMachine Busy()
    {
        var limits = new WorkingSetLimits(5, 30);
        var machine = new TestMachine(
            _plan,
            [.. Enumerable.Range(0, 3).Select(process => new ProcessPlan($"busy {process}", [Program(process), Program(process + 10)])
            {
                WorkingSet = limits with { HardMaximum = process == 1 },
                Replacement = process == 1 ? Replacement.Clock : Replacement.Windows,
            })]);
        machine.Host.Run(maxTurns: 200);
        machine.Inject(machine.IdOf(2), new ExitProcess(NtStatus.Success));
        return machine;
    }

    private static FixedProgram Program(int number)
    {
        var dice = new Dice((ulong)number);
        ulong heap = 0x5000_0000 + ((ulong)number << 24);
        List<Operation> operations = [new(OperationKind.ReserveCommit, heap, 60 << 12, PageProtection.ReadWrite)];
        for (int i = 0; i < 400; i++)
        {
            ulong address = heap + ((ulong)dice.Roll(60) << 12);
            operations.Add(dice.Roll(20) switch
            {
                0 => new Operation(OperationKind.Idle, 0, 50_000),
                1 => new Operation(OperationKind.Protect, heap, 60 << 12, dice.OneIn(3) ? PageProtection.ReadWrite | PageProtection.Guard : PageProtection.ReadWrite),
                2 => new Operation(OperationKind.Decommit, address, 0x1000),
                3 => new Operation(OperationKind.Commit, heap, 60 << 12, PageProtection.ReadWrite),
                < 10 => new Operation(OperationKind.Read, address),
                _ => new Operation(OperationKind.Write, address),
            });
        }

        return new FixedProgram([.. operations]);
    }

    private static Fingerprint State(TestMachine machine) => machine.Host.Fingerprint(machine.Contents);

    private static void TakeOver(TestMachine twin, MachineSnapshot snapshot, TestMachine machine)
    {
        // By id, fresh actors of the right type.
        var actors = new IActor?[snapshot.ActorCount];
        for (int id = 1; id < snapshot.ActorCount; id++)
        {
            actors[id] = snapshot.Actor(new ActorId(id)) switch
            {
                null => null,
                Process process => new Process(twin.Environment, process.Plan, process.Serial),
                _ => twin.Host.Actors[new ActorId(id)].Actor,
            };
        }

        twin.Host.Restore(MachineSnapshot.Load(snapshot.Written.ToArray(), actors));
        ActorBench.Copy(machine.Contents, twin.Contents);
    }

    private static string Shape(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "[]");

    private sealed class Encoded(IActor actor) : IEncodable
    {
        public void Encode(StateCodec codec) => actor.Encode(codec);
    }
}
