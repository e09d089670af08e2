using ActorVmm.Kernel.Frames;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.Frames;

public sealed class FrameWaitersTests
{
    [Fact]
    public void FirstComeFirstServed() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var waiters = new FrameWaiters();
            var naive = new Queue<int>();
            foreach (byte step in steps.Concat(steps).Concat(steps))
            {
                if (step % 5 < 2 && naive.Count > 0)
                {
                    waiters.First.Needed.ShouldBe(naive.Dequeue());
                    waiters.RemoveFirst();
                }
                else
                {
                    waiters.Add(new FrameRequest { Needed = step });
                    naive.Enqueue(step);
                }

                if (step % 7 == 0)
                {
                    // Being saved changes nothing, and what is restored goes on alike.
                    var twin = new FrameWaiters();
                    twin.Add(new FrameRequest { Needed = -1 });
                    ActorBench.Copy(waiters, twin);
                    waiters = step % 2 == 0 ? twin : waiters;
                }

                waiters.Count.ShouldBe(naive.Count);
            }

            while (naive.Count > 0)
            {
                waiters.First.Needed.ShouldBe(naive.Dequeue());
                waiters.RemoveFirst();
            }
        }).QuickCheckThrowOnFailure();
}
