using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>
/// Shared memory as a flat table of words. What others see is ordered by the turns of its section: this listens to them, carries out every store
/// in the turn in which the section does, and compares what every load is told. Pages of a process's own, private ones and copies, are ordered by its
/// answers. The answer to an access must be what one of the two said while it was under way.
/// </summary>
internal sealed class SharedMemory(Action<string> wrong) : ITurnListener, IFactListener
{
    private readonly Dictionary<(int Backing, int Page, int Offset), ulong> _words = [];
    private readonly Dictionary<ActorId, int> _backings = [];
    private readonly Dictionary<ActorId, int> _processes = [];
    private readonly Dictionary<Pfn, (int Backing, int Page, Dictionary<int, ulong> Words)> _copies = [];
    private readonly SharedView?[,] _views = new SharedView?[SharedGenerator.Processes, SharedSections.Slots + 1];
    private readonly HashSet<int> _committed = [];
    private readonly List<PendingStep> _pending = [];

    public long Copies { get; private set; }

    public long SharedLoads { get; private set; }

    public long SharedStores { get; private set; }

    public void IsSection(ActorId actor, int backing) => _backings[actor] = backing;

    public void IsProcess(ActorId actor, int process)
    {
        _processes[actor] = process;
        _views[process, SharedSections.Slots] = new SharedView(-1, 0, SharedSections.PrivatePages, PageProtection.ReadWrite);
    }

    /// <summary>What was stored last to a word of the file.</summary>
    public ulong FileWord(int page, int offset) => _words.GetValueOrDefault((SharedSections.FileBacking, page, offset));

    public PendingStep Begin(SharedStep step)
    {
        bool changes = step.Kind is SharedStepKind.Map or SharedStepKind.Unmap;
        var pending = new PendingStep(step)
        {
            PlaceChanged = _pending.Exists(other => other.Step.Process == step.Process && other.Step.Slot == step.Slot && other.Step.Kind is SharedStepKind.Map or SharedStepKind.Unmap),
            WasCommitted = _views[step.Process, step.Slot] is { } view && IsCommitted(view, step.Page),
        };
        foreach (PendingStep other in _pending.Where(other => changes && other.Step.Process == step.Process && other.Step.Slot == step.Slot))
        {
            other.PlaceChanged = true;
        }

        _pending.Add(pending);
        return pending;
    }

    /// <summary>Its process is gone; nobody will be told any more.</summary>
    public void Forget(PendingStep pending) => _pending.Remove(pending);

    /// <summary>What is wrong with an answer; null when it is right.</summary>
    public string? Judge(PendingStep pending, NtStatus status, ulong value)
    {
        _pending.Remove(pending);
        SharedStep step = pending.Step;
        if (status is NtStatus.InPageError or NtStatus.CommitmentLimit or NtStatus.PagefileQuotaExceeded)
        {
            return pending.Stored > 0 ? $"{status}, and it was stored" : null;
        }

        return step.Kind switch
        {
            SharedStepKind.Map => JudgeMap(pending, status),
            SharedStepKind.Unmap => JudgeUnmap(pending, status),
            SharedStepKind.Commit => JudgeCommit(pending, status),
            SharedStepKind.Flush => status is NtStatus.Success or NtStatus.NotMappedView or NtStatus.NotMappedData ? null : $"a flush ended with {status}",
            _ => JudgeAccess(pending, status, value),
        };
    }

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        if (!_backings.TryGetValue(turn.Actor, out int backing))
        {
            return;
        }

        foreach (ref readonly Outbox.Sent sent in outbox.SentMessages)
        {
            if (delivery.Kind == SharedAccess.Kind && sent.Message.Kind == SharedAccessed.Kind)
            {
                CarryOut(delivery.Sender, backing, delivery.Read<SharedAccess>(), sent.Message.Read<SharedAccessed>());
            }
            else if (delivery.Kind == CopyPrototype.Kind && sent.Message.Kind == PrototypeCopied.Kind && sent.Message.Read<PrototypeCopied>().Copied != 0)
            {
                int page = (int)delivery.Read<CopyPrototype>().Page;
                _copies[sent.Message.Read<PrototypeCopied>().Target] = (backing, page, Enumerable.Range(0, 2).ToDictionary(word => word * sizeof(ulong), word => Word(backing, page, word * sizeof(ulong))));
            }
        }
    }

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly Fact fact in facts)
        {
            if (fact.TryRead(out PageCopiedOnWrite copied) && _processes.TryGetValue(turn.Actor, out int process))
            {
                TakeCopy(process, copied);
            }
        }
    }

    private void CarryOut(ActorId sender, int backing, in SharedAccess access, in SharedAccessed answer)
    {
        if (answer.Done == 0 || access.Width == 0 || !_processes.TryGetValue(sender, out int process))
        {
            return;
        }

        var word = (backing, (int)access.Page, (int)access.Offset);
        if (access.Access == AccessKind.Write)
        {
            SharedStores++;
            _words[word] = access.Value;
            ulong value = access.Value;
            foreach (PendingStep pending in _pending.Where(pending => pending.Step.Kind == SharedStepKind.Write && pending.Step.Process == process && pending.Step.Value == value))
            {
                pending.Stored++;
            }

            return;
        }

        SharedLoads++;
        ulong last = _words.GetValueOrDefault(word);
        if (answer.Value != last)
        {
            wrong($"a section has loaded {answer.Value} from page {access.Page} of backing {backing}, and {last} was stored there last");
        }

        foreach (PendingStep pending in _pending.Where(pending => pending.Step.Kind == SharedStepKind.Read && pending.Step.Process == process))
        {
            pending.Loaded.Add(answer.Value);
        }
    }

    private void TakeCopy(int process, in PageCopiedOnWrite copied)
    {
        Copies++;
        (int backing, int page, Dictionary<int, ulong> words) = _copies[copied.Target];
        ulong address = copied.Vpn.Start.Value;
        for (int slot = 0; slot < SharedSections.Slots; slot++)
        {
            ulong start = SharedSections.AddressOf(slot);
            if (_views[process, slot] is { } view && address >= start && address - start < (ulong)view.Pages << PageSize.Shift)
            {
                int at = (int)((address - start) >> PageSize.Shift);
                if (view.Backing != backing || view.First + at != page)
                {
                    wrong($"page {copied.Vpn} of process {process} was copied from page {page} of backing {backing}");
                }

                view.Own[at] = words;
            }
        }
    }

    private string? JudgeMap(PendingStep pending, NtStatus status)
    {
        SharedStep step = pending.Step;
        ref SharedView? view = ref _views[step.Process, step.Slot];
        int pages = SharedSections.PagesOf(step.Amount) - step.Page;
        NtStatus expected = pages <= 0 ? NtStatus.InvalidViewSize : view is not null ? NtStatus.ConflictingAddresses : NtStatus.Success;
        if (status != expected)
        {
            return $"expected {expected}, got {status}";
        }

        view = status == NtStatus.Success ? new SharedView(SharedSections.BackingOf(step.Amount), step.Page, pages, step.Protection) : view;
        return null;
    }

    private string? JudgeUnmap(PendingStep pending, NtStatus status)
    {
        ref SharedView? view = ref _views[pending.Step.Process, pending.Step.Slot];
        NtStatus expected = view is null ? NtStatus.NotMappedView : NtStatus.Success;
        view = null;
        return status == expected ? null : $"expected {expected}, got {status}";
    }

    private string? JudgeCommit(PendingStep pending, NtStatus status)
    {
        SharedStep step = pending.Step;
        SharedView? view = _views[step.Process, step.Slot];
        bool inside = view is not null && step.Page + step.Amount <= view.Pages;
        bool reserved = inside && SharedSections.IsReserved(view!.Backing);
        for (int page = step.Page; status == NtStatus.Success && reserved && page < step.Page + step.Amount; page++)
        {
            _committed.Add(view!.First + page);
        }

        NtStatus expected = !inside ? NtStatus.ConflictingAddresses
            : view!.Backing == SharedSections.FileBacking ? NtStatus.AlreadyCommitted
            : view.Protection != PageProtection.ReadWrite ? status
            : NtStatus.Success;
        return pending.PlaceChanged || status == expected ? null : $"expected {expected}, got {status}";
    }

    private string? JudgeAccess(PendingStep pending, NtStatus status, ulong value)
    {
        SharedStep step = pending.Step;
        SharedView? view = _views[step.Process, step.Slot];
        bool allowed = view is not null && view.Allows(step);
        bool committed = view is not null && IsCommitted(view, step.Page);
        if (status == NtStatus.AccessViolation)
        {
            bool refused = pending.PlaceChanged || !allowed || !pending.WasCommitted;
            return pending.Stored > 0 ? "an access violation, and it was stored" : refused ? null : "an access violation for an access that is allowed";
        }

        if (status != NtStatus.Success)
        {
            return $"an access ended with {status}";
        }

        if (!pending.PlaceChanged && !(allowed && (committed || IsBeingCommitted(view!, step.Page))))
        {
            return "an access that is not allowed went through";
        }

        Dictionary<int, ulong>? own = view is not null && step.Page < view.Pages ? view.OwnPage(step.Page) : null;
        return step.Kind == SharedStepKind.Read ? JudgeLoad(pending, own, value) : JudgeStore(pending, own);
    }

    private static string? JudgeLoad(PendingStep pending, Dictionary<int, ulong>? own, ulong value)
    {
        bool right = pending.Loaded.Contains(value) || (own is not null && own.GetValueOrDefault(pending.Step.Offset) == value);
        string could = string.Join(", ", pending.Loaded) + (own is null ? "" : $" or {own.GetValueOrDefault(pending.Step.Offset)} of its own");
        return right ? null : $"read {value}, and it could have been {could}";
    }

    private static string? JudgeStore(PendingStep pending, Dictionary<int, ulong>? own)
    {
        if (pending.Stored > 0)
        {
            return pending.Stored == 1 ? null : $"a store was carried out {pending.Stored} times";
        }

        if (own is null)
        {
            return "a store went through, and nobody carried it out";
        }

        own[pending.Step.Offset] = pending.Step.Value;
        return null;
    }

    private ulong Word(int backing, int page, int offset) => _words.GetValueOrDefault((backing, page, offset));

    private bool IsCommitted(SharedView view, int page) => !SharedSections.IsReserved(view.Backing) || _committed.Contains(view.First + page);

    /// <summary>Whoever commits a page hears of it later than others may find it.</summary>
    private bool IsBeingCommitted(SharedView view, int page) => _pending.Exists(pending =>
        pending.Step.Kind == SharedStepKind.Commit
        && _views[pending.Step.Process, pending.Step.Slot] is { } other
        && other.Backing == view.Backing
        && view.First + page >= other.First + pending.Step.Page
        && view.First + page < other.First + pending.Step.Page + pending.Step.Amount);
}
