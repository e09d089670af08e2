using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Devices;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Kernel.PagingFiles;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Machine.Summary;
using ActorVmm.Machine.Views;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Metrics;

/// <summary>
/// What a run has measured, under the names that expectations use. Times are nanoseconds, memory is pages.
/// <code>
/// virtualTime turns messages accesses pageFaults processes violations
/// faults.KIND  KINDFaults  softFaults (transition)
/// KINDFaults.p50|p90|p99|p999|max      demandZero transition hard guard pageTable collided …
/// pages.active|standby|standby(0..7)|modified|modifiedNoWrite|transition|zeroed|free|bad|available|total
/// pages.repurposed(0..7)      how often a standby page of this priority lost its frame to another page
/// pagingFiles.pageReads|pagesInput|pageWrites|pagesOutput       commit.charge|peak|limit
/// pagingFiles.pages(N)|used(N)|peakUsed(N)|pageReads(N)|pagesInput(N)|pageWrites(N)|pagesOutput(N)      of paging file N alone
/// pools.nonPaged|nonPagedPeak|nonPagedResident|paged|pagedPeak|pagedResident|pagedOut
/// tlb.systemCalls(NAME)|contextSwitches(NAME)|userMisses(NAME)|systemMisses(NAME)|missesPerCall(NAME)|missesPerSwitch(NAME)
/// jobs.commit(NAME)
/// devices.requests(NAME)|failed(NAME)|elsewhere(NAME)|strayStores(NAME)|accessViolations(NAME)    systemPtes.used|peak|refused
/// word(NAME,ADDRESS)      eight bytes at an address at the end, −1 when they are not in memory
/// accesses(NAME) pageFaults(NAME) hardFaults(NAME) workingSet(NAME) peakWorkingSet(NAME)
///     of the process NAME, or summed over the processes NAME-1, NAME-2, …
/// commit(NAME) virtual(NAME)     pages of private commit and of address space
/// frame(NAME,ADDRESS)     the frame of an address at the end, −1 when it is in none
/// frameRun(NAME,ADDRESS)  how many pages from there on lie in frames one after the other
/// mostPages.active|standby|…     the most there ever were
/// exceptions(STATUS)  refusals(STATUS)     how often a thread was told so by an access, by a call: exceptions(STACK_OVERFLOW)
/// facts(TYPE)      how often a fact was stated, such as facts(PageRepurposed)
/// seen(SITUATION)  how often a specification saw the situation that it waits for
/// </code>
/// </summary>
public sealed class RunMetrics : IMetrics
{
    private readonly MetricTable _table = new();
    private readonly SimulatedMachine _machine;
    private readonly FaultLatencies? _latencies;
    private readonly FactCounts? _facts;
    private readonly StatusCounts? _statuses;

    internal RunMetrics(SimulatedMachine machine, Census census, int violations, RunListeners heard, IEnumerable<(string Name, long Count)> situations)
    {
        _machine = machine;
        _latencies = heard.Latencies;
        _facts = heard.Facts;
        _statuses = heard.Statuses;
        foreach (PageLocation location in heard.Peaks is null ? [] : Enum.GetValues<PageLocation>())
        {
            _table["mostPages." + JsonNamingPolicy.CamelCase.ConvertName(location.ToString())] = heard.Peaks![location];
        }

        _table["virtualTime"] = census.Now.Value;
        _table["turns"] = census.Host.Turns;
        _table["messages"] = census.Host.Messages;
        _table["accesses"] = census.Faults.Accesses;
        _table["pageFaults"] = census.Faults.Total;
        _table["processes"] = machine.Processes.Count;
        _table["violations"] = violations;
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            _table["faults." + NameOf(kind)] = census.Faults[kind];
            _table[NameOf(kind) + "Faults"] = census.Faults[kind];
        }

        _table["softFaults"] = census.Faults[FaultKind.Transition];
        AddPages(census.Pages);
        _table["pagingFiles.pageReads"] = census.PagingFiles.PageReads;
        _table["pagingFiles.pagesInput"] = census.PagingFiles.PagesInput;
        _table["pagingFiles.pageWrites"] = census.PagingFiles.PageWrites;
        _table["pagingFiles.pagesOutput"] = census.PagingFiles.PagesOutput;
        foreach (PagingFile file in machine.PagingFiles)
        {
            AddPagingFile(file.Inspect(), file);
        }

        AddPools();
        AddDevices();
        foreach ((int index, JobPlan job) in machine.Plan.Jobs.Index())
        {
            _table[$"jobs.commit({job.Name})"] = machine.SystemSpace.ChargedToJob(index + 1);
        }

        _table["commit.charge"] = census.Commit.Charge;
        _table["commit.peak"] = census.Commit.Peak;
        _table["commit.limit"] = census.Commit.Limit;
        foreach ((string name, long count) in situations)
        {
            _table[$"seen({name.Replace(" ", "", StringComparison.Ordinal)})"] = count;
        }
    }

    /// <summary>Whether some metric among these is only known when latencies are measured.</summary>
    internal static bool NeedLatencies(IEnumerable<string> names) => names.Any(name => TryLatency(name, out _, out _));

    /// <summary>Whether some metric among these is a count of facts.</summary>
    internal static bool NeedFacts(IEnumerable<string> names) => names.Any(name => name.StartsWith("facts(", StringComparison.Ordinal));

    /// <summary>Whether some metric among these is a count of statuses.</summary>
    internal static bool NeedStatuses(IEnumerable<string> names) =>
        names.Any(name => name.StartsWith("exceptions(", StringComparison.Ordinal) || name.StartsWith("refusals(", StringComparison.Ordinal));

    public bool TryGet(string name, out double value)
    {
        if (_table.TryGet(name, out value))
        {
            return true;
        }

        if (TryLatency(name, out FaultKind kind, out string part) && _latencies is not null)
        {
            LatencyHistogram histogram = _latencies[kind];
            value = part switch
            {
                "p50" => histogram.Percentile(500).Value,
                "p90" => histogram.Percentile(900).Value,
                "p99" => histogram.Percentile(990).Value,
                "p999" => histogram.Percentile(999).Value,
                _ => histogram.Longest.Value,
            };
            return true;
        }

        int bracket = name.IndexOf('(', StringComparison.Ordinal);
        return bracket > 0 && name.EndsWith(')') && TryCall(name[..bracket], name[(bracket + 1)..^1], out value);
    }

    private static string NameOf(FaultKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    /// <summary>Reads names such as hardFaults.p99.</summary>
    private static bool TryLatency(string name, out FaultKind kind, out string part)
    {
        const string Suffix = "Faults.";
        int at = name.IndexOf(Suffix, StringComparison.Ordinal);
        part = at < 0 ? "" : name[(at + Suffix.Length)..];
        kind = Array.Find(Enum.GetValues<FaultKind>(), candidate => at > 0 && string.Equals(NameOf(candidate), name[..at], StringComparison.Ordinal));
        return at > 0 && part is "p50" or "p90" or "p99" or "p999" or "max" && string.Equals(NameOf(kind), name[..at], StringComparison.Ordinal);
    }

    private bool TryCall(string metric, string argument, out double value)
    {
        value = 0;
        if (metric is "facts")
        {
            bool known = _facts is not null && _facts.TryGet(argument, out long count) && (value = count) >= 0;
            return known;
        }

        if (metric.StartsWith("tlb.", StringComparison.Ordinal))
        {
            return TryTlb(metric, argument, out value);
        }

        if (metric is "exceptions" or "refusals")
        {
            value = metric is "exceptions" ? _statuses?.Exceptions(argument) ?? 0 : _statuses?.Refusals(argument) ?? 0;
            return _statuses is not null;
        }

        if (metric is "frame" or "frameRun" or "word")
        {
            bool found = FrameMetrics.TryPlace(_machine, argument, out Kernel.Process process, out ulong address);
            value = !found ? 0 : metric is "word" ? FrameMetrics.Word(_machine, process, address) : metric is "frame" ? FrameMetrics.Frame(process, address) : FrameMetrics.Run(process, address);
            return found;
        }

        if (metric is "commit" or "virtual")
        {
            Kernel.Process[] counted = [.. _machine.Processes.Where(process => IsNamed(process.Plan.Name, argument))];
            value = counted.Sum(process => (double)(metric is "commit" ? process.PrivateCommit : process.VirtualPages));
            return counted.Length > 0;
        }

        Func<ProcessCounts, double>? read = metric switch
        {
            "accesses" => process => process.Accesses,
            "pageFaults" => process => process.PageFaults,
            "hardFaults" => process => process.HardFaults,
            "workingSet" => process => process.WorkingSet,
            "peakWorkingSet" => process => process.PeakWorkingSet,
            _ => null,
        };
        ProcessCounts[] named = read is null ? [] : [.. Census.ProcessesOf(_machine, cap: int.MaxValue).Listed.Where(process => IsNamed(process.Name, argument))];
        value = read is null ? 0 : named.Sum(read);
        return named.Length > 0;
    }

    /// <summary>What entering the system has cost the processes of a name; those that do not measure it have nothing to say.</summary>
    private bool TryTlb(string metric, string argument, out double value)
    {
        Func<SystemVisitCounts, double>? read = metric switch
        {
            "tlb.systemCalls" => counts => counts.Calls,
            "tlb.contextSwitches" => counts => counts.Switches,
            "tlb.userMisses" => counts => counts.UserMisses,
            "tlb.systemMisses" => counts => counts.CallMisses + counts.SwitchMisses,
            "tlb.missesPerCall" => counts => counts.Calls == 0 ? 0 : (double)counts.CallMisses / counts.Calls,
            "tlb.missesPerSwitch" => counts => counts.Switches == 0 ? 0 : (double)counts.SwitchMisses / counts.Switches,
            _ => null,
        };
        SystemVisitCounts[] named = [.. _machine.Processes.Where(process => IsNamed(process.Plan.Name, argument)).Select(process => process.SystemVisits).OfType<SystemVisitCounts>()];
        bool mean = metric.StartsWith("tlb.missesPer", StringComparison.Ordinal);
        value = read is null || named.Length == 0 ? 0 : mean ? named.Average(read) : named.Sum(read);
        return read is not null && named.Length > 0;
    }

    private static bool IsNamed(string process, string name) =>
        process.StartsWith(name, StringComparison.Ordinal)
        && (process.Length == name.Length
            || (process[name.Length] == '-' && process.AsSpan(name.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0));

    private void AddPagingFile(PagingFileView view, PagingFile file)
    {
        void Add(string what, ulong value) => _table[FormattableString.Invariant($"pagingFiles.{what}({view.File})")] = value;
        Add("pages", view.Pages);
        Add("used", view.Used);
        Add("peakUsed", view.PeakUsed);
        Add("pageReads", file.PageReads);
        Add("pagesInput", file.PagesInput);
        Add("pageWrites", file.PageWrites);
        Add("pagesOutput", file.PagesOutput);
    }

    private void AddPools()
    {
        SystemSpace space = _machine.SystemSpace;
        PoolUsage usage = PoolUsage.Of(_machine);
        _table["pools.nonPaged"] = space.AllocatedOf(PoolKind.NonPaged);
        _table["pools.nonPagedPeak"] = space.PeakOf(PoolKind.NonPaged);
        _table["pools.nonPagedResident"] = usage.NonPagedResident;
        _table["pools.paged"] = space.AllocatedOf(PoolKind.Paged);
        _table["pools.pagedPeak"] = space.PeakOf(PoolKind.Paged);
        _table["pools.pagedResident"] = usage.PagedResident;
        _table["pools.pagedOut"] = usage.PagedOut;
    }

    private void AddDevices()
    {
        foreach (DeviceDriver driver in _machine.Devices)
        {
            void Add(string what, ulong value) => _table[$"devices.{what}({driver.Plan.Name})"] = value;
            Add("requests", driver.Requests);
            Add("failed", driver.Failed);
            Add("elsewhere", driver.CompletedElsewhere);
            Add("strayStores", driver.StrayStores);
            Add("accessViolations", driver.AccessViolations);
        }

        _table["systemPtes.used"] = _machine.SystemSpace.SystemPtesUsed;
        _table["systemPtes.peak"] = _machine.SystemSpace.SystemPtesPeak;
        _table["systemPtes.refused"] = _machine.SystemSpace.SystemPtesRefused;
    }

    private void AddPages(PageCounts pages)
    {
        _table["pages.active"] = pages.Active;
        _table["pages.standby"] = pages.StandbyTotal;
        foreach ((int priority, long count) in pages.Standby.Index())
        {
            _table[FormattableString.Invariant($"pages.standby({priority})")] = count;
        }

        for (int priority = 0; priority < pages.Standby.Count; priority++)
        {
            _table[FormattableString.Invariant($"pages.repurposed({priority})")] = _machine.PfnDatabase.RepurposedOf(priority);
        }

        _table["pages.modified"] = pages.Modified;
        _table["pages.modifiedNoWrite"] = pages.ModifiedNoWrite;
        _table["pages.transition"] = pages.Transition;
        _table["pages.zeroed"] = pages.Zeroed;
        _table["pages.free"] = pages.Free;
        _table["pages.bad"] = pages.Bad;
        _table["pages.available"] = pages.Available;
        _table["pages.total"] = pages.Total;
    }
}
