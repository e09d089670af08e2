using ActorVmm.Kernel;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Machine.Words;

namespace ActorVmm.Machine.Views;

/// <summary>!vad: what a process has reserved.</summary>
internal static class VadListView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        Process process = ViewArguments.Process(arguments[0], sight.Machine);
        IReadOnlyList<VadView> vads = process.InspectVads();
        var sheet = new Sheet();
        sheet.Field("process", "process", Cell.Word(sight.NameOf(process)));
        sheet.Field("total", "Total VADs", Cell.Count(vads.Count));
        sheet.Field("commit", "Commit", Cell.Pages(vads.Aggregate(0M, (sum, vad) => sum + vad.Commit)));
        sheet.Line("");
        return sheet.Table(
            "vads",
            [
                ("start", "Start"), ("end", "End"), ("pages", "Pages"), ("commit", "Commit"), ("type", "Type"), ("protection", "Protection"), ("valid", "Valid"),
                ("transition", "Transition"), ("pagedOut", "Paged out"), ("section", "view of"),
            ],
            vads.Select(vad => new[]
            {
                Cell.Hex(vad.Start.Value, 9), Cell.Hex(vad.End.Value, 9), Cell.Count(vad.Pages), Cell.Count(vad.Commit), Cell.Word(vad.Type),
                Cell.Word(WordNames.Of(vad.Protection)), Cell.Count(vad.Valid), Cell.Count(vad.Transition), Cell.Count(vad.PagedOut),
                Cell.Word(vad.Part is { } part ? SectionsView.PartOf(sight, part) : ""),
            }));
    }
}
