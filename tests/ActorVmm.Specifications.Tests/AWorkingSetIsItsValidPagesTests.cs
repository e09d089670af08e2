using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AWorkingSetIsItsValidPagesTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<AWorkingSetIsItsValidPages>();

    [Fact]
    public void ATablePageDoesNotCount() =>
        Granted
            .Turn(P, Mapped(PlayedProcess.Table, 0, inWorkingSet: false))
            .ShouldKeep<AWorkingSetIsItsValidPages>();

    [Fact]
    public void ACountThatIsOneOffIsFound() =>
        Granted
            .Turn(P, Mapped(16, 0), WorkingSet(2, 2))
            .ShouldBreak<AWorkingSetIsItsValidPages>("states a working set of 2 pages, and 1 of its pages are valid");

    [Fact]
    public void AChangeThatIsNotStatedIsFound() =>
        MappedFresh
            .Turn(P, Unmapped(16, 0))
            .ShouldBreak<AWorkingSetIsItsValidPages>("states a working set of 1 pages, and 0 of its pages are valid");

    [Fact]
    public void APeakDoesNotFall() =>
        MappedFresh
            .Turn(P, Unmapped(16, 0), WorkingSet(0, 0))
            .ShouldBreak<AWorkingSetIsItsValidPages>("states a peak working set of 0, and it was 1 already");
}
