namespace ActorVmm.Protocol.Tests;

public sealed class FrameBatchTests
{
    [Fact]
    public void SevenFramesFitAndComeOutLastFirst()
    {
        var batch = default(FrameBatch);
        for (uint frame = 0; frame < FrameBatch.Capacity; frame++)
        {
            batch.IsFull.ShouldBeFalse();
            batch.Add(new Pfn(100 + frame));
            batch[(int)frame].ShouldBe(new Pfn(100 + frame));
        }

        batch.IsFull.ShouldBeTrue();
        Should.Throw<ArgumentOutOfRangeException>(() => batch.Add(new Pfn(1)));
        for (int frame = FrameBatch.Capacity - 1; frame >= 0; frame--)
        {
            batch.RemoveLast().ShouldBe(new Pfn(100 + (uint)frame));
        }

        batch.ShouldBe(default, "what was taken out leaves no trace, or equal states would differ");
        Should.Throw<ArgumentOutOfRangeException>(() => batch[0]);
    }
}
