using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>
/// The identities of fact book §21 with sections, after every turn that stated a fact: what processes and sections say they use is in the ledger, each under
/// its heading, and the ledger is within its limit; every frame is in one state. At rest the sums are equal.
/// </summary>
internal sealed class SharedLedgerWatch : IFactListener
{
    private readonly Dictionary<ActorId, SegmentCommitChanged> _segments = [];

    public TestMachine? Machine { get; set; }

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly Fact fact in facts)
        {
            if (fact.TryRead(out SegmentCommitChanged changed))
            {
                _segments[turn.Actor] = changed;
            }
        }

        if (Machine is not { } machine)
        {
            return;
        }

        (machine.Ledger.Total <= machine.Ledger.Limit).ShouldBeTrue($"{machine.Ledger.Total} of {machine.Ledger.Limit} pages are promised");
        Private(machine).ShouldBeLessThanOrEqualTo(machine.Ledger.Private, "what processes use is in the ledger");
        Shared.ShouldBeLessThanOrEqualTo(machine.Ledger.Shared, "what sections use is in the ledger");
        Prototypes.ShouldBeLessThanOrEqualTo(machine.Ledger.Prototypes, "pages of prototype PTEs are in the ledger");
        Enum.GetValues<PageLocation>().Sum(machine.Frames.CountOf).ShouldBe((int)machine.Plan.Frames, "every frame is in one state");
    }

    public void AtRest()
    {
        Private(Machine!).ShouldBe(Machine!.Ledger.Private, "the ledger is what the processes use");
        Shared.ShouldBe(Machine.Ledger.Shared, "the ledger is what the sections use");
        Prototypes.ShouldBe(Machine.Ledger.Prototypes, "the ledger is what their prototype PTEs use");
    }

    private ulong Shared => _segments.Values.Aggregate(0UL, (sum, segment) => sum + segment.SharedPages);

    private ulong Prototypes => _segments.Values.Aggregate(0UL, (sum, segment) => sum + segment.PrototypePages);

    private static ulong Private(TestMachine machine) => machine.Processes.Aggregate(0UL, (sum, process) => sum + process.PrivateCommit);
}
