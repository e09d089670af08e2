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

    private static Cell LimitOf(ulong pages) => pages == ulong.MaxValue ? Cell.None : Cell.Count(pages);

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
        sheet.Field("lowNotification", "  notified as low up to", Cell.Pages(frames.LowNotification));
        sheet.Field("highNotification", "  notified as high from", Cell.Pages(frames.HighNotification));
        sheet.Field("modifiedPages", "Modified Pages", Cell.Pages(frames.CountOf(PageLocation.Modified)));
        sheet.Field("pagesBeingWritten", "Pages being written", Cell.Pages(frames.PagesBeingWritten));
        sheet.Field("requestsWaiting", "Requests that wait", Cell.Count(frames.WaitingRequests.Count));
        sheet.Field("committedPages", "Committed pages", Cell.Pages(space.Total));
        sheet.Field("privatePages", "  Private", Cell.Pages(space.Private));
        sheet.Field("pageTablePages", "  Page tables", Cell.Pages(space.PageTables));
        sheet.Field("nonPagedPoolUsage", "NonPagedPool Usage", Cell.Pages(space.AllocatedOf(PoolKind.NonPaged)));
        sheet.Field("nonPagedPoolMaximum", "NonPagedPool Max", Cell.Pages(space.LimitOf(PoolKind.NonPaged)));
        sheet.Field("pagedPoolUsage", "PagedPool Usage", Cell.Pages(space.AllocatedOf(PoolKind.Paged)));
        sheet.Field("pagedPoolMaximum", "PagedPool Max", Cell.Pages(space.LimitOf(PoolKind.Paged)));
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
        if (machine.Plan.Jobs.Count > 0)
        {
            sheet.Line("");
            sheet.Line("  Jobs:");
            sheet.Table(
                "jobs",
                [("name", "name"), ("processes", "Processes"), ("commit", "Commit"), ("jobMemory", "Limit"), ("processMemory", "Limit of each")],
                machine.Plan.Jobs.Select((job, index) => new[]
                {
                    Cell.Word(job.Name), Cell.Count(space.MembersOf(index + 1)), Cell.Count(space.ChargedToJob(index + 1)),
                    LimitOf(job.JobMemory), LimitOf(job.ProcessMemory),
                }));
        }

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
