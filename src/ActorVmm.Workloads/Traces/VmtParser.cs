using System.Text;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// Our own format, for people to write and for importers to produce. One line is one step of one thread:
/// <code>
/// line      = [ time SP thread SP step ] [ "#" comment ]
/// time      = µs since the trace began, decimal, with up to three decimals; never falls within a thread
/// thread    = process "." thread, two decimal numbers up to 4,294,967,295, in any order of appearance
/// step      = "start" [ name ]                      names the process; starts the thread
///           | ( "r" | "w" | "x" ) address [ bytes ] reads, writes, executes (1 byte when none are given)
///           | "reserve"  address bytes [ protection ]   NtAllocateVirtualMemory with MEM_RESERVE, readwrite by default
///           | "commit"   address bytes [ protection ]   with MEM_COMMIT, inside a reservation
///           | "protect"  address bytes protection       NtProtectVirtualMemory
///           | "decommit" address bytes                  NtFreeVirtualMemory with MEM_DECOMMIT
///           | "release"  address [ bytes ]              with MEM_RELEASE; the whole reservation when none are given
///           | "stack"    address bytes                  the thread's stack: its limit, and the bytes up to its base
///           | "map"      address bytes section [ offset ] [ protection ]   NtMapViewOfSection, readwrite by default; 0 leaves the place to the system
///           | "unmap"    address                        NtUnmapViewOfSection
///           | "flush"    address [ bytes ]              NtFlushVirtualMemory; up to the end of the view when none are given
///           | "exit"                                    the process exits
/// address   = "0x" hexadecimal | decimal
/// bytes     = "0x" hexadecimal | decimal, 1 to 2^45 − 1
/// protection= noaccess readonly readwrite writecopy execute executeread executereadwrite executewritecopy,
///             or r rw wc x rx rwx; with +guard, +nocache, +writecombine
/// </code>
/// section   = a word that begins with a letter: a section of the scenario, or else memory backed by paging files, made for the trace and as long
///             as its furthest view reaches; every process that names it maps the same
/// offset    = as bytes; like the address a multiple of 64 KB
/// Words are separated by blanks or tabs. A thread sleeps through the time between two of its lines, the first time from 0.
/// Memory is exactly what the trace reserves, commits and maps: an access outside it is an access violation, as it would have been.
/// </summary>
internal sealed partial class VmtParser(string file, TraceThreads threads) : LineParser(file, threads)
{
    private const int MostThreads = 1 << 20;
    private const ulong LongestTime = 1UL << 62;
    private const int LongestName = 64;

    private int _at;

    protected override void Take(ReadOnlySpan<byte> line)
    {
        int comment = line.IndexOf((byte)'#');
        ReadOnlySpan<byte> content = comment < 0 ? line : line[..comment];
        _at = 0;
        ReadOnlySpan<byte> first = Word(content);
        if (first.IsEmpty)
        {
            Ignore(comment < 0 ? "empty line" : "comment");
            return;
        }

        ulong time = Time(first, line);
        TracedThread thread = Thread(Word(content), line);
        if (time < thread.Time)
        {
            throw Error(1, "time runs backwards within a thread", line);
        }

        Sleep(thread, time);
        Step(thread, Word(content), content, line);
        ReadOnlySpan<byte> more = Word(content);
        if (!more.IsEmpty)
        {
            throw Error(WordStart(content, more), "more words than the step takes", line);
        }
    }

    private static void Sleep(TracedThread thread, ulong time)
    {
        for (ulong gap = time - thread.Time; gap > 0;)
        {
            ulong ticks = Math.Min(gap, Operation.MaxArgument);
            thread.Sink.Add(new Operation(OperationKind.Idle, 0, ticks));
            gap -= ticks;
        }

        thread.Time = time;
    }

    private void Step(TracedThread thread, ReadOnlySpan<byte> step, ReadOnlySpan<byte> content, ReadOnlySpan<byte> line)
    {
        int column = _at - step.Length + 1;
        switch (step)
        {
            case [(byte)'r']:
                Access(thread, OperationKind.Read, content, line);
                return;
            case [(byte)'w']:
                Access(thread, OperationKind.Write, content, line);
                return;
            case [(byte)'x']:
                Access(thread, OperationKind.Execute, content, line);
                return;
        }

        if (step.SequenceEqual("start"u8))
        {
            ReadOnlySpan<byte> name = Word(content);
            if (name.Length > LongestName)
            {
                throw Error(_at - name.Length + 1, "a process name has at most 64 bytes", line);
            }

            thread.Process.Name = name.IsEmpty ? thread.Process.Name : InputException.Clip(name);
        }
        else if (step.SequenceEqual("exit"u8))
        {
            thread.Sink.Add(new Operation(OperationKind.Exit, 0));
        }
        else if (step.SequenceEqual("reserve"u8))
        {
            Call(thread, OperationKind.Reserve, content, line, protection: true, required: false);
        }
        else if (step.SequenceEqual("commit"u8))
        {
            Call(thread, OperationKind.Commit, content, line, protection: true, required: false);
        }
        else if (step.SequenceEqual("protect"u8))
        {
            Call(thread, OperationKind.Protect, content, line, protection: true, required: true);
        }
        else if (step.SequenceEqual("decommit"u8))
        {
            Call(thread, OperationKind.Decommit, content, line, protection: false, required: false);
        }
        else if (step.SequenceEqual("stack"u8))
        {
            Call(thread, OperationKind.SetStack, content, line, protection: false, required: false);
        }
        else if (step.SequenceEqual("release"u8))
        {
            ulong address = Number(Word(content), "an address", line);
            ReadOnlySpan<byte> bytes = Word(content);
            thread.Sink.Add(new Operation(OperationKind.Release, address, bytes.IsEmpty ? 0 : Bytes(bytes, line)));
        }
        else if (!TryView(thread, step, content, line))
        {
            throw Error(
                step.IsEmpty ? WordStart(content) : column,
                "expected start, reserve, commit, r, w, x, protect, decommit, release, map, unmap, flush, stack or exit",
                line);
        }
    }

    private void Access(TracedThread thread, OperationKind kind, ReadOnlySpan<byte> content, ReadOnlySpan<byte> line)
    {
        ulong address = Number(Word(content), "an address", line);
        ReadOnlySpan<byte> word = Word(content);
        ulong bytes = word.IsEmpty ? 1 : Bytes(word, line);
        if (address + (UInt128)bytes > ulong.MaxValue)
        {
            throw Error(1, "the access runs past the end of the address space", line);
        }

        for (ulong end = address + bytes; address < end;)
        {
            ulong page = address >> PageSize.Shift;
            ulong next = page == end >> PageSize.Shift ? end : (page + 1) << PageSize.Shift;
            thread.Process.Footprint.Touch(page);
            thread.Sink.Add(new Operation(kind, address, next - address));
            address = next;
        }
    }

    private void Call(
        TracedThread thread, OperationKind kind, ReadOnlySpan<byte> content, ReadOnlySpan<byte> line, bool protection, bool required)
    {
        ulong address = Number(Word(content), "an address", line);
        ulong bytes = Bytes(Word(content), line);
        PageProtection value = PageProtection.None;
        if (protection)
        {
            ReadOnlySpan<byte> word = Word(content);
            value = PageProtection.ReadWrite;
            if ((required || !word.IsEmpty) && !ProtectionText.TryParse(Encoding.ASCII.GetString(word), out value))
            {
                throw Error(WordStart(content, word), "expected a protection: " + ProtectionText.Names, line);
            }
        }

        thread.Sink.Add(new Operation(kind, address, bytes, value));
        if (kind == OperationKind.Commit)
        {
            thread.Process.CommittedPages += PageSize.PagesOf(bytes) + 1;
        }
    }

    private ulong Time(ReadOnlySpan<byte> word, ReadOnlySpan<byte> line)
    {
        int point = word.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? word : word[..point];
        ReadOnlySpan<byte> decimals = point < 0 ? default : word[(point + 1)..];
        ulong part = 0;
        if (!TryDecimal(whole, out ulong microseconds)
            || microseconds > LongestTime / 1000
            || decimals.Length > 3
            || (point >= 0 && !TryDecimal(decimals, out part)))
        {
            throw Error(WordStart(line, word), "expected a time in µs with at most three decimals", line);
        }

        for (int i = decimals.Length; i < 3; i++)
        {
            part *= 10;
        }

        return (microseconds * 1000) + part;
    }

    private TracedThread Thread(ReadOnlySpan<byte> word, ReadOnlySpan<byte> line)
    {
        int point = word.IndexOf((byte)'.');
        if (point < 0
            || !TryDecimal(word[..point], out ulong process) || process > uint.MaxValue
            || !TryDecimal(word[(point + 1)..], out ulong thread) || thread > uint.MaxValue)
        {
            throw Error(WordStart(line, word), "expected a process and a thread number, such as 1.1", line);
        }

        TracedThread found = Threads.Find(new TraceThreadKey((uint)process, (uint)thread));
        return Threads.Count <= MostThreads ? found : throw Error(WordStart(line, word), "more than 1,048,576 threads", line);
    }

    private ulong Bytes(ReadOnlySpan<byte> word, ReadOnlySpan<byte> line)
    {
        ulong bytes = Number(word, "a number of bytes", line);
        return bytes is > 0 and <= Operation.MaxArgument
            ? bytes
            : throw Error(WordStart(line, word), "expected 1 to 35,184,372,088,831 bytes", line);
    }

    private ulong Number(ReadOnlySpan<byte> word, string what, ReadOnlySpan<byte> line)
    {
        bool hexadecimal = word is [(byte)'0', (byte)'x' or (byte)'X', ..];
        ulong value;
        if (hexadecimal ? TryHexadecimal(word[2..], out value) : TryDecimal(word, out value))
        {
            return value;
        }

        throw Error(WordStart(line, word), $"expected {what}, decimal or with 0x, below 2^64", line);
    }

    private static bool TryDecimal(ReadOnlySpan<byte> word, out ulong value)
    {
        value = 0;
        foreach (byte letter in word)
        {
            uint digit = unchecked((uint)(letter - '0'));
            if (digit > 9 || value > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return !word.IsEmpty;
    }

    private static bool TryHexadecimal(ReadOnlySpan<byte> word, out ulong value)
    {
        value = 0;
        foreach (byte letter in word)
        {
            if (!char.IsAsciiHexDigit((char)letter))
            {
                return false;
            }

            value = (value << 4) | (uint)(letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10);
        }

        return word.Length is > 0 and <= 16;
    }

    /// <summary>The next word of the line; empty at its end.</summary>
    private ReadOnlySpan<byte> Word(ReadOnlySpan<byte> line)
    {
        while (_at < line.Length && line[_at] is (byte)' ' or (byte)'\t')
        {
            _at++;
        }

        int start = _at;
        while (_at < line.Length && line[_at] is not ((byte)' ' or (byte)'\t'))
        {
            _at++;
        }

        return line[start.._at];
    }

    /// <summary>Column of the word read last.</summary>
    private int WordStart(ReadOnlySpan<byte> line, ReadOnlySpan<byte> word = default) =>
        Math.Min(_at - word.Length, line.Length) + 1;
}
