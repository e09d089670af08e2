using System.Runtime.InteropServices;

namespace ActorVmm.Workloads.Traces;

/// <summary>One thread of a traced process, numbered as the trace does.</summary>
internal readonly record struct TraceThreadKey(uint Process, uint Thread);

/// <summary>A process met in a trace.</summary>
internal sealed class TracedProcess(uint number, Footprint footprint)
{
    public uint Number { get; } = number;

    public string? Name { get; set; }

    public Footprint Footprint { get; } = footprint;

    public List<TracedThread> Threads { get; } = [];

    /// <summary>Pages that its own calls commit, never less what they decommit.</summary>
    public UInt128 CommittedPages { get; set; }
}

/// <summary>A thread met in a trace.</summary>
internal sealed class TracedThread(TraceThreadKey key, TracedProcess process, OperationSink sink)
{
    public TraceThreadKey Key { get; } = key;

    public TracedProcess Process { get; } = process;

    public OperationSink Sink { get; } = sink;

    /// <summary>Time of its latest line, in nanoseconds of the trace.</summary>
    public ulong Time { get; set; }
}

/// <summary>The processes and threads met so far, in order of appearance.</summary>
internal sealed class TraceThreads(Func<TraceThreadKey, OperationSink> sinkOf, TraceSections sections)
{
    private readonly Dictionary<TraceThreadKey, TracedThread> _threads = [];
    private readonly Dictionary<uint, TracedProcess> _byNumber = [];

    public List<TracedProcess> Processes { get; } = [];

    /// <summary>What they map.</summary>
    public TraceSections Sections { get; } = sections;

    public int Count => _threads.Count;

    public TracedThread Find(TraceThreadKey key)
    {
        ref TracedThread? thread = ref CollectionsMarshal.GetValueRefOrAddDefault(_threads, key, out bool known);
        if (!known)
        {
            if (!_byNumber.TryGetValue(key.Process, out TracedProcess? process))
            {
                process = new TracedProcess(key.Process, new Footprint());
                _byNumber.Add(key.Process, process);
                Processes.Add(process);
            }

            thread = new TracedThread(key, process, sinkOf(key));
            process.Threads.Add(thread);
        }

        return thread!;
    }
}
