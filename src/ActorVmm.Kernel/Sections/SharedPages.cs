using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// Pages that are valid: shares that come back, accesses whose order is made here, copies for one process alone. Contents are compared when a
/// page becomes valid and when it ceases to be, as a process does with its own.
/// </summary>
public sealed partial class Section
{
    private void MapPrototype(int cell, Vpn page, Pfn frame, FaultKind cause, bool modified, Outbox outbox)
    {
        if (_kind != SegmentKind.PagingFile && cause == FaultKind.Hard)
        {
            // What is in a file may have been written there by anybody.
            _prototypes.Stamp(cell) = _machine.Contents[frame].Value;
        }

        Compare(page, frame, _prototypes.Stamp(cell));
        _everDirty |= modified;
        Pte pte = Pte.ForValid(frame, ProtectionCode.ReadWrite);
        _prototypes.Write(cell, modified ? pte.WithDirty : pte);
        _prototypes.WorkingSetIndex(cell) = 0;
        _valid++;
        outbox.State(new PageMapped(page, new ContentStamp(_prototypes.Stamp(cell)), frame, cause, true, 0));
    }

    private void Compare(Vpn page, Pfn frame, ulong expected)
    {
        ContentStamp found = _machine.Contents[frame];
        if (found.Value != expected)
        {
            throw new BugCheckException(0x1A, FormattableString.Invariant(
                $"section {_serial}: page {page} contained {new ContentStamp(expected)} when it was seen last, and {found} in frame {frame}"));
        }
    }

    private void ReleaseShare(ReleaseShare share, Outbox outbox)
    {
        var page = new Vpn(share.Page);
        int cell = _prototypes.FindCell(page);
        Pte pte = cell < 0 ? Pte.Zero : _prototypes.Pte(cell);
        Invariant.Holds(pte.IsValid && pte.Pfn == share.Pfn && _prototypes.WorkingSetIndex(cell) > 0, "only a share that was given comes back");
        outbox.Spend(new Ticks(_machine.Costs.FrameOperation));
        if (share.Dirty != 0)
        {
            _prototypes.Pte(cell) = pte.WithDirty;
            _everDirty = true;
        }

        uint shares = --_prototypes.WorkingSetIndex(cell);
        outbox.State(new SharesCounted(share.Page, share.Pfn, shares));
        if (shares == 0)
        {
            UnmapPrototype(cell, page, outbox);
        }
    }

    /// <summary>The last share has gone: the prototype PTE becomes a hint, and the frame goes to standby or to the modified list.</summary>
    private void UnmapPrototype(int cell, Vpn page, Outbox outbox)
    {
        Pte pte = _prototypes.Pte(cell);
        Compare(page, pte.Pfn, _prototypes.Stamp(cell));
        Generation generation = NextGeneration();
        _prototypes.Write(cell, Pte.ForTransition(pte.Pfn, ProtectionCode.ReadWrite, generation));
        _valid--;
        outbox.State(new PageUnmapped(page, new ContentStamp(_prototypes.Stamp(cell)), pte.Pfn, generation, UnmapCause.Trimmed, pte.IsDirty));
        outbox.Send(_machine.Cast.PfnDatabase, new TrimPage(page, pte.Pfn, generation, ProtectionCode.ReadWrite.Value, pte.IsDirty));
        if (pte.IsDirty)
        {
            LookAgainFor(page);
        }

        if (_prototypes.TableOfCell(cell).Valid == 0)
        {
            ReportTables(outbox);
        }
    }

    /// <summary>Copy-on-write (R16, R17): the frame copied from is held by the share of whoever asks, unless that was given back meanwhile.</summary>
    private void CopyPrototype(ActorId process, CopyPrototype copy, Outbox outbox)
    {
        Pte pte = _prototypes.Read(new Vpn(copy.Page));
        bool there = pte.IsValid && pte.Pfn == copy.Source;
        if (there)
        {
            _machine.Contents.Copy(copy.Target, copy.Source);
        }

        outbox.Spend(new Ticks(_machine.Costs.ZeroPage));
        outbox.Send(process, new PrototypeCopied(copy.Vpn, copy.Target, copy.Request, there ? 1 : 0, 0));
    }

    /// <summary>Who holds a share finds the page valid; if not, its share has gone back meanwhile. A file reaches its data without one.</summary>
    private void SharedAccess(ActorId asker, SharedAccess access, Outbox outbox)
    {
        var wait = new PrototypeWait
        {
            Page = new Vpn(access.Page),
            Value = access.Value,
            Asker = asker,
            Request = access.Request,
            Offset = access.Offset,
            Width = access.Width,
            Access = access.Access,
            IsAccess = true,
            Priority = DefaultPriority,
        };
        int cell = _prototypes.FindCell(wait.Page);
        outbox.Spend(new Ticks(_machine.Costs.Access));
        if (cell >= 0 && _prototypes.Pte(cell).IsValid)
        {
            Perform(wait, cell, outbox);
        }
        else if (asker == _file && !_file.IsOutside)
        {
            Await(wait, outbox);
        }
        else
        {
            outbox.Send(asker, new SharedAccessed(0, access.Request, 0));
        }
    }

    private void Perform(in PrototypeWait access, int cell, Outbox outbox)
    {
        ref Pte pte = ref _prototypes.Pte(cell);
        Pfn frame = pte.Pfn;
        ulong value = 0;
        if (access.Access == AccessKind.Write)
        {
            ContentStamp stamp = NewStamp();
            _machine.Contents[frame] = stamp;
            _prototypes.Stamp(cell) = stamp.Value;
            pte = pte.WithDirty;
            _everDirty = true;
            _toldIdle = false;
            outbox.State(new PageStored(access.Page, stamp, frame, 0));
            if (access.Width > 0)
            {
                _machine.Contents.Bytes.Write((int)frame.Value, access.Offset, access.Width, access.Value);
            }
        }
        else
        {
            value = access.Width > 0 ? _machine.Contents.Bytes.Read((int)frame.Value, access.Offset, access.Width) : 0;
            if (_machine.Policy.CheckEveryAccess)
            {
                outbox.State(new PageLoaded(access.Page, _machine.Contents[frame], frame, 0));
            }
        }

        outbox.Send(access.Asker, new SharedAccessed(value, access.Request, 1));
    }
}
