using ActorVmm.Actors;
using ActorVmm.Kernel.Sections;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>Section objects and their handles, as a session asks for them: what a system-service stub does before and after the kernel.</summary>
internal sealed class SectionCalls(SessionPlan plan, SessionMachine machine, HandleTable handles)
{
    private const uint AllAccess = 0xF001F;
    private const uint Query = 1;

    private readonly Dictionary<string, uint> _names = new(StringComparer.Ordinal);

    public CallAnswer Create(CreateSectionCall create)
    {
        FileHandle? file = null;
        HandleResolution resolution = create.File.Kind == HandleKind.Null ? HandleResolution.Resolved : handles.Resolve(create.File, out file);
        SectionCreated created = machine.Create(request => new CreateSection(
            create.Size ?? 0,
            NameOf(create.Name),
            (SectionAttributes)create.Attributes,
            (PageProtection)create.Protect,
            request,
            file?.Actor ?? ActorId.Outside,
            file?.Rights ?? FileRights.None,
            resolution,
            create.Name.Contains('/', StringComparison.Ordinal),
            0));
        return Opened(created, create.Access ?? AllAccess);
    }

    public CallAnswer Open(OpenSectionCall open) =>
        Opened(machine.Create(request => new OpenSection(NameOf(open.Name), request)), open.Access);

    public CallAnswer Duplicate(DuplicateHandleCall duplicate)
    {
        HandleResolution resolution = handles.Resolve(duplicate.Handle, out SectionHandle? handle);
        if (handle is null)
        {
            return CallAnswer.Of(SectionChecks.HandleStatus(resolution));
        }

        machine.Tell(handle.Section, new CountHandle(handle.Object, 1));
        return CallAnswer.Of(NtStatus.Success) with { Bound = handles.Add(handle with { Rights = (uint)duplicate.Access }) };
    }

    public CallAnswer Close(CloseCall close)
    {
        HandleResolution resolution = handles.Resolve(close.Handle, out SectionHandle? handle);
        if (handle is null)
        {
            return CallAnswer.Of(SectionChecks.HandleStatus(resolution));
        }

        handles.Close(close.Handle);
        machine.Tell(handle.Section, new CountHandle(handle.Object, -1));
        return CallAnswer.Of(NtStatus.Success);
    }

    /// <summary>The handle is looked at first, then the buffer (fact book §13.1).</summary>
    public CallAnswer QueryObject(QuerySectionCall query)
    {
        HandleResolution resolution = handles.Resolve(query.Section, out SectionHandle? handle);
        if (handle is null)
        {
            return CallAnswer.Of(SectionChecks.HandleStatus(resolution));
        }

        if (query.NullOutputs != NullOutputs.None)
        {
            return CallAnswer.Of(NtStatus.AccessViolation);
        }

        if (!StructureLengths.AcceptsSection(query.Image, query.Buffer, plan.Architecture))
        {
            return CallAnswer.Of(NtStatus.InfoLengthMismatch);
        }

        if (!plan.KernelCaller && (handle.Rights & Query) == 0)
        {
            return CallAnswer.Of(NtStatus.AccessDenied);
        }

        SectionQueried queried = machine.QuerySection(handle.Section, handle.Object);
        bool image = (queried.Attributes & SectionAttributes.Image) != 0;
        return query.Image && !image
            ? CallAnswer.Of(NtStatus.SectionNotImage)
            : CallAnswer.Of(queried.Status, ("base", queried.Base), ("size", queried.Size), ("attributes", (ulong)queried.Attributes));
    }

    /// <summary>The native call of a view: its section handle travels as what became of it.</summary>
    public NativeCall View(MapViewCall map)
    {
        const ulong ViewShare = 1;
        const ulong ViewUnmap = 2;
        const int RightsShift = 32;
        HandleResolution resolution = handles.Resolve(map.Section, out SectionHandle? handle);
        ExtendedParameters? extended = map.Extended;
        ViewFlags flags = (map.UncheckedAlignment ? ViewFlags.Unaligned : ViewFlags.None) | (plan.KernelCaller ? ViewFlags.Kernel : ViewFlags.None);
        var requirements = extended?.Array?.OfType<AddressRequirements>().FirstOrDefault();
        return new NativeCall(CallService.MapView, map.Base, map.Size)
        {
            Type = map.Type,
            Protection = map.Protect ?? 0,
            Flags = extended is null ? CallFlags.None : CallFlags.Extended,
            Words =
            [
                map.ZeroBits, map.Offset, map.CommitSize, (ulong)(handle?.Section.Value ?? 0), (ulong)(handle?.Object ?? 0),
                (ulong)resolution | (ulong)flags | ((ulong)(handle?.Rights ?? 0) << RightsShift), map.Shared ? ViewShare : ViewUnmap,
                requirements?.Lowest ?? 0, requirements?.Highest ?? 0, requirements?.Alignment ?? 0,
                (ulong)(extended is null ? ParameterArray.None : CallTranslation.ArrayOf(extended)),
            ],
        };
    }

    private CallAnswer Opened(SectionCreated created, ulong access) => created.Status >= NtStatus.GuardPageViolation
        ? CallAnswer.Of(created.Status)
        : CallAnswer.Of(created.Status) with { Bound = handles.Add(new SectionHandle(created.Section, created.Object, (uint)access)) };

    /// <summary>Names travel as numbers.</summary>
    private uint NameOf(string name)
    {
        if (name.Length == 0)
        {
            return 0;
        }

        if (!_names.TryGetValue(name, out uint number))
        {
            number = (uint)_names.Count + 1;
            _names.Add(name, number);
        }

        return number;
    }
}
