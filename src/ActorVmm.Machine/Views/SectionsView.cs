using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Kernel.Files;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Kernel.Sections;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Views;

/// <summary>The sections of a machine, each with its prototype PTEs by state; the views that processes have of them; and the files that they are on.</summary>
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
        sheet.Table(
            "segments",
            [
                ("name", "Section"), ("backedBy", "backed by"), ("kind", "SEC_"), ("pages", "Pages"), ("views", "Views"), ("handles", "Handles"), ("committed", "Commit"),
                ("valid", "Valid"), ("shares", "Shares"), ("transition", "Transition"), ("pagedOut", "Out"), ("untouched", "Untouched"),
            ],
            sections.Zip(views, (section, view) => Row(sight, section, view)));
        sheet.Line("");
        sheet.Table(
            "views",
            [("process", "process"), ("start", "Start"), ("end", "End"), ("section", "view of"), ("protection", "Protection"), ("valid", "Valid"), ("commit", "Commit")],
            sight.Machine.Processes.SelectMany(process => process.InspectVads(), (process, vad) => (process, vad)).Where(pair => pair.vad.Part is not null).Select(pair => new[]
            {
                Cell.Word(sight.NameOf(pair.process)), Cell.Hex(pair.vad.Start.Value, 9), Cell.Hex(pair.vad.End.Value, 9), Cell.Word(PartOf(sight, pair.vad.Part!)),
                Cell.Word(WordNames.Of(pair.vad.Protection)), Cell.Count(pair.vad.Valid), Cell.Count(pair.vad.Commit),
            }));
        if (sight.Machine.Files.Count == 0)
        {
            return sheet;
        }

        sheet.Line("");
        return sheet.Table("files", [("name", "File"), ("bytes", "Bytes"), ("sections", "control areas")], sight.Machine.Files.Select((file, index) => File(sight, file, index, views)));
    }

    /// <summary>The section of a view, and the page of it where the view begins when that is not the first.</summary>
    public static string PartOf(Sight sight, MappedPart part)
    {
        string name = sight.Host?.ActorOf(part.Section) is Section section ? NameOf(sight, section, section.Inspect()) : sight.Names.NameOf(part.Section);
        return part.First == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} from page {part.First}");
    }

    private static Cell[] Row(Sight sight, Section section, SectionView view) =>
    [
        Cell.Word(NameOf(sight, section, view)),
        Cell.Word(view.Segment == SegmentKind.PagingFile ? "paging files" : sight.Names.NameOf(view.File)),
        Cell.Word(view switch
        {
            { Segment: SegmentKind.Image } => "IMAGE",
            { Segment: SegmentKind.PagingFile } when (view.Attributes & SectionAttributes.Reserve) != 0 => "RESERVE",
            _ => "COMMIT",
        }),
        Cell.Count(view.Pages), Cell.Count(view.Views), Cell.Count(view.Handles), Cell.Count(view.Committed),
        Cell.Count(view.Valid), Cell.Count(view.Shares), Cell.Count(view.Transition), Cell.Count(view.PagedOut), Cell.Count(view.Untouched),
    ];

    /// <summary>A section that has lost its name with its last handle is known by its number.</summary>
    private static string NameOf(Sight sight, Section section, SectionView view) =>
        sight.Machine.Operator.SectionName(view.Name) ?? string.Create(CultureInfo.InvariantCulture, $"segment {section.Serial}");

    private static Cell[] File(Sight sight, DataFile file, int index, IReadOnlyList<SectionView> views)
    {
        IReadOnlyList<ActorId> planned = sight.Machine.Cast.Files;
        string[] segments = [.. views.Where(view => index < planned.Count && view.File == planned[index]).Select(view => view.Segment == SegmentKind.Image ? "image" : "data")];
        return [Cell.Word(file.Name), Cell.Count(file.Length), Cell.Word(segments.Length == 0 ? "none" : string.Join(", ", segments))];
    }
}
