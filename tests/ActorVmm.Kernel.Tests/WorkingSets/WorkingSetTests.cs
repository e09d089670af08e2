using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>The working set alone: replacement against references that search a list, ageing against a rule by rule model.</summary>
public sealed class WorkingSetTests
{
    private const int Pages = 12;

    [Theory]
    [InlineData(Replacement.Fifo)]
    [InlineData(Replacement.Lru)]
    [InlineData(Replacement.Clock)]
    [InlineData(Replacement.Opt)]
    public void EachPolicyFaultsAsItsReferenceDoes(Replacement policy) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            int[] pages = [.. bytes.Concat(bytes.Reverse()).Concat(bytes).Select(page => page % Pages)];
            for (int frames = 1; frames <= 5; frames++)
            {
                var desk = new Desk(policy, frames);
                var reference = new Reference(policy, frames, pages);
                for (int at = 0; at < pages.Length; at++)
                {
                    desk.Access(pages[at], NextUse(pages, at)).ShouldBe(reference.Access(at), $"{policy} with {frames} frames, access {at}");
                    desk.Resident.Order().ShouldBe(reference.Resident.Order());
                }
            }
        }).QuickCheckThrowOnFailure();

    // Windows: of sixteen looked at, the oldest that was not accessed.
    [Fact]
    public void WindowsPassesOverWhatWasAccessed()
    {
        var desk = new Desk(Replacement.Windows, 4);
        foreach (int page in (int[])[0, 1, 2, 3])
        {
            desk.Access(page, 0).ShouldBeTrue();
        }

        desk.Access(4, 0).ShouldBeTrue();
        desk.Resident.ShouldBe([1, 2, 3, 4], true, "all were accessed: on the second look nobody was, and the first one goes");
        foreach (int page in (int[])[1, 3, 4])
        {
            desk.Access(page, 0).ShouldBeFalse();
        }

        desk.Access(5, 0).ShouldBeTrue();
        desk.Resident.ShouldBe([1, 3, 4, 5], true, "page 2 alone was not accessed");
    }

    // A pass looks at each page once: an accessed one becomes young and stays, others age or, old enough, go.
    [Fact]
    public void PassesAgeAsTheRuleSays() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var desk = new Desk(Replacement.Windows, int.MaxValue);
            Dictionary<int, (int Age, bool Accessed)> naive = [];
            foreach (byte step in bytes)
            {
                int page = step % Pages;
                if (step < 160)
                {
                    desk.Access(page, 0);
                    naive[page] = (naive.GetValueOrDefault(page).Age, true);
                    continue;
                }

                int leastAge = (step % 5) - 1;
                HashSet<int> old = [.. naive.Where(entry => leastAge < 0 || (!entry.Value.Accessed && entry.Value.Age >= leastAge)).Select(entry => entry.Key)];
                desk.Pass(leastAge).Order().ShouldBe(old.Order());
                foreach (var (key, value) in naive.ToList())
                {
                    naive[key] = (value.Accessed ? 0 : Math.Min(value.Age + 1, 7), false);
                }

                foreach (int gone in old)
                {
                    naive.Remove(gone);
                }

                desk.Resident.Order().ShouldBe(naive.Keys.Order());
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TheHandGoesOnWhereItWas()
    {
        var desk = new Desk(Replacement.Windows, int.MaxValue);
        foreach (int page in Enumerable.Range(0, 6))
        {
            desk.Access(page, 0);
        }

        desk.Pass(-1, 2).ShouldBe([0, 1]);
        desk.Pass(-1, 2).ShouldBe([2, 3]);
        desk.Access(6, 0);
        desk.Access(7, 0);
        desk.Pass(-1, 2).ShouldBe([4, 5]);
    }

    // The next uses of a page that has gone are not those of the page that got its entry, nor a shorter table's those of a longer one.
    [Theory]
    [InlineData(Replacement.Fifo)]
    [InlineData(Replacement.Lru)]
    [InlineData(Replacement.Clock)]
    [InlineData(Replacement.Opt)]
    [InlineData(Replacement.Windows)]
    public void RestoredItGoesOnAlike(Replacement policy)
    {
        var dice = new Dice(3);
        var desk = new Desk(policy, 4);
        var other = new Desk(policy, 40);
        for (int i = 0; i < 100; i++)
        {
            other.Access(dice.Roll(60), dice.Roll(1000));
        }

        for (int i = 0; i < 200; i++)
        {
            desk.Access(dice.Roll(9), dice.Roll(1000));
        }

        other.TakeOver(desk);
        other.State.ShouldBe(desk.State);
        for (int i = 0; i < 200; i++)
        {
            int page = dice.Roll(9);
            int next = dice.Roll(1000);
            other.Access(page, next).ShouldBe(desk.Access(page, next));
            other.Resident.ShouldBe(desk.Resident);
            other.State.ShouldBe(desk.State);
        }
    }

    // Not every thread of a process knows its future.
    [Fact]
    public void APageOfUnknownFutureIsAsGoodAsNeverUsedAgain()
    {
        var desk = new Desk(Replacement.Opt, 2);
        desk.Access(0, null);
        desk.Access(1, 5);
        desk.Access(2, 6);
        desk.Resident.ShouldBe([1, 2], ignoreOrder: true);
    }

    private static int NextUse(int[] pages, int at)
    {
        int next = Array.IndexOf(pages, pages[at], at + 1);
        return next < 0 ? int.MaxValue : next;
    }
}
