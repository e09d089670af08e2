using ActorVmm.Actors;
using ActorVmm.Kernel.PagingFiles;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.PagingFiles;

public sealed class SlotBitmapTests
{
    [Fact]
    public void TheHeaderIsNeverHandedOut()
    {
        var slots = new SlotBitmap(4);
        slots.Free.ShouldBe(3U);
        slots.Take(16).ShouldBe((1U, 3U));
        slots.Free.ShouldBe(0U);
        slots.Take(1).ShouldBe((0U, 0U));
    }

    // taken: runs asked for one after another · freed: single pages · wanted: the run looked for · found
    [Theory]
    [InlineData("4 4", "", 4, 9, 4)] // next to the last one
    [InlineData("4 4", "1 2", 4, 9, 4)] // a hole behind is left alone while there is room ahead
    [InlineData("16 15", "3 4 5", 3, 3, 3)] // full ahead: from the start again
    [InlineData("16 15", "3 4 5 9 10", 4, 3, 3)] // no such run: the longest
    [InlineData("16 15", "9 10 20 21", 4, 9, 2)] // of equal ones the first
    [InlineData("31", "31", 2, 31, 1)] // the last page
    [InlineData("30", "1", 2, 31, 1)] // no run goes round the end
    [InlineData("20", "19 20", 4, 21, 4)] // what lies across the hint is seen only when nothing lies ahead
    [InlineData("20 11", "17 18 19 20 21 22", 6, 17, 6)] // full ahead: a run across the hint
    public void RunsAreTakenNextFit(string taken, string freed, uint wanted, uint first, uint count)
    {
        var slots = new SlotBitmap(32);
        foreach (uint run in Numbers(taken))
        {
            slots.Take(run).Count.ShouldBe(run);
        }

        foreach (uint page in Numbers(freed))
        {
            slots.Release(page);
        }

        slots.Take(wanted).ShouldBe((first, count));
    }

    [Fact]
    public void APageIsFreedOnlyWhileItIsInUse() =>
        Should.Throw<BugCheckException>(() => new SlotBitmap(32).Release(3));

    [Fact]
    public void GrownPagesAreFree()
    {
        var slots = new SlotBitmap(3);
        slots.Take(2).ShouldBe((1U, 2U));
        slots.Grow(100);
        slots.Free.ShouldBe(100U);
        slots.Take(128).ShouldBe((3U, 100U));
    }

    [Fact]
    public void AnEnormousFileCostsOnlyWhatIsUsed()
    {
        var slots = new SlotBitmap(uint.MaxValue);
        slots.Take(16).ShouldBe((1U, 16U));
        slots.Take(16).ShouldBe((17U, 16U));
        var writer = new SnapshotWriter();
        slots.Encode(writer);
        writer.Written.Length.ShouldBeLessThan(64);
    }

    // A run found is free before and used after; it is as long as asked for, or no free run is longer.
    [Fact]
    public void ManyStepsAgreeWithASetOfPages() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            steps =>
            {
                var slots = new SlotBitmap(200);
                var used = new SortedSet<uint>();
                foreach (byte step in steps.Concat(steps).Concat(steps))
                {
                    if (step % 3 == 0 && used.Count > 0)
                    {
                        uint page = used.ElementAt(step % used.Count);
                        slots.Release(page);
                        used.Remove(page);
                        continue;
                    }

                    uint wanted = 1U + (step % 40U);
                    uint longest = Longest(used, 200);
                    (uint first, uint count) = slots.Take(wanted);
                    count.ShouldBe(Math.Min(wanted, longest));
                    for (uint page = first; page < first + count; page++)
                    {
                        page.ShouldBeInRange(1U, 199U);
                        used.Add(page).ShouldBeTrue();
                    }

                    slots.Used.ShouldBe((uint)used.Count);
                    slots.Free.ShouldBe(199U - slots.Used);
                }
            }).QuickCheckThrowOnFailure();

    private static uint Longest(SortedSet<uint> used, uint pages)
    {
        uint longest = 0;
        uint run = 0;
        for (uint page = 1; page < pages; page++)
        {
            run = used.Contains(page) ? 0 : run + 1;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private static IEnumerable<uint> Numbers(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse);
}
