using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AStoreMarksItsPageDirtyTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<AStoreMarksItsPageDirty>();

    [Fact]
    public void ADeletedPageMaySayWhatItLikes() =>
        Dirtied
            .Turn(P, Unmapped(16, 0, Stamp, dirty: false, UnmapCause.Deleted))
            .ShouldKeep<AStoreMarksItsPageDirty>();

    [Fact]
    public void AStoredPageDoesNotLeaveClean() =>
        Dirtied
            .Turn(P, Unmapped(16, 0, Stamp, dirty: false))
            .ShouldBreak<AStoreMarksItsPageDirty>("page 10 of actor 10 was stored to in frame 0, and left its PTE clean");

    [Fact]
    public void ANewStoreAfterASoftFaultCountsAgain() =>
        Overtaken
            .Turn(P, Stored(16, 0, 8))
            .Turn(P, Unmapped(16, 0, 8, dirty: false))
            .ShouldBreak<AStoreMarksItsPageDirty>("left its PTE clean");

    [Fact]
    public void WhatIsTheSameAsInItsFileMayLeaveCleanUntilTheNextStore()
    {
        var cleaned = Dirtied.Turn(P, Cleaned(16, 0));

        cleaned.Turn(P, Unmapped(16, 0, Stamp, dirty: false)).ShouldKeep<AStoreMarksItsPageDirty>();
        Dirtied.Turn(P, Cleaned(16, 0)).Turn(P, Stored(16, 0, 8)).Turn(P, Unmapped(16, 0, 8, dirty: false))
            .ShouldBreak<AStoreMarksItsPageDirty>("left its PTE clean");
    }
}
