using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.Frames;

public sealed class PageListTests
{
    [Fact]
    public void TwoListsThroughOneTableStayApart() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var entries = new PfnEntry[16];
            PageList[] lists = [PageList.Empty, PageList.Empty];
            List<uint>[] naive = [[], []];
            foreach (byte step in steps.Concat(steps).Concat(steps))
            {
                uint frame = step % 16U;
                int on = naive[0].Contains(frame) ? 0 : naive[1].Contains(frame) ? 1 : -1;
                if (on >= 0)
                {
                    lists[on].Remove(entries, new Pfn(frame));
                    naive[on].Remove(frame);
                }
                else if (step < 128)
                {
                    lists[step / 16 % 2].AddHead(entries, new Pfn(frame));
                    naive[step / 16 % 2].Insert(0, frame);
                }
                else
                {
                    lists[step / 16 % 2].AddTail(entries, new Pfn(frame));
                    naive[step / 16 % 2].Add(frame);
                }

                for (int list = 0; list < 2; list++)
                {
                    lists[list].Count.ShouldBe(naive[list].Count);
                    Forwards(lists[list], entries).ShouldBe(naive[list]);
                    Backwards(lists[list], entries).Reverse().ShouldBe(naive[list]);
                }
            }
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<uint> Forwards(PageList list, PfnEntry[] entries)
    {
        for (var frame = list.Head; !frame.IsNone; frame = entries[frame.Value].Next)
        {
            yield return frame.Value;
        }
    }

    private static IEnumerable<uint> Backwards(PageList list, PfnEntry[] entries)
    {
        for (var frame = list.Tail; !frame.IsNone; frame = entries[frame.Value].Previous)
        {
            yield return frame.Value;
        }
    }
}
