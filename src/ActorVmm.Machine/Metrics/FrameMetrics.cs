using System.Globalization;
using ActorVmm.Kernel;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Metrics;

/// <summary>Which frames addresses are in when a run has ended; −1 for an address that is in none.</summary>
internal static class FrameMetrics
{
    /// <summary>The frame of an address.</summary>
    public static double Frame(Process process, ulong address)
    {
        if (process.State == ProcessState.Gone)
        {
            return -1;
        }

        Pte entry = process.Walk(new VirtualAddress(address).Page).Steps[^1].Entry;
        return entry.IsValid ? entry.Pfn.Value : -1;
    }

    /// <summary>How many pages from an address on lie in frames one after the other; 1 when the next page is somewhere else, 0 when the first is nowhere.</summary>
    public static double Run(Process process, ulong address)
    {
        double first = Frame(process, address);
        int pages = 0;
        while (first >= 0 && Frame(process, address + ((ulong)pages << PageSize.Shift)).CompareTo(first + pages) == 0)
        {
            pages++;
        }

        return pages;
    }

    /// <summary>Eight bytes at an address, as a number.</summary>
    public static double Word(SimulatedMachine machine, Process process, ulong address)
    {
        double frame = Frame(process, address);
        int offset = (int)(address % PageSize.Bytes);
        return frame < 0 ? -1 : machine.Contents.Bytes.Read((int)frame, offset, Math.Min(sizeof(ulong), PageSize.Bytes - offset));
    }

    /// <summary>A process's name and an address, as `notepad,7ff793950000`.</summary>
    public static bool TryPlace(SimulatedMachine machine, string text, out Process process, out ulong address)
    {
        string[] words = text.Split(',');
        process = machine.Processes.FirstOrDefault(candidate => string.Equals(candidate.Plan.Name, words[0], StringComparison.Ordinal))!;
        string digits = words.Length == 2 ? words[1].Replace("'", "", StringComparison.Ordinal) : "";
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address) && process is not null;
    }
}
