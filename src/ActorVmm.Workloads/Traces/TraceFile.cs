using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// A trace, read once: what is known about it, and the processes that run it. Traces of up to <see cref="MostInMemory"/>
/// operations stay in memory and are shared by all processes that run them; longer ones are read again while they run.
/// <para>
/// `lackey` and `refs` traces say nothing about allocations, so each of their programs starts by reserving and committing,
/// execute-read-write, the 64 KB granules that it touches, one call for each run of neighbours.
/// </para>
/// </summary>
public sealed class TraceFile : IDisposable
{
    /// <summary>Most operations kept in memory: 1 GiB.</summary>
    public const long MostInMemory = 1L << 26;

    private readonly TraceSections _sections;
    private readonly List<TracedProcess> _processes;
    private readonly Func<TraceInput> _open;
    private readonly Dictionary<OperationList, InMemoryTrace> _programs = [];
    private readonly Dictionary<OperationList, ForeseenTrace> _foreseen = [];
    private readonly List<StreamedTrace> _streams = [];

    private TraceFile(TraceInfo info, List<TracedProcess> processes, TraceSections sections, Func<TraceInput> open)
    {
        Info = info;
        _sections = sections;
        _processes = processes;
        _open = open;
    }

    public TraceInfo Info { get; }

    /// <summary>The sections that its processes map, in the order of their numbers.</summary>
    public IReadOnlyList<SectionPlan> Sections => _sections.Plans;

    /// <summary>Reads a trace from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">What it is written in.</param>
    /// <param name="mostInMemory">From how many operations on it is streamed.</param>
    /// <param name="sections">The sections that there are, which it may add to.</param>
    /// <exception cref="InputException">It cannot be read, or is not what it should be; says where.</exception>
    public static TraceFile Open(string path, TraceFormat format = TraceFormat.Auto, long mostInMemory = MostInMemory, TraceSections? sections = null) =>
        Open(path, () => TraceInput.Open(path), format, mostInMemory, sections ?? new TraceSections([]), again: true);

    /// <summary>Reads a trace from a stream that cannot be read again, such as standard input.</summary>
    /// <exception cref="InputException">As for files; also when it is too long for memory.</exception>
    public static TraceFile Open(Stream stream, string name, TraceFormat format = TraceFormat.Auto, long mostInMemory = MostInMemory) =>
        Open(name, () => TraceInput.Of(stream, name), format, mostInMemory, new TraceSections([]), again: false);

    /// <summary>The processes of the trace, <paramref name="copies"/> times, each with its own name.</summary>
    /// <param name="copies">How many times the whole trace runs at once.</param>
    /// <param name="foresight">Whether the programs know their future, as <see cref="Replacement.Opt"/> needs.</param>
    /// <exception cref="InputException">Foresight is asked of a trace that is too long for memory.</exception>
    public IReadOnlyList<ProcessPlan> CreateProcesses(int copies = 1, bool foresight = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        if (foresight && Info.Streamed)
        {
            throw new InputException(
                new Place(Info.Path),
                FormattableString.Invariant($"optimal replacement needs the future in memory: {Info.Operations} operations, at most {MostInMemory}"));
        }

        Operation[][] prologues = [.. _processes.Select(PrologueOf)];
        var plans = new List<ProcessPlan>();
        for (int copy = 1; copy <= copies; copy++)
        {
            foreach ((int index, TracedProcess process) in _processes.Index())
            {
                string stem = Stem(Info.Path);
                string name = process.Name ?? (_processes.Count == 1 ? stem : FormattableString.Invariant($"{stem}.{process.Number}"));
                plans.Add(new ProcessPlan(
                    copies == 1 ? name : FormattableString.Invariant($"{name}-{copy}"),
                    [.. process.Threads.Select(thread => ProgramOf(thread, prologues[index], foresight))]));
            }
        }

        return plans;
    }

    public void Dispose() => _streams.ForEach(stream => stream.Dispose());

    private static TraceFile Open(string name, Func<TraceInput> open, TraceFormat format, long mostInMemory, TraceSections sections, bool again)
    {
        var budget = new OperationBudget(mostInMemory);
        var counts = new OperationCounts();
        var lists = new List<OperationList>();
        OperationSink NewList(TraceThreadKey key)
        {
            var list = new OperationList(budget, counts);
            lists.Add(list);
            return list;
        }

        using TraceInput input = open();
        var threads = new TraceThreads(NewList, sections);
        (TraceFormat found, TraceParser parser) = TraceReader.ReadAll(input, format, threads);
        lists.ForEach(list => list.Finish());
        if (budget.Exceeded && !again)
        {
            throw new InputException(
                new Place(name),
                FormattableString.Invariant($"more than {mostInMemory} operations cannot come from a stream; store the trace in a file"));
        }

        var info = new TraceInfo
        {
            Path = name,
            Format = found,
            Compressed = input.Compressed,
            Sha256 = input.Finish(),
            FileBytes = input.FileBytes,
            Bytes = input.Bytes,
            Lines = parser.Line - 1,
            Reads = counts[OperationKind.Read],
            Writes = counts[OperationKind.Write],
            Executes = counts[OperationKind.Execute],
            Calls = counts.Calls,
            Pages = threads.Processes.Sum(process => process.Footprint.Pages),
            CommittedPages = (long)UInt128.Min(long.MaxValue, threads.Processes.Aggregate(UInt128.Zero, (sum, process) =>
                sum + (found == TraceFormat.Vmt ? process.CommittedPages : (ulong)process.Footprint.GranulePages))),
            Processes = threads.Processes.Count,
            Threads = threads.Count,
            Ignored = parser.Ignored,
            Streamed = budget.Exceeded,
        };
        return info.Operations > 0
            ? new TraceFile(info, threads.Processes, sections, open)
            : throw new InputException(new Place(name, info.Lines), "the trace holds no operation");
    }

    private static string Stem(string path)
    {
        string name = Path.GetFileName(path);
        int point = name.IndexOf('.', StringComparison.Ordinal);
        return name is "" or "-" ? "trace" : point > 0 ? name[..point] : name;
    }

    private Operation[] PrologueOf(TracedProcess process) => Info.Format switch
    {
        TraceFormat.Refs or TraceFormat.Lackey => process.Footprint.ReserveAndCommit(),
        TraceFormat.Auto or TraceFormat.Vmt or TraceFormat.Strace or TraceFormat.Perf or TraceFormat.Xperf or TraceFormat.Drmemtrace => [],
    };

    private IProgram ProgramOf(TracedThread thread, Operation[] prologue, bool foresight)
    {
        if (Info.Streamed)
        {
            var stream = new StreamedTrace(_open, Info.Format, thread.Key, prologue, _sections);
            _streams.Add(stream);
            return stream;
        }

        var list = (OperationList)thread.Sink;
        if (!_programs.TryGetValue(list, out InMemoryTrace? program))
        {
            _programs.Add(list, program = list.ToTrace(prologue));
        }

        if (!foresight)
        {
            return program;
        }

        if (!_foreseen.TryGetValue(list, out ForeseenTrace? foreseen))
        {
            _foreseen.Add(list, foreseen = program.WithForesight());
        }

        return foreseen;
    }
}
