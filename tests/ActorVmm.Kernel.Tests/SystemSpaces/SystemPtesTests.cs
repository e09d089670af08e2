using ActorVmm.Kernel.SystemSpaces;

namespace ActorVmm.Kernel.Tests.SystemSpaces;

public sealed class SystemPtesTests
{
    [Fact]
    public void AListIsMappedInOneRunOrNotAtAll()
    {
        var ptes = new SystemPtes();
        ptes.Provide(10);

        uint first = ptes.Take(4);
        uint second = ptes.Take(4);
        ptes.Take(4).ShouldBe(0U, "two are left");
        (ptes.Used, ptes.Peak, ptes.Refused).ShouldBe((8U, 8U, 1UL));
        ptes.Release(first, 4);
        ptes.Take(6).ShouldBe(0U, "six are free, but not side by side");
        ptes.Release(second, 4);
        ptes.Take(10).ShouldBe(1U);
        (ptes.Used, ptes.Peak, ptes.Refused).ShouldBe((10U, 10U, 2UL));
    }
}
