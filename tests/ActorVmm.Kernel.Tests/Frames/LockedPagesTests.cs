using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Frames;

/// <summary>A locked frame stays what it is, whatever becomes of its page (fact book §24, R6).</summary>
public sealed class LockedPagesTests
{
    private readonly FrameStory _story = new();

    [Fact]
    public void ALockedPageThatIsTrimmedGoesToNoListUntilItIsUnlocked()
    {
        FrameStory.Page page = _story.Map();
        MdlId row = Lock(page);
        _story.Field(page.Frame, "reference count").ShouldBe(2UL);
        _story.Trim(page, dirty: true);
        _story.Where(page.Frame).ShouldBe(PageLocation.Transition);
        Unlock(row);
        _story.Where(page.Frame).ShouldBe(PageLocation.Modified);
    }

    [Fact]
    public void ALockedPageThatIsDeletedIsFreeWhenTheLastLockGoes()
    {
        FrameStory.Page page = _story.Map();
        MdlId first = Lock(page);
        MdlId second = Lock(page);
        _story.Delete(page.Frame);
        _story.Where(page.Frame).ShouldBe(PageLocation.Transition);
        Unlock(first);
        _story.Where(page.Frame).ShouldBe(PageLocation.Transition);
        Unlock(second);
        _story.Where(page.Frame).ShouldBe(PageLocation.Free);
    }

    [Fact]
    public void ALockedPageComesBackToItsOwnerFromWhereItIs()
    {
        FrameStory.Page page = _story.Map();
        MdlId row = Lock(page);
        FrameStory.Page hint = _story.Trim(page, dirty: false);
        _story.SoftFault(hint).Asks<SoftFaultAnswered>(FrameStory.Process).Result.ShouldBe(SoftFaultResult.RelinkedFromStandby);
        _story.Where(page.Frame).ShouldBe(PageLocation.Active);
        Unlock(row);
        _story.Where(page.Frame).ShouldBe(PageLocation.Active, "its owner maps it");
    }

    [Fact]
    public void AWriteThatEndsUnderALockLeavesTheFrameWhereItIs()
    {
        FrameStory.Page page = _story.Modified();
        ModifiedTaken write = _story.StartWrite(1);
        _story.SoftFault(page);
        MdlId row = Lock(page);
        _story.Trim(page, dirty: false);
        _story.Written(write);
        _story.Where(page.Frame).ShouldBe(PageLocation.Transition);
        Unlock(row);
        _story.Where(page.Frame).ShouldBe(PageLocation.Standby);
    }

    [Fact]
    public void ALockedPageThatIsDeletedUnderAWriteIsFreeWhenBothAreOver()
    {
        FrameStory.Page page = _story.Modified();
        ModifiedTaken write = _story.StartWrite(1);
        _story.SoftFault(page);
        MdlId row = Lock(page);
        _story.Delete(page.Frame);
        Unlock(row);
        _story.Where(page.Frame).ShouldBe(PageLocation.Transition);
        _story.Written(write);
        _story.Where(page.Frame).ShouldBe(PageLocation.Free);
    }

    [Fact]
    public void WhoWantsARowWaitsUntilOneComesBack()
    {
        const int ForWritesToFiles = 4;
        int rows = 0;
        BenchTurn turn = _story.Bench.Hear(FrameStory.Process, new TakeRow(0));
        while (turn.Sent<RowGranted>() is [var granted])
        {
            rows++;
            turn = _story.Bench.Hear(FrameStory.Process, new TakeRow((uint)rows));
            granted.Request.ShouldBe((uint)rows - 1);
        }

        rows.ShouldBe(_story.Contents.Mdls.Rows - _story.Plan.Policy.WritesInFlight - ForWritesToFiles, "those for writing are nobody else's");
        _story.Bench.Hear(FrameStory.Process, new ReturnRow(new MdlId(3))).Asks<RowGranted>(FrameStory.Process).ShouldBe(new RowGranted(new MdlId(3), (uint)rows));
    }

    [Fact]
    public void APageIsNotUnlockedMoreOftenThanItWasLocked()
    {
        FrameStory.Page page = _story.Map();
        MdlId row = Lock(page);
        _story.Delete(page.Frame);
        Unlock(row);
        _story.Contents.Mdls.Add(row, page.Frame);
        Should.Throw<Exception>(() => Unlock(row)).Message.ShouldContain("unlocked");
    }

    private MdlId Lock(FrameStory.Page page)
    {
        MdlId row = _story.Bench.Hear(FrameStory.Process, new TakeRow(1)).Asks<RowGranted>(FrameStory.Process).Mdl;
        _story.Contents.Mdls.Add(row, page.Frame);
        _story.Bench.Hear(FrameStory.Process, new LockPages(row, 9, FrameStory.Process)).Asks<PagesLocked>(FrameStory.Process).ShouldBe(new PagesLocked(row, 9));
        return row;
    }

    private void Unlock(MdlId row) => _story.Bench.Hear(FrameStory.Process, new UnlockPages(row));
}
