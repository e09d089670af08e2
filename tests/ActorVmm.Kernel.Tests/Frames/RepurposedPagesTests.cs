using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.Frames;

/// <summary>The memory of repurposed pages against a dictionary; its table is always nearly full, so chains are long and go round the end.</summary>
public sealed class RepurposedPagesTests
{
    [Fact]
    public void ItRemembersAsADictionaryDoes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>(), steps =>
        {
            var pages = new RepurposedPages();
            Dictionary<(ActorId Owner, Vpn Page), (PagingFileSlot Slot, Generation Generation)> naive = [];
            foreach (ushort step in steps.Concat(steps.Reverse()).Concat(steps))
            {
                var key = (new ActorId(1 + (step % 3)), Page(step % 11));
                if (naive.Remove(key, out var known))
                {
                    pages.TryTake(key.Item1, key.Item2, known.Generation.Next, out _).ShouldBeFalse("another hint is not this one");
                    pages.TryTake(key.Item1, key.Item2, known.Generation, out var slot).ShouldBeTrue();
                    slot.ShouldBe(known.Slot);
                }
                else
                {
                    pages.TryTake(key.Item1, key.Item2, new Generation(step), out _).ShouldBeFalse();
                    naive.Add(key, (new PagingFileSlot(step & 3U, step), new Generation(step)));
                    pages.Add(key.Item1, key.Item2, new Generation(step), new PagingFileSlot(step & 3U, step));
                }

                pages.Count.ShouldBe(naive.Count);
            }

            var twin = new RepurposedPages();
            twin.Add(new ActorId(9), Page(1), default, default);
            ActorBench.Copy(pages, twin);
            StateOf(twin).ShouldBe(StateOf(pages));
            foreach (var (key, value) in naive)
            {
                twin.TryTake(key.Owner, key.Page, value.Generation, out var slot).ShouldBeTrue();
                slot.ShouldBe(value.Slot);
            }

            twin.Count.ShouldBe(0);
        }).QuickCheckThrowOnFailure();

    // Keys that all start in the last cells of the smallest table: what is inserted goes round its end, and every order of removal
    // has to close the gap.
    [Fact]
    public void RemovalClosesGapsAcrossTheEnd()
    {
        var keys = Enumerable.Range(0, 100_000).Select(page => (ulong)page)
            .Where(page => ((Mix.Spread((1UL << 37) | page) >> 34) & 15) >= 13).Take(9).ToArray();
        var dice = new Dice(5);
        for (int round = 0; round < 500; round++)
        {
            var pages = new RepurposedPages();
            foreach (ulong key in keys)
            {
                pages.Add(new ActorId(1), new Vpn(key), new Generation(1), new PagingFileSlot(0, 1 + (uint)key));
            }

            List<ulong> left = [.. keys];
            while (left.Count > 0)
            {
                ulong gone = left[dice.Roll(left.Count)];
                left.Remove(gone);
                pages.TryTake(new ActorId(1), new Vpn(gone), new Generation(1), out var slot).ShouldBeTrue();
                slot.Page.ShouldBe(1 + (uint)gone);
                pages.TryTake(new ActorId(1), new Vpn(gone), new Generation(1), out _).ShouldBeFalse();
            }
        }
    }

    // The same entries, put in and taken out in different orders, are the same state.
    [Fact]
    public void TheStateDoesNotDependOnHistory()
    {
        var forwards = new RepurposedPages();
        var backwards = new RepurposedPages();
        for (int i = 0; i < 40; i++)
        {
            forwards.Add(new ActorId(1), Page(i), default, new PagingFileSlot(0, 1 + (uint)i));
            backwards.Add(new ActorId(1), Page(39 - i), default, new PagingFileSlot(0, 40 - (uint)i));
        }

        StateOf(backwards).ShouldBe(StateOf(forwards));
    }

    [Fact]
    public void OnePageHasOneHint()
    {
        var pages = new RepurposedPages();
        pages.Add(new ActorId(1), Page(1), default, default);
        Should.Throw<BugCheckException>(() => pages.Add(new ActorId(1), Page(1), new Generation(1), default));
    }

    /// <summary>User pages and table pages.</summary>
    private static Vpn Page(int number) => new(number % 2 == 0 ? (ulong)number * 0x123_4567 : (0xFFFF_F680_0000_0000 >> 12) + (ulong)number);

    private static Fingerprint StateOf(RepurposedPages pages)
    {
        var hasher = new StateHasher();
        pages.Encode(hasher);
        return hasher.Build();
    }
}
