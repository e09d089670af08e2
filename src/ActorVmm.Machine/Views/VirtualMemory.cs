using ActorVmm.Kernel;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>!vm: memory, paging files and commitment, and who is charged most.</summary>
internal static class VirtualMemory
{
    private const int MostProcesses = 20;

    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        SimulatedMachine machine = sight.Machine;
        PfnDatabase frames = machine.PfnDatabase;
        SystemSpace space = machine.SystemSpace;
        var sheet = new Sheet();
        sheet.Field("physicalMemory", "Physical Memory", Cell.Pages(machine.Plan.Frames));
        sheet.Field("availablePages", "Available Pages", Cell.Pages(frames.Available));
        sheet.Field("lowThreshold", "  memory is low below", Cell.Pages(frames.Thresholds.Low));
        sheet.Field("plentyThreshold", "  trimming ends at", Cell.Pages(frames.Thresholds.Plenty));
        sheet.Field("modifiedPages", "Modified Pages", Cell.Pages(frames.CountOf(PageLocation.Modified)));
        sheet.Field("pagesBeingWritten", "Pages being written", Cell.Pages(frames.PagesBeingWritten));
        sheet.Field("requestsWaiting", "Requests that wait", Cell.Count(frames.WaitingRequests.Count));
        sheet.Field("committedPages", "Committed pages", Cell.Pages(space.Total));
        sheet.Field("privatePages", "  Private", Cell.Pages(space.Private));
        sheet.Field("pageTablePages", "  Page tables", Cell.Pages(space.PageTables));
        sheet.Field("commitLimit", "Commit limit", Cell.Pages(space.Limit));
        sheet.Field("peakCommitment", "Peak Commitment", Cell.Pages(space.Peak));
        sheet.Line("");
        sheet.Line("  Paging files:");
        sheet.Table(
            "pagingFiles",
            [("file", "file"), ("current", "Current"), ("free", "Free"), ("minimum", "Minimum"), ("maximum", "Maximum"), ("peak", "Peak usage")],
            machine.PagingFiles.Select(file => file.Inspect()).Select(file => new[]
            {
                Cell.Count(file.File), Cell.Count(file.Pages), Cell.Count(file.Free), Cell.Count(file.Minimum), Cell.Count(file.Maximum), Cell.Count(file.PeakUsed),
            }));
        sheet.Line("");
        sheet.Line("  Processes by private commit (in pages):");
        IEnumerable<Process> charged = machine.Processes.OrderByDescending(process => process.PrivateCommit).ThenBy(process => process.Serial).Take(MostProcesses);
        return sheet.Table(
            "processes",
            [("name", "name"), ("commit", "Commit"), ("workingSet", "Working set"), ("peakWorkingSet", "Peak"), ("pageFaults", "Page faults"), ("state", "State")],
            charged.Select(process => new[]
            {
                Cell.Word(sight.NameOf(process)), Cell.Count(process.PrivateCommit), Cell.Count(process.WorkingSetPages), Cell.Count(process.PeakWorkingSetPages),
                Cell.Count(process.PageFaults), Cell.Word(ProcessListView.NameOf(process.State)),
            }));
    }
}
