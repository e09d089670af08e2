using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;

namespace ActorVmm.Specifications.Tests.Histories;

/// <summary>
/// A memory manager reduced to what it states: processes, frames, one paging file, and messages that arrive when the caller says
/// so, each sender's in order. It keeps every promise; histories that break one are made from its histories.
/// </summary>
public sealed class PlayedMachine
{
    private readonly Dictionary<uint, ulong> _onDisk = [];
    private readonly SortedSet<uint> _slots = [.. Enumerable.Range(1, 60).Select(page => (uint)page)];
    private readonly SortedDictionary<string, Queue<Action>> _mail = new(StringComparer.Ordinal);
    private ulong _stamp;
    private ulong _total;

    public PlayedMachine(uint frames = 64)
    {
        Plan = History.Plan(frames);
        Frames = new PlayedFrames(this, frames);
    }

    public MachinePlan Plan { get; }

    public History History { get; } = new();

    public PlayedFrames Frames { get; }

    public List<PlayedProcess> Processes { get; } = [];

    /// <summary>Who has messages waiting, as sender-receiver; the first of each may arrive next.</summary>
    public IReadOnlyList<string> Mailboxes => [.. _mail.Where(box => box.Value.Count != 0).Select(box => box.Key)];

    public PlayedProcess Start(ActorId id, ulong pages = 16)
    {
        History.Turn(id, Told.Of(new ProcessStarted(id.Value, 1)), Vad(16, pages, 0));
        Charge(id, pages, CommitKind.Private);
        Charge(id, 1, CommitKind.PageTable);
        History.Turn(id, Vad(16, pages, pages), Commit(pages, 1));
        var process = new PlayedProcess(this, id, pages);
        Processes.Add(process);
        process.Touch(PlayedProcess.Table);
        return process;
    }

    public void Return(ActorId process, ulong pages, CommitKind kind) => Post(process, Ledger, () =>
    {
        _total -= pages;
        History.Turn(Ledger, Returned(pages, _total, process, kind));
    });

    public ulong NewStamp() => ++_stamp;

    public void Post(ActorId from, ActorId to, Action turn)
    {
        var box = FormattableString.Invariant($"{from.Value:D2}-{to.Value:D2}");
        if (!_mail.TryGetValue(box, out var queue))
        {
            _mail[box] = queue = [];
        }

        queue.Enqueue(turn);
    }

    public void Deliver(string box) => _mail[box].Dequeue()();

    /// <summary>Delivers everything, and trims and writes until nobody waits for memory.</summary>
    public PlayedMachine Settle()
    {
        while (true)
        {
            while (Mailboxes.Count != 0)
            {
                Deliver(Mailboxes[0]);
            }

            if (Frames.Waiting == 0)
            {
                return this;
            }

            foreach (var process in Processes)
            {
                process.TrimOne(0);
                process.ReturnFrame();
            }

            Frames.WriteOne(fails: false);
        }
    }

    // The paging file.

    public PagingFileSlot? TakeSlot()
    {
        if (_slots.Count == 0)
        {
            return null;
        }

        var slot = Slot(_slots.Min);
        _slots.Remove(slot.Page);
        History.Turn(Disk, Taken(slot));
        return slot;
    }

    public void FreeSlot(ActorId from, PagingFileSlot slot) => Post(from, Disk, () =>
    {
        _slots.Add(slot.Page);
        History.Turn(Disk, Freed(slot));
    });

    public void Read(ActorId process, PagingFileSlot slot, uint pfn, bool fails, Action done) => Post(process, Disk, () =>
    {
        History.Turn(Disk, Started(slot, write: false));
        Post(Disk, Disk, () =>
        {
            Frames.SetContent(pfn, _onDisk[slot.Page]);
            History.Turn(Disk, Ended(slot, write: false, status: fails ? NtStatus.DeviceDataError : NtStatus.Success));
            Post(Disk, process, done);
        });
    });

    public void Write(PagingFileSlot slot, ulong copy, bool fails, Action done) => Post(Database, Disk, () =>
    {
        History.Turn(Disk, Started(slot, write: true));
        Post(Disk, Disk, () =>
        {
            _onDisk[slot.Page] = fails ? 0xBAD : copy;
            History.Turn(Disk, Ended(slot, write: true, status: fails ? NtStatus.DeviceDataError : NtStatus.Success));
            Post(Disk, Database, done);
        });
    });

    private void Charge(ActorId process, ulong pages, CommitKind kind)
    {
        _total += pages;
        History.Turn(Ledger, Charged(pages, _total, process, kind));
    }
}
