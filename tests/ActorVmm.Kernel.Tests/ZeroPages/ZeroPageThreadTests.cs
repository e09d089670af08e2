using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.ZeroPages;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.ZeroPages;

public sealed class ZeroPageThreadTests
{
    private static readonly MachinePlan _plan = new(64);

    private readonly Contents _contents = new(64, 1);
    private readonly ActorBench _bench;

    public ZeroPageThreadTests() => _bench = Bench(_contents);

    [Fact]
    public void ItTakesABatchAtATimeUntilABatchIsEmpty()
    {
        Told(8).Asks<TakeFree>(BenchCast.PfnDatabase).ShouldBe(new TakeFree(6));

        var turn = Taken(1, 2, 3, 4, 5, 6);
        turn.Asks<FramesZeroed>(BenchCast.PfnDatabase).Frames.ShouldBe(Batch(1, 2, 3, 4, 5, 6));
        turn.Asks<TakeFree>(BenchCast.PfnDatabase).ShouldBe(new TakeFree(6));
        turn.States<PagesZeroed>().ShouldBe(new PagesZeroed(6));

        turn = Taken(7);
        turn.Asks<FramesZeroed>(BenchCast.PfnDatabase).Frames.ShouldBe(Batch(7));
        turn.Asks<TakeFree>(BenchCast.PfnDatabase);

        Taken().AsksNothing();
    }

    [Fact]
    public void ZeroedMeansZero()
    {
        _contents[new Pfn(3)] = new ContentStamp(0xDEAD);
        _contents[new Pfn(4)] = new ContentStamp(0xBEEF);
        Told(8);
        Taken(3);
        _contents[new Pfn(3)].ShouldBe(ContentStamp.Zeros);
        _contents[new Pfn(4)].ShouldBe(new ContentStamp(0xBEEF), "the frames of others are left alone");
    }

    [Fact]
    public void ZeroingTakesTimeForEachPage()
    {
        Told(8).Spent.ShouldBe(Ticks.Zero);
        Taken(1, 2, 3).Spent.ShouldBe(new Ticks(3 * _plan.Costs.ZeroPage));
    }

    // R10: while the thread has a batch, it is told of new free frames. It neither asks twice at a time nor forgets.
    [Fact]
    public void AWordThatCrossesABatchIsNotLost()
    {
        Told(8);
        Told(9).AsksNothing();
        Taken().Asks<TakeFree>(BenchCast.PfnDatabase);
        Taken().AsksNothing();
    }

    [Fact]
    public void ANewWordStartsItAgain()
    {
        Told(8);
        Taken();
        Told(8).Asks<TakeFree>(BenchCast.PfnDatabase);
    }

    [Fact]
    public void FramesThatItDidNotAskForStopTheMachine() => Should.Throw<BugCheckException>(() => Taken(1));

    [Fact]
    public void AMessageForSomebodyElseStopsTheMachine() =>
        Should.Throw<BugCheckException>(() => _bench.Hear(BenchCast.PfnDatabase, new ManagerTick())).Message.ShouldContain("zero-page thread");

    [Fact]
    public void RestoredInTheMiddleItGoesOnAlike()
    {
        Told(8);
        Told(8).AsksNothing();
        var twin = _bench.Twin(Bench(new Contents(64, 1)).Actor);
        foreach (var frames in (FrameBatch[])[Batch(), Batch(1, 2), Batch()])
        {
            _bench.Alike(twin, bench => bench.Hear(BenchCast.PfnDatabase, new FreePagesTaken(frames)));
        }
    }

    private static ActorBench Bench(Contents contents) =>
        new(new ZeroPageThread(_plan, BenchCast.Of(), contents), BenchCast.ZeroPageThread);

    private static FrameBatch Batch(params ReadOnlySpan<uint> frames)
    {
        FrameBatch batch = default;
        foreach (uint frame in frames)
        {
            batch.Add(new Pfn(frame));
        }

        return batch;
    }

    private BenchTurn Told(int free) => _bench.Hear(BenchCast.PfnDatabase, new FreePagesAvailable(free));

    private BenchTurn Taken(params ReadOnlySpan<uint> frames) => _bench.Hear(BenchCast.PfnDatabase, new FreePagesTaken(Batch(frames)));
}
