using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.RandomPrograms;

/// <summary>
/// The identities of fact book §21 and §15.2, looked at after every turn that stated a fact, in the actors themselves: what is promised is
/// within the limit; the ledger holds at least what the processes use, and exactly that when nothing is on its way; every frame is in one state.
/// </summary>
internal sealed class AccountingWatch : IFactListener
{
    public TestMachine? Machine { get; set; }

    public long Looks { get; private set; }

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        if (Machine is not { } machine)
        {
            return;
        }

        Looks++;
        (machine.Ledger.Total <= machine.Ledger.Limit).ShouldBeTrue($"{machine.Ledger.Total} of {machine.Ledger.Limit} pages are promised");
        Used(machine).ShouldBeLessThanOrEqualTo(machine.Ledger.Private, "what processes use is in the ledger");
        int frames = 0;
        foreach (PageLocation location in Enum.GetValues<PageLocation>())
        {
            frames += machine.Frames.CountOf(location);
        }

        frames.ShouldBe((int)machine.Plan.Frames);
    }

    /// <summary>Nothing is on its way: the sums are equal.</summary>
    public void AtRest() => Used(Machine!).ShouldBe(Machine!.Ledger.Private, "the ledger is what the processes use");

    private static ulong Used(TestMachine machine)
    {
        ulong used = 0;
        foreach (Process process in machine.Processes)
        {
            used += process.PrivateCommit;
        }

        return used;
    }
}
