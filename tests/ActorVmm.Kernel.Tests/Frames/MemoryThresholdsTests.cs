using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Frames;

public sealed class MemoryThresholdsTests
{
    // Machine · asked for · low and plenty. Unasked, they grow with the machine, and there is always a step between them.
    [Theory]
    [InlineData(64, 0, 0, 4, 8)]
    [InlineData(256, 0, 0, 4, 25)]
    [InlineData(4096, 0, 0, 64, 400)]
    [InlineData(16384, 0, 0, 104, 400)]
    [InlineData(1048576, 0, 0, 5242, 10484)]
    [InlineData(256, 10, 0, 10, 25)]
    [InlineData(256, 100, 0, 100, 104)]
    [InlineData(256, 10, 5, 10, 10)] // plenty is never less than low
    public void TheyFitTheMachine(uint frames, int low, int plenty, int expectedLow, int expectedPlenty)
    {
        var thresholds = MemoryThresholds.For(frames, new MemoryPolicy { LowAvailable = low, PlentyAvailable = plenty });
        thresholds.Low.ShouldBe(expectedLow);
        thresholds.Plenty.ShouldBe(expectedPlenty);
    }

    // Zero and free below 20,000, and modified above min(available ÷ 16, 16,384) (§1).
    [Theory]
    [InlineData(0, 0, 0, 0, false)]
    [InlineData(0, 1, 0, 0, true)]
    [InlineData(0, 10, 160, 0, false)]
    [InlineData(0, 11, 160, 0, true)]
    [InlineData(0, 16_384, 1_000_000, 19_999, false)]
    [InlineData(0, 16_385, 1_000_000, 19_999, true)]
    [InlineData(0, 16_385, 1_000_000, 20_000, false)]
    [InlineData(100, 99, 0, 0, false)] // with a maximum of its own, that decides
    [InlineData(100, 100, 1_000_000, 1_000_000, true)]
    public void WritingPays(int maximum, int modified, int available, int zeroedAndFree, bool pays) =>
        new MemoryThresholds(1, 2, maximum).WritingPays(modified, available, zeroedAndFree).ShouldBe(pays);
}
