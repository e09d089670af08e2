using ActorVmm.Kernel;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>!pte: how the processor finds the page of an address, table by table, and what is in the frame it ends at.</summary>
internal static class PageWalkView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        Process process = ViewArguments.Process(arguments[0], sight.Machine);
        VirtualAddress address = ViewArguments.Address(arguments[1]);
        PageWalk walk = process.Walk(address.Page);
        var sheet = new Sheet();
        sheet.Line($"    VA {Cell.Address(address.Value).Text} of {sight.NameOf(process)}");
        sheet.Field("va", "address", Cell.Address(address.Value));
        sheet.Field("process", "process", Cell.Word(sight.NameOf(process)));
        sheet.Field("vad", "VAD", walk.Vad is { } vad ? Cell.Word(FormattableString.Invariant($"{vad.Start}-{vad.End}, {WordNames.Of(vad.Protection)}")) : Cell.None);
        sheet.Field("protection", "protection", walk.Protection is { } protection ? Cell.Word(WordNames.Of(protection)) : Cell.Word(walk.Vad is null ? "free" : "reserved"));
        sheet.Line("");
        sheet.Table(
            "walk",
            [("level", "level"), ("index", "index"), ("entryAddress", "at"), ("contains", "contains"), ("form", "form"), ("bits", "bits"), ("meaning", "meaning")],
            walk.Steps.Select(RowOf));
        Pte pte = walk.Steps[^1].Entry;
        if (pte.Form is PteForm.Valid or PteForm.Transition)
        {
            sheet.Line("");
            if (pte.Form == PteForm.Transition)
            {
                sheet.Line("    A transition PTE is a hint; this is what the PFN database says of the frame:");
            }

            PfnEntryView.Describe(sheet, sight, pte.Pfn);
        }

        return sheet;
    }

    /// <summary>What an entry says, in words.</summary>
    public static string Describe(Pte entry) => entry.Form switch
    {
        PteForm.Valid when entry.IsLargePage => FormattableString.Invariant($"large page, from pfn {entry.Pfn} on"),
        PteForm.Valid => FormattableString.Invariant($"pfn {entry.Pfn}"),
        PteForm.Transition => FormattableString.Invariant($"was in pfn {entry.Pfn}, hint {entry.Generation}, {ProtectionOf(entry)}"),
        PteForm.PagingFile => FormattableString.Invariant($"paging file {entry.Slot.File} offset {entry.Slot.Page:x}, {ProtectionOf(entry)}"),
        PteForm.DemandZero => "demand zero, " + ProtectionOf(entry),
        PteForm.NoAccess => "committed, no access",
        PteForm.Decommitted => "was committed once",
        PteForm.Prototype => "prototype PTE",
        PteForm.Zero => "zero: ask the VAD",
    };

    public static string NameOf(PteForm form) => form switch
    {
        PteForm.Valid => "valid",
        PteForm.Prototype => "prototype",
        PteForm.Transition => "transition",
        PteForm.PagingFile => "pageFile",
        PteForm.DemandZero => "demandZero",
        PteForm.NoAccess => "noAccess",
        PteForm.Decommitted => "decommitted",
        PteForm.Zero => "zero",
    };

    private static Cell[] RowOf(PageWalkStep step) =>
    [
        Cell.Word(step.Level), Cell.Hex((ulong)step.Index, 3), Cell.Address(step.EntryAddress.Value), Cell.Hex(step.Entry.Value, 16), Cell.Word(NameOf(step.Entry.Form)),
        Cell.Word(step.Entry.IsValid ? BitsOf(step.Entry) : "-"), Cell.Word(step.Reached ? Describe(step.Entry) : "not reached: " + Describe(step.Entry)),
    ];

    /// <summary>The debugger's letters: copy-on-write, dirty, accessed, user, writable or read-only, executable, valid.</summary>
    private static string BitsOf(Pte entry) => string.Concat(
        entry.IsCopyOnWrite ? 'C' : '-', entry.IsDirty ? 'D' : '-', entry.IsAccessed ? 'A' : '-', 'U', entry.IsWritable ? 'W' : 'R')
        + string.Concat(entry.IsExecutable ? 'E' : '-', 'V') + (entry.IsLargePage ? "L" : "");

    private static string ProtectionOf(Pte entry) => WordNames.Of(entry.Protection.ToPageProtection());
}
