using ActorVmm.Kernel;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>!process: all of them in a line each, or one with its threads and what it waits for.</summary>
internal static class ProcessListView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments) =>
        arguments.Count == 0 ? List(sight) : One(sight, ViewArguments.Process(arguments[0], sight.Machine));

    public static string NameOf(ProcessState state) => state switch
    {
        ProcessState.Created => "created",
        ProcessState.Running => "running",
        ProcessState.Exiting => "exiting",
        ProcessState.Gone => "gone",
    };

    private static Sheet List(Sight sight) => new Sheet().Line("**** NT ACTIVE PROCESS DUMP ****").Table(
        "processes",
        [
            ("serial", "Cid"), ("name", "Image"), ("state", "State"), ("workingSet", "Working set"), ("peakWorkingSet", "Peak"), ("commit", "Commit"),
            ("pageFaults", "Page faults"), ("accesses", "Accesses"),
        ],
        sight.Machine.Processes.Select(process => new[]
        {
            Cell.Count(process.Serial), Cell.Word(process.Plan.Name), Cell.Word(NameOf(process.State)), Cell.Count(process.WorkingSetPages),
            Cell.Count(process.PeakWorkingSetPages), Cell.Count(process.PrivateCommit), Cell.Count(process.PageFaults), Cell.Count(process.Accesses),
        }));

    private static Sheet One(Sight sight, Process process)
    {
        ProcessView view = process.Inspect();
        var sheet = new Sheet();
        sheet.Line($"PROCESS {sight.NameOf(process)}");
        sheet.Field("serial", "Cid", Cell.Count(view.Serial));
        sheet.Field("name", "Image", Cell.Word(view.Name));
        sheet.Field("state", "State", Cell.Word(NameOf(view.State)));
        sheet.Field("vadCount", "VadCount", Cell.Count(process.InspectVads().Count));
        sheet.Field("workingSet", "Working Set Size now", Cell.Pages(view.WorkingSet));
        sheet.Field("minimumWorkingSet", "  minimum", Cell.Pages(view.Limits.Minimum));
        sheet.Field("maximumWorkingSet", view.Limits.HardMaximum ? "  maximum (hard)" : "  maximum", Cell.Pages(view.Limits.Maximum));
        sheet.Field("peakWorkingSet", "PeakWorkingSetSize", Cell.Pages(view.PeakWorkingSet));
        sheet.Field("virtualSize", "VirtualSize", Cell.Pages(view.VirtualPages));
        sheet.Field("peakVirtualSize", "PeakVirtualSize", Cell.Pages(view.PeakVirtualPages));
        sheet.Field("commitCharge", "CommitCharge", Cell.Pages(view.PrivateCommit));
        sheet.Field("pageTables", "Page tables", Cell.Pages(view.PageTables));
        sheet.Field("residentPageTables", "  in memory", Cell.Pages(view.ResidentPageTables));
        sheet.Field("kept", "Frames kept ready", Cell.Pages(view.FramesKept));
        sheet.Field("pageFaults", "PageFaultCount", Cell.Count(view.PageFaults));
        foreach (FaultKind kind in Enum.GetValues<FaultKind>().Where(kind => (int)kind < process.Faults.Length && process.Faults[(int)kind] > 0))
        {
            sheet.Field("faults." + WordNames.Of(kind), "  " + WordNames.Of(kind), Cell.Count(process.Faults[(int)kind]));
        }

        sheet.Field("accesses", "Accesses", Cell.Count(view.Accesses));
        sheet.Field("memoryPriority", "MemoryPriority", Cell.Count(view.MemoryPriority));
        sheet.Field("job", "Job", process.Plan.Job == 0 ? Cell.None : Cell.Word(sight.Machine.Plan.Jobs[process.Plan.Job - 1].Name));
        sheet.Field("kernelStacks", "Kernel stacks in memory", Cell.Count(view.KernelStacks.Resident));
        sheet.Field("kernelStacksOut", "  swapped out", Cell.Count(view.KernelStacks.Out));
        sheet.Line("");
        sheet.Table("threads", [("thread", "THREAD"), ("position", "position"), ("waitsFor", "waits for"), ("page", "page"), ("visitor", "visitor")], view.Threads.Select(thread => new[]
        {
            Cell.Word(FormattableString.Invariant($"{view.Serial}.{thread.Index}")), Cell.Count(thread.Position), Cell.Word(thread.WaitsFor),
            thread.Page.Value == 0 ? Cell.None : Cell.Hex(thread.Page.Value), Cell.Flag(thread.Visitor),
        }));
        if (view.Reads.Count > 0)
        {
            sheet.Line("").Line("  In-page blocks:");
        }

        sheet.Table("reads", [("vpn", "first page"), ("count", "pages"), ("slot", "slot"), ("phase", "phase"), ("wanted", "wanted"), ("deleted", "deleted")], view.Reads.Select(read => new[]
        {
            Cell.Hex(read.First.Value), Cell.Count(read.Count), Cell.Slot(read.Slot), Cell.Word(read.Reading ? "reading" : "waiting for frames"),
            Cell.Hex((ulong)read.Wanted, 4), Cell.Hex((ulong)read.Deleted, 4),
        }));
        return sheet;
    }
}
