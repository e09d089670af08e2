namespace ActorVmm.Workloads.Traces;

/// <summary>What is known about a trace after reading it once.</summary>
public sealed record TraceInfo
{
    /// <summary>As it was asked for; `-` for standard input.</summary>
    public required string Path { get; init; }

    public required TraceFormat Format { get; init; }

    /// <summary>Whether the file is packed with gzip.</summary>
    public required bool Compressed { get; init; }

    /// <summary>SHA-256 of the file as it is (packed, if it is), 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Bytes of the trace, unpacked.</summary>
    public required long Bytes { get; init; }

    public required long Lines { get; init; }

    public required long Reads { get; init; }

    public required long Writes { get; init; }

    public required long Executes { get; init; }

    /// <summary>Accesses to a page each.</summary>
    public long Accesses => Reads + Writes + Executes;

    /// <summary>Memory calls, pauses and exits that stand in the trace.</summary>
    public required long Calls { get; init; }

    /// <summary>Operations that stand in the trace: accesses and calls.</summary>
    public long Operations => Accesses + Calls;

    /// <summary>Different pages touched, summed over the processes.</summary>
    public required long Pages { get; init; }

    /// <summary>
    /// Pages that one copy of the trace commits, summed over the processes: what `vmt` traces ask for in all, the 64 KB granules
    /// that others touch.
    /// </summary>
    public required long CommittedPages { get; init; }

    public required int Processes { get; init; }

    public required int Threads { get; init; }

    /// <summary>What was passed over, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Ignored { get; init; }

    /// <summary>Whether it is too long for memory and read again while it runs.</summary>
    public required bool Streamed { get; init; }
}
