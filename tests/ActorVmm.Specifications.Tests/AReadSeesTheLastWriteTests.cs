using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AReadSeesTheLastWriteTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver
            .Turn(P, Loaded(16, 1, Stamp))
            .ShouldKeep<AReadSeesTheLastWrite>();

    [Fact]
    public void AnOlderContentFromDiskIsFound() =>
        Arrived
            .Turn(P, Mapped(16, 1, 6, FaultKind.Hard))
            .ShouldBreak<AReadSeesTheLastWrite>("contained 6 when it was mapped again, and 7 was last stored to it");

    [Fact]
    public void AStoreByNobodyIsFound() =>
        Dirtied
            .Turn(P, Unmapped(16, 0, 8, true))
            .ShouldBreak<AReadSeesTheLastWrite>("contained 8 when it left its PTE, and 7 was last stored to it");

    [Fact]
    public void ALoadSeesTheStore() =>
        Dirtied
            .Turn(P, Loaded(16, 0, 0))
            .ShouldBreak<AReadSeesTheLastWrite>("contained zeros when it was looked at, and 7 was last stored to it");

    [Fact]
    public void APageIsNotForgotten() =>
        PagedOut
            .Turn(Database, Moved(2, PageLocation.Zeroed, PageLocation.Active, P))
            .Turn(P, Mapped(16, 2))
            .ShouldBreak<AReadSeesTheLastWrite>("was mapped afresh, and it exists already, in slot 0:1");
}
