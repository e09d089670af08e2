using ActorVmm.Kernel;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>!pfn: one frame.</summary>
internal static class PfnEntryView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments) =>
        Describe(new Sheet(), sight, ViewArguments.Frame(arguments[0], sight.Machine));

    public static Sheet Describe(Sheet sheet, Sight sight, Pfn frame)
    {
        FrameView entry = sight.Machine.PfnDatabase.Inspect(frame);
        bool owned = !entry.Owner.IsOutside;
        Vpn? page = !owned ? null : entry.Location == PageLocation.Active ? sight.ProcessOf(entry.Owner)?.PageIn(frame) : entry.Page;
        sheet.Line($"    PFN {Cell.Frame(frame).Text}   {LocationOf(entry)}   {FlagsOf(entry)}".TrimEnd());
        sheet.Field("pfn", "frame", Cell.Frame(frame));
        sheet.Field("location", "page location", Cell.Word(WordNames.Of(entry.Location)));
        sheet.Field("owner", "owner", owned ? Cell.Word(sight.Names.NameOf(entry.Owner)) : Cell.None);
        sheet.Field("page", "virtual page", page is { } vpn ? Cell.Address(vpn.Start.Value) : Cell.None);
        sheet.Field("pteAddress", "pteaddress", page is { } mapped ? Cell.Address(PteAddressOf(mapped, sight.Machine.Plan.Platform.Architecture)) : Cell.None);
        sheet.Field("flink", "flink", Cell.Frame(entry.Next));
        sheet.Field("blink", "blink", Cell.Frame(entry.Previous));
        sheet.Field("shareCount", "share count", Cell.Count(entry.ShareCount));
        sheet.Field("referenceCount", "reference count", Cell.Count(entry.ReferenceCount));
        sheet.Field("priority", "priority", Cell.Count(entry.Priority));
        sheet.Field("restorePte", "restore pte", Cell.Hex(entry.OriginalPte.Value, 16));
        sheet.Field("restoreForm", "  which says", Cell.Word(Original(entry.OriginalPte)));
        sheet.Field("generation", "hint", Cell.Count(entry.Generation.Value));
        sheet.Field("contents", "contents", Cell.Word(entry.Contents.ToString()));
        return sheet.Field("flags", "flags", Cell.Word(FlagsOf(entry).Length == 0 ? "none" : FlagsOf(entry)));
    }

    /// <summary>Until a page is trimmed for the first time, its protection stands with its owner alone.</summary>
    private static string Original(Pte pte) => pte.Protection != ProtectionCode.ZeroAccess ? PageWalkView.Describe(pte)
        : pte.Slot.IsNone ? "a page of zeros; its protection stands with its owner"
        : FormattableString.Invariant($"paging file {pte.Slot.File} offset {pte.Slot.Page:x}; its protection stands with its owner");

    private static ulong PteAddressOf(Vpn page, ProcessorArchitecture architecture)
    {
        SelfMap map = SelfMap.Of(architecture);
        return map.TableOf(page).Start.Value + (ulong)(map.Indices(page)[^1] * map.BytesPerEntry);
    }

    private static string LocationOf(FrameView entry) => entry.Location switch
    {
        PageLocation.Active => "Active",
        PageLocation.Standby => FormattableString.Invariant($"Standby, priority {entry.Priority}"),
        PageLocation.Transition when entry.ReadInProgress => "Transition: being read",
        PageLocation.Transition when entry.WriteInProgress => "Transition: being written",
        PageLocation.Transition when entry.Owner.IsOutside => "Transition: being zeroed",
        PageLocation.Zeroed => "Zeroed",
        PageLocation.Free => "Free",
        PageLocation.Modified => "Modified",
        PageLocation.ModifiedNoWrite => "ModifiedNoWrite",
        PageLocation.Bad => "Bad",
        PageLocation.Transition => "Transition",
    };

    private static string FlagsOf(FrameView entry)
    {
        (bool Set, string Name)[] flags =
        [
            (entry.Modified, "Modified"), (entry.ReadInProgress, "ReadInProgress"), (entry.WriteInProgress, "WriteInProgress"),
            (entry.Deleted, "Deleted"), (entry.RemovalRequested, "RemovalRequested"), (entry.Failed, "ParityError"),
        ];
        return string.Join(' ', flags.Where(flag => flag.Set).Select(flag => flag.Name));
    }
}
