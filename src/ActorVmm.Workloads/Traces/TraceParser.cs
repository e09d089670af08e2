using System.Runtime.InteropServices;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// Turns the bytes of a trace into operations. It is handed the input in blocks and keeps no more than one block: memory is
/// bounded on a trace of any length.
/// </summary>
internal abstract class TraceParser(string file, TraceThreads threads)
{
    private readonly SortedDictionary<string, long> _ignored = new(StringComparer.Ordinal);

    /// <summary>The line being read, from 1.</summary>
    public long Line { get; protected set; } = 1;

    /// <summary>What was passed over, by reason.</summary>
    public IReadOnlyDictionary<string, long> Ignored => _ignored;

    protected TraceThreads Threads { get; } = threads;

    protected string File { get; } = file;

    /// <summary>Takes as much of <paramref name="block"/> as is complete and says how many bytes that was; everything when it is the last one.</summary>
    public abstract int Parse(ReadOnlySpan<byte> block, bool last);

    protected void Ignore(string reason)
    {
        _ignored.TryGetValue(reason, out long count);
        _ignored[reason] = count + 1;
    }

    /// <summary>Refuses the input at a column (from 1) of the current line.</summary>
    protected InputException Error(int column, string sentence, ReadOnlySpan<byte> text) =>
        new(new Place(File, Line, column), sentence, InputException.Clip(text));

    /// <summary>Whether a program may touch all of these bytes.</summary>
    protected static bool IsUserMemory(ulong address, ulong bytes) =>
        address >= VirtualAddress.LowestUser.Value
        && address <= VirtualAddress.HighestUser.Value
        && bytes - 1 <= VirtualAddress.HighestUser.Value - address;
}

/// <summary>A parser of formats whose unit is the line.</summary>
internal abstract class LineParser(string file, TraceThreads threads) : TraceParser(file, threads)
{
    /// <summary>Longest line taken; what is longer is no trace.</summary>
    private const int LongestLine = 1 << 16;

    public sealed override int Parse(ReadOnlySpan<byte> block, bool last)
    {
        int at = 0;
        while (at < block.Length)
        {
            ReadOnlySpan<byte> rest = block[at..];
            int length = rest.IndexOf((byte)'\n');
            if (length < 0)
            {
                if (rest.Length > LongestLine)
                {
                    throw Error(LongestLine, "a line is longer than 65,536 bytes", rest);
                }

                if (!last)
                {
                    return at;
                }

                length = rest.Length;
            }

            ReadOnlySpan<byte> line = rest[..length];
            Take(line is [.., (byte)'\r'] ? line[..^1] : line);
            Line++;
            at += length + 1;
        }

        return block.Length;
    }

    protected abstract void Take(ReadOnlySpan<byte> line);
}
