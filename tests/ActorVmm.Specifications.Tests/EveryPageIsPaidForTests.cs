using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class EveryPageIsPaidForTests
{
    [Fact]
    public void APageThatWasChargedHolds() =>
        Nothing
            .Turn(P, Commit(1))
            .Turn(Database, Moved(0, PageLocation.Zeroed, PageLocation.Active, P))
            .Turn(P, Mapped(16, 0))
            .ShouldKeep<EveryPageIsPaidFor>(quiesces: true);

    [Fact]
    public void APageThatWasNotChargedIsFound() =>
        MappedFresh.ShouldBreak<EveryPageIsPaidFor>("has 1 pages, and is charged for 0");

    [Fact]
    public void AChargeIsNotReturnedBeforeThePage() =>
        Nothing
            .Turn(P, Commit(1))
            .Turn(Database, Moved(0, PageLocation.Zeroed, PageLocation.Active, P))
            .Turn(P, Mapped(16, 0))
            .Turn(P, Commit(0))
            .ShouldBreak<EveryPageIsPaidFor>("has 1 pages, and is charged for 0");

    [Fact]
    public void ATablePageIsPaidForToo() =>
        Granted
            .Turn(P, Mapped(PlayedProcess.Table, 0, inWorkingSet: false))
            .ShouldBreak<EveryPageIsPaidFor>("has 1 table pages, and is charged for 0");
}
