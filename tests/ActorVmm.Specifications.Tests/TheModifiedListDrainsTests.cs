using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class TheModifiedListDrainsTests
{
    [Fact]
    public void AFewModifiedPagesHold() =>
        OnModified.ShouldKeep<TheModifiedListDrains>(quiesces: true);

    [Fact]
    public void ManyModifiedPagesInFlightHold() =>
        ManyModified.ShouldKeep<TheModifiedListDrains>();

    [Fact]
    public void FullPagingFilesExcuse() =>
        ManyModified
            .Turn(Disk, Told.Of(new PagingFilesFull(1)))
            .ShouldKeep<TheModifiedListDrains>(quiesces: true);

    [Fact]
    public void ALongModifiedListIsFound() =>
        ManyModified.ShouldBreak<TheModifiedListDrains>("40 pages are modified; the writer starts at 40 and has room to write", quiesces: true);

    [Fact]
    public void FullPagingFilesExcuseOnlyUntilASlotIsFree() =>
        ManyModified
            .Turn(Disk, Told.Of(new PagingFilesFull(1)))
            .Turn(Disk, Freed(At))
            .ShouldBreak<TheModifiedListDrains>("40 pages are modified", quiesces: true);
}
