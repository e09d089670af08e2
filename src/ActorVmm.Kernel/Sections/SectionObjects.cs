namespace ActorVmm.Kernel.Sections;

/// <summary>
/// Section objects: 1. one is made, charged if it promises its pages; 2. its name is inserted, which is done elsewhere; 3. its asker is
/// answered; 4. handles come and go; 5. with the last one it is gone, and its name, though views of it may stay (fact book §13.2).
/// </summary>
public sealed partial class Section
{
    /// <summary>Marks the charge of a section's pages.</summary>
    private const int FormRequest = -1;

    private void FormSection(FormSection form, Outbox outbox)
    {
        bool first = _state == SegmentState.Created;
        _state = SegmentState.Alive;
        int place = FreeObject();
        _objects[place] = new SectionObject
        {
            Asker = form.Asker,
            Request = form.Request,
            Name = form.Name,
            Bytes = form.Size,
            Attributes = form.Attributes,
            Protection = form.Protection,
            Handles = 1,
            Phase = ObjectPhase.Forming,
        };
        _forms = form.Form;
        _toldIdle = false;
        bool ofPagingFiles = _kind == SegmentKind.PagingFile;
        if (first)
        {
            _attributes = form.Attributes;
        }

        if (first && ofPagingFiles)
        {
            _bytes = PageSize.PagesOf(form.Size) << PageSize.Shift;
            _pages = PageSize.PagesOf(form.Size);
            _committed = (form.Attributes & SectionAttributes.Commit) != 0;
            _objects[place].Bytes = _bytes;
        }

        if (first)
        {
            outbox.State(new SegmentFormed(_pages, _serial, _kind, 0, 0));
        }

        if (_committed && first && ofPagingFiles)
        {
            _charging++;
            outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit(_pages, FormRequest, CommitKind.Shared));
            return;
        }

        Announce(place, outbox);
    }

    private void PlaceSegment(PlaceSegment place, Outbox outbox)
    {
        _base = place.Base;
        _placed = true;
        for (int at = 0; at < _objectCount; at++)
        {
            Announce(at, outbox);
        }
    }

    private void FormCharged(CommitAnswered answer, Outbox outbox)
    {
        _charging--;
        if (answer.Status == NtStatus.Success)
        {
            _sharedCommit += answer.Pages;
            StateCommit(outbox);
            Announce(0, outbox);
            return;
        }

        outbox.Send(_objects[0].Asker, new SectionCreated(0, ActorId.Outside, 0, answer.Status, _objects[0].Request));
        _objects[0] = default;
    }

    /// <summary>An object that has all it needs can be used; whoever asked for it is told, if it has a name by whoever keeps names.</summary>
    private void Announce(int place, Outbox outbox)
    {
        ref SectionObject made = ref _objects[place];
        bool awaits = _kind == SegmentKind.PagingFile ? _charging > 0 || (_forms > 0 && !_placed) : _runCount < _runsExpected;
        if (made.Phase != ObjectPhase.Forming || awaits)
        {
            return;
        }

        made.Phase = ObjectPhase.Open;
        if (made.Name != 0)
        {
            outbox.Send(_machine.Cast.SystemSpace, new InsertSection(_base, made.Name, place, made.Request, made.Asker));
        }
        else
        {
            outbox.Send(made.Asker, new SectionCreated(_base, outbox.Self, place, NtStatus.Success, made.Request));
        }

        StateUse(outbox);
    }

    /// <summary>Somebody has found the object by its name; but its last handle may have been closed meanwhile.</summary>
    private void OpenSectionObject(OpenSectionObject open, Outbox outbox)
    {
        ref SectionObject found = ref _objects[open.Object];
        found.Opens++;
        if (!found.IsOpen)
        {
            outbox.Send(open.Asker, new SectionCreated(0, ActorId.Outside, 0, NtStatus.ObjectNameNotFound, open.Request));
            FreeIfNameless(open.Object);
            return;
        }

        found.Handles++;
        outbox.Send(open.Asker, new SectionCreated(_base, outbox.Self, open.Object, open.Status, open.Request));
    }

    private void CountHandle(CountHandle count, Outbox outbox)
    {
        ref SectionObject counted = ref _objects[count.Object];
        Invariant.Holds(counted.IsOpen, "whoever has a handle has an object");
        counted.Handles += count.Change;
        if (counted.Handles > 0)
        {
            return;
        }

        if (counted.Name == 0)
        {
            counted = default;
        }
        else
        {
            counted.Phase = ObjectPhase.LosingName;
            counted.OpensExpected = uint.MaxValue;
            outbox.Send(_machine.Cast.SystemSpace, new RemoveSection(counted.Name, count.Object));
        }

        StateUse(outbox);
    }

    /// <summary>The name is gone; who found it before that is still to be heard.</summary>
    private void SectionRemoved(SectionRemoved removed)
    {
        _objects[removed.Object].OpensExpected = removed.Opens;
        FreeIfNameless(removed.Object);
    }

    private void FreeIfNameless(int place)
    {
        ref SectionObject nameless = ref _objects[place];
        if (nameless.Phase == ObjectPhase.LosingName && nameless.Opens == nameless.OpensExpected)
        {
            nameless = default;
        }
    }

    private void QuerySectionObject(ActorId asker, QuerySectionObject query, Outbox outbox)
    {
        ref SectionObject found = ref _objects[query.Object];
        const SectionAttributes OfPagingFiles = SectionAttributes.Commit | SectionAttributes.Reserve;
        SectionAttributes shown = _kind switch
        {
            SegmentKind.PagingFile => found.Attributes,
            SegmentKind.Data => (found.Attributes & ~OfPagingFiles) | SectionAttributes.File,
            SegmentKind.Image => SectionAttributes.File | SectionAttributes.Image,
        };

        // Where an image would like to be is its own affair; only a based section is said to have a base.
        ulong place = _kind == SegmentKind.Image ? 0 : _base;
        outbox.Send(asker, new SectionQueried(place, found.Bytes, shown, _entryPoint, NtStatus.Success, query.Request));
    }

    private int FreeObject()
    {
        for (int place = 0; place < _objectCount; place++)
        {
            if (_objects[place].Phase == ObjectPhase.Free)
            {
                return place;
            }
        }

        if (_objectCount == _objects.Length)
        {
            Array.Resize(ref _objects, Math.Max(1, _objectCount * 2));
        }

        return _objectCount++;
    }

    private void StateUse(Outbox outbox)
    {
        uint open = 0;
        for (int place = 0; place < _objectCount; place++)
        {
            open += _objects[place].IsOpen ? 1U : 0;
        }

        outbox.State(new SegmentUsed(open, (uint)_viewCount));
    }
}
