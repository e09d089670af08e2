using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>The VAD tree against a list of ranges that is searched from end to end.</summary>
public sealed class VadTreeTests
{
    private const ulong Lowest = 16;
    private const ulong Highest = 271;

    [Fact]
    public void ItAnswersAsAListDoes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var tree = new VadTree();
            List<(ulong Start, ulong End)> naive = [];
            for (int at = 0; at + 2 < steps.Length; at += 2)
            {
                if (steps[at] % 4 == 0 && naive.Count > 0)
                {
                    var (start, _) = naive[steps[at + 1] % naive.Count];
                    tree.RemoveAt(tree.Find(new Vpn(start)));
                    naive.RemoveAll(range => range.Start == start);
                }
                else
                {
                    ulong start = Lowest + steps[at];
                    ulong end = Math.Min(start + (steps[at + 1] % 40U), Highest);
                    tree.Overlaps(new Vpn(start), new Vpn(end)).ShouldBe(Overlaps(naive, start, end));
                    if (!Overlaps(naive, start, end))
                    {
                        tree.Insert(new Vad { Start = new Vpn(start), End = new Vpn(end) });
                        naive.Add((start, end));
                    }
                }

                Compare(tree, naive, 1 + (ulong)(steps[at + 2] % 60));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void VadsNeverOverlap()
    {
        var tree = new VadTree();
        tree.Insert(new Vad { Start = new Vpn(16), End = new Vpn(20) });
        Should.Throw<ActorVmm.Actors.BugCheckException>(() => tree.Insert(new Vad { Start = new Vpn(20), End = new Vpn(21) }));
    }

    [Theory]
    [InlineData(256, true)] // exactly as long as all there is
    [InlineData(257, false)]
    [InlineData(0x1_0000_0000_0000, false)]
    public void AHoleIsNeverLongerThanTheSpace(ulong pages, bool found)
    {
        new VadTree().TryFindHole(pages, new Vpn(Lowest), new Vpn(Highest), false, PageSize.GranularityPages, out _).ShouldBe(found);
        new VadTree().TryFindHole(pages, new Vpn(Lowest), new Vpn(Highest), true, PageSize.GranularityPages, out _).ShouldBe(found);
    }

    [Fact]
    public void ItComesBackFromASnapshot()
    {
        var tree = new VadTree();
        tree.Insert(new Vad { Start = new Vpn(16), End = new Vpn(20), CommitCharge = 3, MemCommit = true, Protection = ProtectionCode.ReadWrite });
        tree.Insert(new Vad { Start = new Vpn(32), End = new Vpn(32), AllocationProtection = PageProtection.ReadOnly });
        var twin = new VadTree();
        twin.Insert(new Vad { Start = new Vpn(1), End = new Vpn(2) });
        ActorBench.Copy(tree, twin);
        twin.Count.ShouldBe(2);
        twin[0].ShouldBe(tree[0]);
        twin[1].ShouldBe(tree[1]);
        twin.Find(new Vpn(1)).ShouldBe(-1);
    }

    private static void Compare(VadTree tree, List<(ulong Start, ulong End)> naive, ulong pages)
    {
        tree.Count.ShouldBe(naive.Count);
        for (ulong page = 0; page <= Highest + 1; page++)
        {
            int found = tree.Find(new Vpn(page));
            bool inside = naive.Exists(range => range.Start <= page && page <= range.End);
            (found >= 0).ShouldBe(inside);
            (found < 0 || tree[found].Contains(new Vpn(page))).ShouldBeTrue();
            tree.FirstNotBelow(new Vpn(page)).ShouldBe(naive.Count(range => range.End < page));
        }

        var holes = Enumerable.Range(0, (int)Highest + 1).Select(page => (ulong)page)
            .Where(start => start % 16 == 0 && start >= Lowest && start + pages - 1 <= Highest && !Overlaps(naive, start, start + pages - 1)).ToList();
        tree.TryFindHole(pages, new Vpn(Lowest), new Vpn(Highest), false, PageSize.GranularityPages, out var lowest).ShouldBe(holes.Count > 0);
        tree.TryFindHole(pages, new Vpn(Lowest), new Vpn(Highest), true, PageSize.GranularityPages, out var highest).ShouldBe(holes.Count > 0);
        if (holes.Count > 0)
        {
            lowest.Value.ShouldBe(holes[0]);
            highest.Value.ShouldBe(holes[^1]);
        }
    }

    private static bool Overlaps(List<(ulong Start, ulong End)> naive, ulong start, ulong end) =>
        naive.Exists(range => range.Start <= end && start <= range.End);
}
