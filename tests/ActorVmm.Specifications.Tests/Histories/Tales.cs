using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;

namespace ActorVmm.Specifications.Tests.Histories;

/// <summary>
/// The life of page 16 of P, step by step: each tale is the one before and one thing more. A test takes the tale it needs and adds
/// the turn that must or must not break a promise.
/// </summary>
public static class Tales
{
    public const ulong Stamp = 7;

    public static PagingFileSlot At => Slot(1);

    public static History Nothing => new();

    public static History Granted => Nothing.Turn(Database, Moved(0, PageLocation.Zeroed, PageLocation.Active, P));

    public static History MappedFresh => Granted.Turn(P, Mapped(16, 0), WorkingSet(1, 1));

    public static History Dirtied => MappedFresh.Turn(P, Stored(16, 0, Stamp));

    public static History TrimOnItsWay => Dirtied.Turn(P, Unmapped(16, 0, Stamp, dirty: true), WorkingSet(0, 1));

    public static History OnModified => TrimOnItsWay.Turn(Database, Moved(0, PageLocation.Active, PageLocation.Modified, P, 16));

    public static History SlotTaken => OnModified.Turn(Disk, Taken(At));

    public static History BeingWritten => SlotTaken.Turn(
        Database, Attached(At, 0), WriteStarted(16, At, 0, P), Moved(0, PageLocation.Modified, PageLocation.Transition, P, 16));

    /// <summary>R3: a fault gave the page back while it was being written.</summary>
    public static History Overtaken => BeingWritten
        .Turn(Disk, Started(At, write: true))
        .Turn(Database, Moved(0, PageLocation.Transition, PageLocation.Active, P, 16, references: 2))
        .Turn(P, Mapped(16, 0, Stamp, FaultKind.Transition), WorkingSet(1, 1));

    /// <summary>R4: and it was stored to and trimmed again.</summary>
    public static History OvertakenByAStore => Overtaken
        .Turn(P, Stored(16, 0, 8))
        .Turn(P, Unmapped(16, 0, 8, dirty: true), WorkingSet(0, 1))
        .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Transition, P, 16));

    /// <summary>Pages 16 and 17 of P are in slots 1 and 2, and a read of both is open.</summary>
    public static History TwoPagesReadIsOpen
    {
        get
        {
            var history = Nothing;
            for (uint at = 0; at < 2; at++)
            {
                history.Turn(Database, Moved(at, PageLocation.Zeroed, PageLocation.Active, P))
                    .Turn(P, Mapped(16 + at, at))
                    .Turn(P, Stored(16 + at, at, Stamp), Unmapped(16 + at, at, Stamp, dirty: true))
                    .Turn(Database, Moved(at, PageLocation.Active, PageLocation.Modified, P, 16 + at))
                    .Turn(Disk, Taken(Slot(1 + at)))
                    .Turn(
                        Database, Attached(Slot(1 + at), at), WriteStarted(16 + at, Slot(1 + at), at, P),
                        Moved(at, PageLocation.Modified, PageLocation.Transition, P, 16 + at))
                    .Turn(Disk, Started(Slot(1 + at), write: true))
                    .Turn(Disk, Ended(Slot(1 + at), write: true))
                    .Turn(
                        Database, WriteEnded(Slot(1 + at), at, WriteBackResult.Clean),
                        Moved(at, PageLocation.Transition, PageLocation.Standby, P, 16 + at))
                    .Turn(
                        Database, Repurposed(16 + at, Slot(1 + at), at, P), Detached(Slot(1 + at), at, handed: true),
                        Moved(at, PageLocation.Standby, PageLocation.Active, Q))
                    .Turn(P, Dropped(16 + at, at, Slot(1 + at)));
            }

            return history.Turn(P, ReadOpened(16, Slot(1), block: 1, count: 2));
        }
    }

    /// <summary>There was a frame for the second page only.</summary>
    public static History HalfGranted => TwoPagesReadIsOpen.Turn(
        Database, Moved(2, PageLocation.Zeroed, PageLocation.Transition, P, 17), Attached(Slot(2), 2));

    /// <summary>As many modified pages as make the writer of <see cref="History.Plan"/> start.</summary>
    public static History ManyModified
    {
        get
        {
            var history = Nothing;
            for (uint pfn = 0; pfn < 40; pfn++)
            {
                history.Turn(Database, Moved(pfn, PageLocation.Zeroed, PageLocation.Active, P))
                    .Turn(P, Mapped(16 + pfn, pfn))
                    .Turn(P, Unmapped(16 + pfn, pfn, dirty: true))
                    .Turn(Database, Moved(pfn, PageLocation.Active, PageLocation.Modified, P, 16 + pfn));
            }

            return history;
        }
    }

    public static History OnDisk => BeingWritten.Turn(Disk, Started(At, write: true)).Turn(Disk, Ended(At, write: true));

    public static History OnStandby => OnDisk.Turn(
        Database, WriteEnded(At, 0, WriteBackResult.Clean), Moved(0, PageLocation.Transition, PageLocation.Standby, P, 16));

    public static History GivenToQ => OnStandby.Turn(
        Database, Repurposed(16, At, 0, P), Detached(At, 0, handed: true), Moved(0, PageLocation.Standby, PageLocation.Active, Q));

    public static History PagedOut => GivenToQ.Turn(P, Dropped(16, 0, At));

    public static History ReadIsOpen => PagedOut.Turn(P, ReadOpened(16, At, block: 1));

    public static History BeingRead => ReadIsOpen.Turn(Database, Moved(1, PageLocation.Zeroed, PageLocation.Transition, P, 16), Attached(At, 1));

    public static History Arrived => BeingRead.Turn(Disk, Started(At, write: false)).Turn(Disk, Ended(At, write: false));

    public static History MappedAgain => Arrived.Turn(P, Mapped(16, 1, Stamp, FaultKind.Hard), ReadClosed(16, 1, mapped: 1), WorkingSet(1, 1));

    public static History ReadIsOver => MappedAgain.Turn(Database, Moved(1, PageLocation.Transition, PageLocation.Active, P, 16));
}
