using static ActorVmm.Specifications.Tests.Histories.History;

namespace ActorVmm.Specifications.Tests;

public sealed class HistoriesThatHold
{
    [Fact]
    public void AProcessComesAndGoes()
    {
        var machine = new PlayedMachine();
        var process = machine.Start(P);
        machine.Settle();
        process.Touch(16, store: true);
        machine.Settle();
        process.Touch(16, store: true);
        process.TrimOne(0);
        machine.Settle();
        machine.Frames.WriteOne(fails: false);
        machine.Settle();
        process.Exit();
        machine.Settle();
        process.Gone.ShouldBeTrue();
        machine.History.ShouldHold(machine.Plan);
    }

    [Fact]
    public void AnyOrderOfAnythingHoldsAndShowsEverySituation()
    {
        var seen = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var machine = RandomHistory.Play(seed, steps: 400);
            var suite = machine.History.Play(machine.Plan, SpecificationSuite.All(), quiesces: true);
            suite.Violations.Take(3).Select(violation => $"seed {seed}: {violation}").ShouldBeEmpty();
            foreach (var situation in suite.Sometimes)
            {
                var name = $"{situation.Specification}: {situation.Name}";
                seen[name] = seen.GetValueOrDefault(name) + situation.Count;
            }
        }

        // What a played machine cannot show: it has no calls, sections, jobs, pools or devices, reads one page at a time, has one thread, never runs out of commit,
        // counts few kinds.
        seen.Where(pair => pair.Value == 0 && !pair.Key.StartsWith("EveryFaultIsAnswered", StringComparison.Ordinal)).Select(pair => pair.Key).ShouldBe(
        [
            "AForbiddenPageStaysOut: a page came whose access had been taken away meanwhile (R14)",
            "AForbiddenPageStaysOut: access to pages was taken away",
            "AGuardFiresOnce: a guard page was touched",
            "AGuardFiresOnce: a page that had fired was given to a call",
            "AJobStaysWithinItsLimit: a job refused a charge",
            "AJobStaysWithinItsLimit: a process of a job was charged",
            "APageIsReadOnce: a collided fault joined a read (R1)",
            "APageIsReadOnce: a neighbour stayed in memory unmapped",
            "APageIsReadOnce: a read got frames for part of its pages only",
            "APageIsReadOnce: neighbours were read along",
            "APoolStaysWithinItsLimit: non-paged pool was allocated",
            "APoolStaysWithinItsLimit: paged pool was allocated",
            "APoolStaysWithinItsLimit: pool was refused",
            "ASharedPageStaysWhileItIsShared: a page was copied for one process",
            "ASharedPageStaysWhileItIsShared: a share was on its way",
            "ASharedPageStaysWhileItIsShared: the last share of a page came back",
            "ASharedPageStaysWhileItIsShared: two PTEs mapped one page",
            "ASlotHasOneOwner: a slot was given back unused",
            "AWorkingSetIsItsValidPages: a working set replaced a page by another",
            "AWriteBackTellsWhatItFound: a page was locked and trimmed during a write-back (R18)",
            "AnExitLeavesNothing: a section ended",
            "CommitIsExact: a charge was refused",
            "CommitIsExact: the commit limit moved (R20)",
            "EveryLockedPageIsUnlocked: a page was locked",
            "EveryLockedPageIsUnlocked: a page was locked by two requests",
            "EveryLockedPageIsUnlocked: a request to a device ended",
            "EveryPacketIsCompletedOnce: a packet was completed with an error",
            "EveryPacketIsCompletedOnce: several packets were in their stacks",
            "NoPacketLeavesAStackTwice: a packet passed a filter on its way up",
            "NobodyWaitsForEver: a thread waited for memory",
            "TheEndIsTheBaseline: everybody had gone",
            "TheModifiedListDrains: the modified list reached its threshold",
            "TheModifiedListDrains: the paging files were full",
        ]);
    }
}
