using System.Globalization;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Generators;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads `processes:` into plans, one for each process.</summary>
internal sealed class ProcessBinder(string directory, ulong seed, Replacement replacement, Platform platform, ScenarioOverrides overrides, IReadOnlyList<JobPlan> jobs)
{
    public const int MostProcesses = 10_000_000;
    public const int MostMemoryPriority = 7;
    private const int MostThreads = 4096;

    private readonly Dictionary<(long, decimal), Distribution> _zipfs = [];
    private readonly Dictionary<(string Path, TraceFormat Format), TraceFile> _traces = [];
    private readonly List<ProcessPlan> _plans = [];

    /// <summary>What `map` may name, and traces; those may name others, which are made for them.</summary>
    public TraceSections Sections { get; init; } = new([]);

    /// <summary>What `readDevice` and `writeDevice` may name.</summary>
    public IReadOnlyList<DevicePlan> Devices { get; init; } = [];

    public IReadOnlyList<ProcessPlan> Plans => _plans;

    public IReadOnlyList<TraceFile> Traces => [.. _traces.Values];

    public void Bind(ScenarioNode node)
    {
        if (node is not MappingNode { Entries.Count: > 0 } mapping)
        {
            throw node.Error($"`processes` is a mapping from names to processes, not {node.Kind}");
        }

        if (overrides.Processes is not null && mapping.Entries.Count > 1)
        {
            throw node.Error("a number of processes can be given only where there is one kind of process");
        }

        foreach (MappingEntry entry in mapping.Entries)
        {
            Kind(entry.Key.Text, entry.Value);
        }
    }

    private void Kind(string name, ScenarioNode node)
    {
        var fields = new Fields(node, "a process", ScenarioKeys.Process);
        int count = overrides.Processes ?? (int)fields.Whole("count", 0, MostProcesses, 1);
        if (count > MostProcesses - _plans.Count)
        {
            throw node.Error(string.Create(CultureInfo.InvariantCulture, $"more than {MostProcesses} processes"));
        }

        if (fields.Has("phases") == fields.Has("trace"))
        {
            throw node.Error($"process `{InputException.Clip(name)}` needs either `phases` or `trace`");
        }

        int job = Job(fields);
        WorkingSetLimits limits = fields.Find("workingSet") is { } own ? WorkingSet(own) : new WorkingSetLimits();
        var model = new ProcessPlan(name, [])
        {
            Job = job,
            WorkingSet = overrides.Limit(job > 0 && jobs[job - 1].WorkingSet is { } shared ? shared : limits),
            Replacement = overrides.Replacement ?? fields.Name("replacement", PolicyBinder.Replacements, replacement),
            CommitQuota = fields.Pages("commitQuota", 1, ulong.MaxValue, ulong.MaxValue),
            Priority = (byte)fields.Whole("priority", 1, 15, 8),
            MemoryPriority = (byte)fields.Whole("memoryPriority", 0, MostMemoryPriority, 5),
            ThreadMemoryPriorities = [.. fields.Items("threadMemoryPriorities").Select(ThreadMemoryPriority)],
            Lingers = fields.Truth("lingers", false),
            IsSystem = fields.Truth("system", false),
            SystemMapping = fields.Name("systemSpace", _mappings, SystemMapping.NotMeasured),
            LockMemoryPrivilege = fields.Truth("lockMemoryPrivilege", false),
            LargeAddressAware = fields.Truth("largeAddressAware", false),
        };
        if (model.LockMemoryPrivilege && model.Replacement != Replacement.Windows)
        {
            throw fields.Required("lockMemoryPrivilege").Error("large pages are in no working set: a process that replaces pages of its own by another policy than Windows' has none");
        }

        if (model.IsSystem)
        {
            CheckSystem(fields, model, count);
        }

        if (count > 0)
        {
            _plans.AddRange(fields.Has("trace") ? Traced(fields, model, count) : Generated(fields, model, count));
        }
    }

    /// <summary>There is one process of the system; what is locked in its working set may be all of it, so that it cannot replace pages of its own.</summary>
    private void CheckSystem(Fields fields, ProcessPlan model, int count)
    {
        string? wrong = count != 1 || _plans.Exists(plan => plan.IsSystem) ? "there is one process of the system"
            : fields.Has("trace") ? "a process of the system has phases, not a trace"
            : model.WorkingSet.HardMaximum ? "the system working set has no hard maximum"
            : model.Job > 0 ? "the system is in no job"
            : null;
        if (wrong is not null)
        {
            throw fields.Required("system").Error(wrong);
        }
    }

    /// <summary>1 + the serial number of the first process of a name.</summary>
    private int QuotaOf(ScenarioNode node)
    {
        string name = Fields.Scalar(node);
        int serial = _plans.FindIndex(plan => string.Equals(plan.Name, name, StringComparison.Ordinal) || string.Equals(plan.Name, Named(name, 0), StringComparison.Ordinal));
        return serial >= 0 ? serial + 1 : throw node.Error($"no process before this one is called {node.Kind}");
    }

    /// <summary>The number of the job it names, from 1; 0 when it names none.</summary>
    private int Job(Fields fields)
    {
        if (fields.Find("job") is not { } node)
        {
            return 0;
        }

        string name = Fields.Scalar(node);
        int job = 1 + jobs.ToList().FindIndex(plan => string.Equals(plan.Name, name, StringComparison.Ordinal));
        return job > 0 ? job : throw node.Error($"there is no job {node.Kind} under `jobs`{Suggestion.For(name, [.. jobs.Select(plan => plan.Name)])}");
    }

    private static byte ThreadMemoryPriority(ScenarioNode node) =>
        byte.TryParse(Fields.Scalar(node), NumberStyles.None, CultureInfo.InvariantCulture, out byte priority) && priority <= MostMemoryPriority
            ? priority
            : throw node.Error($"a memory priority is a whole number from 0 to 7, not {node.Kind}");

    private IEnumerable<ProcessPlan> Traced(Fields fields, ProcessPlan model, int count)
    {
        foreach (string key in new[] { "threads", "phases" })
        {
            if (fields.Find(key) is { } node)
            {
                throw node.Error($"a trace has its own threads: `{key}` does not go with it");
            }
        }

        ScenarioNode trace = fields.Required("trace");
        string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, Fields.Scalar(trace)));
        TraceFormat format = fields.Name("format", _formats, TraceFormat.Auto);
        if (!_traces.TryGetValue((path, format), out TraceFile? file))
        {
            if (!System.IO.File.Exists(path))
            {
                throw trace.Error($"no such trace file: {path}");
            }

            _traces.Add((path, format), file = TraceFile.Open(path, format, sections: Sections));
        }

        IReadOnlyList<ProcessPlan> plans = file.CreateProcesses(count, model.Replacement == Replacement.Opt);
        int each = plans.Count / count;
        return plans.Select((plan, i) => model with
        {
            Name = (count, each) switch
            {
                (1, 1) => model.Name,
                (_, 1) => Named(model.Name, i),
                _ => $"{model.Name}.{plan.Name}",
            },
            Threads = plan.Threads,
        });
    }

    private IEnumerable<ProcessPlan> Generated(Fields fields, ProcessPlan model, int count)
    {
        if (fields.Find("format") is { } format)
        {
            throw format.Error("`format` goes with `trace` only");
        }

        int threads = (int)fields.Whole("threads", 1, MostThreads, 1);
        ScenarioNode phases = fields.Required("phases");
        var binder = new PhaseBinder(_zipfs, platform.HighestUserAddress(model.LargeAddressAware), platform.Is64Bit, model.IsSystem ? QuotaOf : null) { Sections = Sections.Known, Devices = Devices, Threads = threads };
        (Phase first, Phase others) = binder.Bind(fields.Items("phases"), phases.Place);
        Phase[] each = [.. Enumerable.Range(0, threads).Select(thread => thread == 0 ? first : binder.HasStacks ? OfThread(thread) : others)];
        Phase OfThread(int thread) =>
            new PhaseBinder(_zipfs, platform.HighestUserAddress(model.LargeAddressAware), platform.Is64Bit, model.IsSystem ? QuotaOf : null) { Sections = Sections.Known, Devices = Devices, Threads = threads, Thread = thread }
                .Bind(fields.Items("phases"), phases.Place).Others;
        int index = _plans.Count;
        for (int i = 0; i < count; i++)
        {
            var programs = new IProgram[threads];
            for (int thread = 0; thread < threads; thread++)
            {
                programs[thread] = new GeneratedProgram(each[thread], seed, index + i, thread);
            }

            if (model.Replacement == Replacement.Opt)
            {
                programs = [.. programs.Select(program => Foreseen(program, phases))];
            }

            yield return model with { Name = count == 1 ? model.Name : Named(model.Name, i), Threads = programs };
        }
    }

    private static ForeseenTrace Foreseen(IProgram program, ScenarioNode phases)
    {
        if (program is not GeneratedProgram { Length: <= TraceFile.MostInMemory } generated)
        {
            throw phases.Error("optimal replacement needs the whole future in memory; these phases have more than 2^26 operations");
        }

        var operations = new Operation[generated.Length];
        for (int at = 0; at < operations.Length;)
        {
            ReadOnlySpan<Operation> read = generated.Read(at, operations.AsSpan(at));
            at += read.Length;
        }

        return new InMemoryTrace(operations).WithForesight();
    }

    public static WorkingSetLimits WorkingSet(ScenarioNode node)
    {
        var fields = new Fields(node, "workingSet", ScenarioKeys.WorkingSet);
        var limits = new WorkingSetLimits();
        int maximum = (int)fields.Pages("max", 1, int.MaxValue, (ulong)limits.Maximum);
        int minimum = (int)fields.Pages("min", 1, int.MaxValue, (ulong)Math.Min(limits.Minimum, maximum));
        return minimum <= maximum
            ? new WorkingSetLimits(minimum, maximum, fields.Truth("hardMax", false), fields.Truth("hardMin", false))
            : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"the minimum of {minimum} pages is more than the maximum of {maximum}"));
    }

    private static string Named(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}-{index + 1}");

    private static readonly SortedDictionary<string, SystemMapping> _mappings = new(StringComparer.Ordinal)
    {
        ["shared"] = SystemMapping.Shared,
        ["separate"] = SystemMapping.Separate,
    };

    private static readonly SortedDictionary<string, TraceFormat> _formats =
        new(Enum.GetValues<TraceFormat>().ToDictionary(TraceFormats.NameOf, StringComparer.Ordinal), StringComparer.Ordinal);
}
