using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Kernel.Sections;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Views;

/// <summary>The sections of a machine, each with its prototype PTEs by state.</summary>
internal static class SectionsView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        IInspectedHost host = sight.Host ?? throw new ViewException("the host that runs this does not let its actors be looked at: take the run again with --host deterministic");
        Section[] sections = [.. Enumerable.Range(1, host.ActorCount - 1).Select(id => host.ActorOf(new ActorId(id))).OfType<Section>()];
        SectionView[] views = [.. sections.Select(section => section.Inspect())];
        var sheet = new Sheet();
        sheet.Field("sections", "Sections", Cell.Count(views.Length));
        sheet.Field("sharedCommit", "Shared commitment", Cell.Pages(views.Sum(view => (decimal)view.Committed)));
        sheet.Line("");
        return sheet.Table(
            "segments",
            [
                ("name", "Section"), ("backedBy", "backed by"), ("pages", "Pages"), ("views", "Views"), ("handles", "Handles"), ("committed", "Committed"),
                ("valid", "Valid"), ("shares", "Shares"), ("transition", "Transition"), ("pagedOut", "Paged out"), ("untouched", "Untouched"),
            ],
            sections.Zip(views, (section, view) => Row(sight, section, view)));
    }

    private static Cell[] Row(Sight sight, Section section, SectionView view) =>
    [
        Cell.Word(sight.Machine.Operator.SectionName(view.Name) ?? string.Create(CultureInfo.InvariantCulture, $"segment {section.Serial}")),
        Cell.Word(view.Segment switch { SegmentKind.PagingFile => "paging files", SegmentKind.Data => "file", SegmentKind.Image => "image" }),
        Cell.Count(view.Pages), Cell.Count(view.Views), Cell.Count(view.Handles), Cell.Count(view.Committed),
        Cell.Count(view.Valid), Cell.Count(view.Shares), Cell.Count(view.Transition), Cell.Count(view.PagedOut), Cell.Count(view.Untouched),
    ];
}
