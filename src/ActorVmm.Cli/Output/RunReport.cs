using ActorVmm.Cli.Verbs;
using ActorVmm.Machine.Metrics;
using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;
using Spectre.Console;

namespace ActorVmm.Cli.Output;

/// <summary>The end of a run for people: tables under RAMMap's and PerfMon's names, with a line that says what each row means.</summary>
internal static class RunReport
{
    private const int BusiestShown = 10;
    private const int BarWidth = 12;

    public static void Write(IAnsiConsole console, RunSummary run, string reproduce)
    {
        WriteFaults(console, run.Faults);
        WritePages(console, run.Pages, run.PeakPages);
        WritePaging(console, run);
        WriteProcesses(console, run.Processes);
        WriteShown(console, run);
        WriteVerdict(console, run, reproduce);
        console.Line($"{EndOf(run.End)} at virtual time {Numbers.Time(run.VirtualTime)}; {Numbers.Count(run.Turns)} turns, {Numbers.Count(run.Messages)} messages, {Numbers.Seconds(run.Wall)} wall time");
        string meaning = run.Host is "deterministic" ? "same input and seed: same fingerprint" : "on several cores messages may arrive in many orders: the next run may differ";
        console.Line($"fingerprint {run.Fingerprint}   ({meaning})");
    }

    public static string NameOf(FaultKind kind) => kind switch
    {
        FaultKind.DemandZero => "Demand zero",
        FaultKind.Transition => "Transition",
        FaultKind.Hard => "Hard",
        FaultKind.CopyOnWrite => "Copy on write",
        FaultKind.Prototype => "Prototype",
        FaultKind.Guard => "Guard page",
        FaultKind.PageTable => "Page table",
        FaultKind.Collided => "Collided",
        FaultKind.AlreadyResolved => "Already resolved",
        FaultKind.AccessViolation => "Access violation",
    };

    private static string MeaningOf(FaultKind kind) => kind switch
    {
        FaultKind.DemandZero => "first touch of a page: a zeroed frame was given",
        FaultKind.Transition => "trimmed but still in memory: taken back, no disk",
        FaultKind.Hard => "read from a disk: paging file or mapped file",
        FaultKind.CopyOnWrite => "first store to a shared page: an own copy was made",
        FaultKind.Prototype => "a shared page, found through its section",
        FaultKind.Guard => "first touch of a guard page: the thread is told once",
        FaultKind.PageTable => "(extra) a page table was missing: a fault inside a fault",
        FaultKind.Collided => "another thread was reading the page: waited with it",
        FaultKind.AlreadyResolved => "another thread was faster: nothing left to do",
        FaultKind.AccessViolation => "no such memory, or not allowed: an exception",
    };

    private static void WriteFaults(IAnsiConsole console, FaultCounts faults)
    {
        Table table = Tables.New("Page faults", ">count", ">share", "what happened");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>().Where(kind => faults[kind] > 0 && kind != FaultKind.PageTable))
        {
            table.Row(NameOf(kind), Numbers.Count(faults[kind]), Numbers.Percent(faults[kind], faults.Total), MeaningOf(kind));
        }

        string perThousand = faults.Accesses == 0 ? "" : FormattableString.Invariant($"{1000.0 * faults.Total / faults.Accesses:0.##} in a thousand of {faults.Accesses:N0} accesses");
        table.Row("Total", Numbers.Count(faults.Total), "", perThousand);
        if (faults[FaultKind.PageTable] > 0)
        {
            table.Row(NameOf(FaultKind.PageTable), Numbers.Count(faults[FaultKind.PageTable]), "", MeaningOf(FaultKind.PageTable));
        }

        console.Print(table);
    }

    private static void WritePages(IAnsiConsole console, PageCounts pages, PagePeaks? peaks)
    {
        Table table = Tables.New("Pages at the end", ">count", ">at most", ">bytes", "", "what they are");
        void Row(string name, long count, PageLocation location, string meaning, bool always = true)
        {
            if (always || count > 0 || peaks?[location] > 0)
            {
                table.Row(name, Numbers.Count(count), peaks is null ? "" : Numbers.Count(peaks[location]), Numbers.Bytes(count), Bar(count, pages.Total), meaning);
            }
        }

        Row("Active", pages.Active, PageLocation.Active, "in a working set, or a page table");
        Row("Standby", pages.StandbyTotal, PageLocation.Standby, "same as on disk: can be taken back or given away");
        Row("Modified", pages.Modified, PageLocation.Modified, "to be written to a paging file first");
        Row("Modified no-write", pages.ModifiedNoWrite, PageLocation.ModifiedNoWrite, "modified, and not to be written yet", always: false);
        Row("Transition", pages.Transition, PageLocation.Transition, "on no list: being read, written or zeroed", always: false);
        Row("Zeroed", pages.Zeroed, PageLocation.Zeroed, "ready to be given out");
        Row("Free", pages.Free, PageLocation.Free, "old contents of others: to be zeroed first");
        Row("Bad", pages.Bad, PageLocation.Bad, "failed and retired", always: false);
        table.Row("Total", Numbers.Count(pages.Total), "", Numbers.Bytes(pages.Total), "", $"available (standby, zeroed, free): {Numbers.Bytes(pages.Available)}");
        console.Print(table);
    }

    private static string Bar(long part, long whole) =>
        whole <= 0 ? "" : new string('█', (int)Math.Round((double)BarWidth * part / whole, MidpointRounding.AwayFromZero));

    private static void WritePaging(IAnsiConsole console, RunSummary run)
    {
        PagingCounts paging = run.PagingFiles;
        Table table = Tables.New("Paging files and commit", ">count", "what it counts");
        table.Row("Page reads", Numbers.Count(paging.PageReads), $"reads for hard faults: {Numbers.Count(paging.PagesInput, "page")} input");
        table.Row("Page writes", Numbers.Count(paging.PageWrites), $"writes by the modified-page writer: {Numbers.Count(paging.PagesOutput, "page")} output");
        table.Row("Committed", Numbers.Bytes(run.Commit.Charge), $"promised; peak {Numbers.Bytes(run.Commit.Peak)}, limit {Numbers.Bytes(run.Commit.Limit)}");
        console.Print(table);
    }

    private static void WriteProcesses(IAnsiConsole console, ProcessList processes)
    {
        ProcessCounts[] busiest = [.. processes.Listed.OrderByDescending(process => process.Accesses).Take(BusiestShown)];
        string title = processes.Total > busiest.Length ? $"Busiest of {Numbers.Count(processes.Total)} processes" : "Processes";
        Table table = Tables.New(title, ">accesses", ">page faults", ">hard faults", ">working set", ">peak");
        foreach (ProcessCounts process in busiest)
        {
            table.Row(
                process.Name, Numbers.Count(process.Accesses), Numbers.Count(process.PageFaults), Numbers.Count(process.HardFaults),
                Numbers.Count(process.WorkingSet), Numbers.Count(process.PeakWorkingSet));
        }

        console.Print(table);
    }

    private static void WriteShown(IAnsiConsole console, RunSummary run)
    {
        foreach (ShownView shown in run.Shown)
        {
            console.Line($"!{shown.Question}");
            foreach (string line in shown.Answer.Text().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                console.Line(line);
            }
        }

        foreach (string sentence in run.Lesson)
        {
            console.Line("lesson  " + sentence);
        }
    }

    private static void WriteVerdict(IAnsiConsole console, RunSummary run, string reproduce)
    {
        foreach (JudgedExpectation expectation in run.Expectations)
        {
            string found = expectation.Found.Length == 0 ? "" : $"   ({expectation.Found})";
            console.Line($"{(expectation.Held ? "held  " : "FAILED")}  {expectation.Text}{found}", expectation.Held ? Color.Green : Color.Red);
        }

        foreach (IGrouping<string, BrokenPromise> promise in run.Violations.GroupBy(broken => broken.Specification, StringComparer.Ordinal))
        {
            BrokenPromise first = promise.First();
            string more = promise.Count() == 1 ? "" : $", and {Numbers.Count(promise.Count() - 1)} more";
            console.Line($"BROKEN  {promise.Key}: {first.Text}   (turn {Numbers.Count(first.Turn)}, {Numbers.Time(first.At)}{more})", Color.Red);
        }

        if (run.Violations.Count > 0)
        {
            console.Line($"to see it again with actorvmm {VersionText.Number}: {reproduce}");
        }
        else if (run.SpecificationsAttached)
        {
            console.Line("specifications: none violated");
        }
        else
        {
            console.Line("specifications: not checked");
        }
    }

    private static string EndOf(RunEnd end) => end switch
    {
        RunEnd.Finished => "finished",
        RunEnd.TimeReached => "stopped as asked",
        RunEnd.Stuck => "STUCK: nothing left to deliver, but threads have not ended,",
        RunEnd.Interrupted => "interrupted",
        RunEnd.BugCheck => "the machine stopped",
    };
}
