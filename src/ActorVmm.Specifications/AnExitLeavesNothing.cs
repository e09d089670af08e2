namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I10: when a process has exited, or a section has ended, it has no page, valid PTE, frame kept ready, open read or commit, and says nothing
/// more; at quiescence no frame and no slot is its own. In flight at the exit: frames and slots whose deletion is on its way.
/// (Its VADs: <see cref="AProcessIsChargedForItsVads"/>. Its entries in the ledger: <see cref="CommitIsExact"/>.)
/// </summary>
public sealed class AnExitLeavesNothing : Specification, IHear<ProcessExited>, IHear<SegmentEnded>, IJudgeTurns
{
    private readonly Situation _exited;
    private readonly Situation _inFlight;
    private readonly Situation _ended;

    public AnExitLeavesNothing()
        : base(nameof(AnExitLeavesNothing), "a process that has exited owns nothing")
    {
        _exited = Sometimes("a process exited");
        _ended = Sometimes("a section ended");
        _inFlight = Sometimes("a process exited while frames of its own were on their way back");
    }

    public void Hear(in ProcessExited fact)
    {
        _exited.Seen();
        ref readonly KnownProcess process = ref Known.Processes[Actor];
        _inFlight.SeenIf(process.Granted != 0 || Known.FramesAt(PageLocation.Active) != 0);
        if (process.ExitedIn != 0)
        {
            Violated($"{Actor} exited in turn {process.ExitedIn}, and again");
        }
    }

    public void Hear(in SegmentEnded fact) => _ended.Seen();

    public void TurnEnded()
    {
        ref readonly KnownProcess process = ref Known.Processes[Actor];
        if (process.ExitedIn == 0)
        {
            return;
        }

        if (process.ExitedIn < Known.Turn.Number)
        {
            Violated($"{Actor} exited in turn {process.ExitedIn} and still speaks");
            return;
        }

        None(process.UserPages, "pages");
        None(process.TablePages, "table pages");
        None(process.ValidPtes, "valid PTEs");
        None(process.OpenReads, "open reads");
        None(unchecked((long)process.PrivateCommit), "private pages charged");
        None(unchecked((long)process.TableCommit), "table pages charged");
        None(unchecked((long)process.SharedCommit), "shared pages charged");
        None(unchecked((long)process.PrototypeCommit), "pages of prototype PTEs charged");
    }

    public override void AtQuiescence()
    {
        for (uint at = 0; at < (uint)Known.Frames.Count; at++)
        {
            ref readonly KnownFrame frame = ref Known.Frames[new Pfn(at)];
            if (frame.Holding != Holding.Nobody && Known.Processes[frame.Process].ExitedIn != 0)
            {
                Violated($"{frame.Process} has exited, and frame {new Pfn(at)}, which is {frame.Location}, is still its own");
            }
        }

        for (uint file = 0; file < (uint)Known.Slots.Files; file++)
        {
            ReadOnlySpan<KnownSlot> slots = Known.Slots.Of(file);
            for (int page = 0; page < slots.Length; page++)
            {
                if (slots[page].State == SlotState.WithPte && Known.Processes[slots[page].Process].ExitedIn != 0)
                {
                    Violated($"{slots[page].Process} has exited, and slot {new PagingFileSlot(file, (uint)page)} is still its own");
                }
            }
        }
    }

    private void None(long count, string what)
    {
        if (count != 0)
        {
            Violated($"{Actor} exited with {count} {what}");
        }
    }
}
