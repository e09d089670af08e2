using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Sections;

namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>
/// Sections as system space knows them (fact book §13.1): 1. NtCreateSection is checked, and the section made, or its file asked to make it;
/// 2. when it has all it needs, its name is inserted, or that of another found to be there; 3. it is found by name; 4. its name goes with its
/// last handle.
/// </summary>
public sealed partial class SystemSpace
{
    private readonly SectionDirectory _sections;
    private readonly Platform _platform;

    /// <summary>Who makes sections; without one there are none.</summary>
    public ISectionFactory? Factory { get; init; }

    private void CreateSection(ActorId asker, CreateSection create, Outbox outbox)
    {
        outbox.Spend(_operation);
        bool ofFile = !create.File.IsOutside;
        NtStatus status = SectionChecks.Arguments(create);
        status = status == NtStatus.Success && !ofFile ? SectionChecks.PagingFile(create, _platform) : status;
        status = status == NtStatus.Success && create.Malformed ? NtStatus.ObjectPathSyntaxBad : status;
        if (status != NtStatus.Success)
        {
            Refuse(asker, create.Request, status, outbox);
        }
        else if (ofFile)
        {
            outbox.Send(create.File, new OpenControlArea(
                create.Size, asker, create.Request, create.Name, create.Attributes, create.Protection, create.Rights, 0, 0));
        }
        else
        {
            Form(asker, create, outbox);
        }
    }

    private void Form(ActorId asker, in CreateSection create, Outbox outbox)
    {
        bool based = (create.Attributes & SectionAttributes.Based) != 0;
        ulong place = based ? _sections.PlaceBased(create.Size) : 0;
        if (based && place == 0)
        {
            Refuse(asker, create.Request, NtStatus.NoMemory, outbox);
            return;
        }

        ISectionFactory factory = Factory ?? throw new BugCheckException(0, "this machine has no sections");
        ActorId section = outbox.Create(factory.Create(_sections.NextSerial()), factory.Role);
        outbox.Send(section, new FormSection(create.Size, asker, create.Request, create.Name, create.Attributes, create.Protection, based ? 1U : 0));
        if (based)
        {
            outbox.Send(section, new PlaceSegment(place));
        }
    }

    private void InsertSection(ActorId section, InsertSection insert, Outbox outbox)
    {
        outbox.Spend(_operation);
        if (_sections.TryOpen(insert.Name, out ActorId found, out int place))
        {
            outbox.Send(found, new OpenSectionObject(place, insert.Request, insert.Asker, NtStatus.ObjectNameExists));
            outbox.Send(section, new CountHandle(insert.Object, -1));
            return;
        }

        _sections.Insert(insert.Name, section, insert.Object);
        outbox.Send(insert.Asker, new SectionCreated(insert.Base, section, insert.Object, NtStatus.Success, insert.Request));
    }

    private void OpenSection(ActorId asker, OpenSection open, Outbox outbox)
    {
        outbox.Spend(_operation);
        if (_sections.TryOpen(open.Name, out ActorId found, out int place))
        {
            outbox.Send(found, new OpenSectionObject(place, open.Request, asker, NtStatus.Success));
        }
        else
        {
            Refuse(asker, open.Request, NtStatus.ObjectNameNotFound, outbox);
        }
    }

    private void RemoveSection(ActorId section, RemoveSection remove, Outbox outbox)
    {
        outbox.Spend(_operation);
        outbox.Send(section, new SectionRemoved(remove.Object, _sections.Remove(remove.Name, section, remove.Object)));
    }

    private static void Refuse(ActorId asker, uint request, NtStatus status, Outbox outbox) =>
        outbox.Send(asker, new SectionCreated(0, ActorId.Outside, 0, status, request));

    /// <summary>The address above the highest based section: that of the highest allocation.</summary>
    private static ulong BasedEnd(Platform platform) => new AddressLimits(platform, largeAddressAware: false).HighestVad + 1;
}
