using System.Runtime.CompilerServices;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// valgrind's lackey: `I  0401ab70,3` fetches three bytes of instruction, ` L a,n` loads, ` S a,n` stores, ` M a,n` loads and
/// then stores; addresses hexadecimal, sizes decimal. Lines that start with `==`, `--` or `**` are valgrind's talk. An access
/// that straddles touches each page in turn; a modification loads all of it before it stores any.
/// </summary>
internal sealed class LackeyParser : LineParser
{
    /// <summary>Most bytes in one access; no instruction of the traced machines moves more than 8 KB (AMX tiles).</summary>
    private const uint LargestAccess = 65_536;

    private readonly OperationSink _sink;
    private readonly Footprint _footprint;

    public LackeyParser(string file, TraceThreads threads)
        : base(file, threads)
    {
        TracedThread thread = threads.Find(new TraceThreadKey(1, 1));
        _sink = thread.Sink;
        _footprint = thread.Process.Footprint;
    }

    protected override void Take(ReadOnlySpan<byte> line)
    {
        if (line.Length < 5 || line[2] != ' ')
        {
            TakeTalk(line);
            return;
        }

        // Both letters at once: "I ", " S", " L", " M".
        int letters = (line[0] << 8) | line[1];
        OperationKind kind;
        switch (letters)
        {
            case ('I' << 8) | ' ': kind = OperationKind.Execute; break;
            case (' ' << 8) | 'L': kind = OperationKind.Read; break;
            case (' ' << 8) | 'S': kind = OperationKind.Write; break;
            case (' ' << 8) | 'M': kind = OperationKind.Read; break;
            default: TakeTalk(line); return;
        }

        ulong address = 0;
        int at = 3;
        for (; at < line.Length; at++)
        {
            int digit = HexDigit(line[at]);
            if (digit < 0)
            {
                break;
            }

            address = unchecked((address << 4) | (uint)digit);
        }

        if (at == 3 || at > 19 || at + 1 >= line.Length || line[at] != ',')
        {
            throw Error(at + 1, at == line.Length ? "the line ends inside an access" : "expected a hexadecimal address, a comma and a size", line);
        }

        int sizeAt = ++at;
        uint size = 0;
        for (; at < line.Length && line[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            size = size > LargestAccess ? size : (size * 10) + (uint)(line[at] - '0');
        }

        if (at < line.Length || size is 0 or > LargestAccess)
        {
            throw Error(at < line.Length ? at + 1 : sizeAt + 1, "expected a size from 1 to 65,536 bytes and the end of the line", line);
        }

        if (!IsUserMemory(address, size))
        {
            throw Error(4, "the address lies outside user memory, 0x10000 to 0x7ffffffeffff", line);
        }

        Touch(kind, address, size);
        if (letters == ((' ' << 8) | 'M'))
        {
            Touch(OperationKind.Write, address, size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HexDigit(byte value)
    {
        unchecked
        {
            uint digit = (uint)(value - '0');
            if (digit <= 9)
            {
                return (int)digit;
            }

            uint letter = (uint)((value | 0x20) - 'a');
            return letter <= 5 ? (int)letter + 10 : -1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(OperationKind kind, ulong address, uint size)
    {
        unchecked
        {
            ulong page = address >> PageSize.Shift;
            ulong lastPage = (address + size - 1) >> PageSize.Shift;
            _footprint.Touch(page);
            if (page == lastPage)
            {
                _sink.Add(new Operation(kind, address, size));
                return;
            }

            Straddle(kind, address, size);
        }
    }

    private void Straddle(OperationKind kind, ulong address, uint size)
    {
        ulong end = address + size;
        while (address < end)
        {
            ulong next = Math.Min(end, ((address >> PageSize.Shift) + 1) << PageSize.Shift);
            _footprint.Touch(address >> PageSize.Shift);
            _sink.Add(new Operation(kind, address, next - address));
            address = next;
        }
    }

    private void TakeTalk(ReadOnlySpan<byte> line)
    {
        switch (line)
        {
            case []:
                Ignore("empty line");
                return;
            case [(byte)'=', (byte)'=', ..] or [(byte)'-', (byte)'-', ..] or [(byte)'*', (byte)'*', ..]:
                Ignore("talk of valgrind");
                return;
            default:
                throw Error(1, "expected `I  address,size`, ` L address,size`, ` S address,size` or ` M address,size`", line);
        }
    }
}
