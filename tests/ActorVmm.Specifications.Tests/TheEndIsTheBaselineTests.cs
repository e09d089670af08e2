using static ActorVmm.Specifications.Tests.Histories.History;

namespace ActorVmm.Specifications.Tests;

public sealed class TheEndIsTheBaselineTests
{
    private static readonly Told _started = Told.Of(new ProcessStarted(1, 0));

    [Fact]
    public void EverythingBackHolds() =>
        new History()
            .Turn(P, _started)
            .Turn(Ledger, Say.Charged(3, 8, P), Say.Returned(3, 5, P))
            .Turn(Q, Formed(), Used(1, 1), Used(0, 0), Ended())
            .Turn(P, Say.Exited())
            .ShouldKeep<TheEndIsTheBaseline>(quiesces: true);

    [Fact]
    public void WhileSomebodyIsThereNothingIsAsked() =>
        new History().Turn(P, _started).Turn(Ledger, Say.Charged(3, 3, P)).ShouldKeep<TheEndIsTheBaseline>(quiesces: true);

    [Fact]
    public void AFrameThatHoldsAPageIsFound() =>
        new History().Turn(P, _started).Turn(Database, Say.Moved(3, PageLocation.Zeroed, PageLocation.Active, P)).Turn(P, Say.Exited())
            .ShouldBreak<TheEndIsTheBaseline>("everybody has gone, and 1 frames hold pages", quiesces: true);

    [Fact]
    public void ASlotThatIsTakenIsFound() =>
        new History().Turn(P, _started).Turn(Disk, Say.Taken(new PagingFileSlot(0, 7), 2)).Turn(P, Say.Exited())
            .ShouldBreak<TheEndIsTheBaseline>("2 slots of paging files are taken", quiesces: true);

    [Fact]
    public void AChargeThatIsNotReturnedIsFound() =>
        new History().Turn(P, _started).Turn(Ledger, Say.Charged(3, 8, P), Say.Returned(1, 7, P)).Turn(P, Say.Exited())
            .ShouldBreak<TheEndIsTheBaseline>("2 pages are charged", quiesces: true);

    [Fact]
    public void PoolThatIsNotFreedIsFound() =>
        new History().Turn(P, _started).Turn(Ledger, Told.Of(new PoolAllocated(new Vpn(1), 4, 4, PoolKind.Paged, 0))).Turn(P, Say.Exited())
            .ShouldBreak<TheEndIsTheBaseline>("4 pages of pool are allocated", quiesces: true);

    [Fact]
    public void ASegmentThatNobodyUsesAndStaysIsFound() =>
        new History().Turn(Q, Formed(), Used(1, 0), Used(0, 0)).ShouldBreak<TheEndIsTheBaseline>("nobody has actor 11 open or has a view of it, and it is still there", quiesces: true);

    [Fact]
    public void ASegmentInUseMayStay() => new History().Turn(Q, Formed(), Used(0, 1)).ShouldKeep<TheEndIsTheBaseline>(quiesces: true);

    private static Told Formed() => Told.Of(new SegmentFormed(4, 0, SegmentKind.PagingFile, 0, 0));

    private static Told Used(uint objects, uint views) => Told.Of(new SegmentUsed(objects, views));

    private static Told Ended() => Told.Of(new SegmentEnded(0));
}
