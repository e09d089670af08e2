using System.Text;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>Steps that map, flush and unmap views of sections.</summary>
internal sealed partial class VmtParser
{
    private const ulong GranularityMask = PageSize.GranularityBytes - 1;

    /// <summary>Takes a step that is about a view; false when it is another.</summary>
    private bool TryView(TracedThread thread, ReadOnlySpan<byte> step, ReadOnlySpan<byte> content, ReadOnlySpan<byte> line)
    {
        if (step.SequenceEqual("map"u8))
        {
            Map(thread, content, line);
        }
        else if (step.SequenceEqual("unmap"u8))
        {
            thread.Sink.Add(new Operation(OperationKind.UnmapView, Number(Word(content), "an address", line)));
        }
        else if (step.SequenceEqual("flush"u8))
        {
            ulong address = Number(Word(content), "an address", line);
            ReadOnlySpan<byte> bytes = Word(content);
            thread.Sink.Add(new Operation(OperationKind.FlushView, address, bytes.IsEmpty ? 0 : Bytes(bytes, line)));
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Map(TracedThread thread, ReadOnlySpan<byte> content, ReadOnlySpan<byte> line)
    {
        ulong address = Granule(Word(content), "an address", line);
        ReadOnlySpan<byte> length = Word(content);
        ulong pages = PageSize.PagesOf(Bytes(length, line));
        if (pages > ViewOperation.MostPages)
        {
            throw Error(WordStart(content, length), "a view has less than 32 GiB", line);
        }

        ReadOnlySpan<byte> section = Word(content);
        int named = WordStart(content, section);
        if (section.IsEmpty || !char.IsAsciiLetter((char)section[0]) || section.Length > LongestName)
        {
            throw Error(named, "expected the name of a section: a letter, and up to 63 bytes more", line);
        }

        ReadOnlySpan<byte> word = Word(content);
        ulong offset = 0;
        if (word is [>= (byte)'0' and <= (byte)'9', ..])
        {
            offset = Granule(word, "an offset", line);
            if (offset > ViewOperation.MostOffset)
            {
                throw Error(WordStart(content, word), "a view begins less than 256 GiB into its section", line);
            }

            word = Word(content);
        }

        PageProtection protection = PageProtection.ReadWrite;
        if (!word.IsEmpty && !ProtectionText.TryParse(Encoding.ASCII.GetString(word), out protection))
        {
            throw Error(WordStart(content, word), "expected an offset or a protection: " + ProtectionText.Names, line);
        }

        uint number = Threads.Sections.Find(Encoding.UTF8.GetString(section), (offset >> PageSize.Shift) + pages);
        thread.Sink.Add(number > 0
            ? new ViewOperation(address, number, offset, pages).With(protection)
            : throw Error(named, "more than 65,535 sections", line));
    }

    private ulong Granule(ReadOnlySpan<byte> word, string what, ReadOnlySpan<byte> line)
    {
        ulong value = Number(word, what, line);
        return (value & GranularityMask) == 0 ? value : throw Error(WordStart(line, word), "views begin at multiples of 64 KB, in the process and in the section", line);
    }
}
