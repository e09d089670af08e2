using System.Globalization;
using ActorVmm.Kernel;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>How what a view is asked for is read. As in the debugger, frames and addresses are hexadecimal.</summary>
public static class ViewArguments
{
    private const int MostSuggested = 5;

    public static Pfn Frame(string text, SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (!TryHex(text, out ulong number))
        {
            throw new ViewException($"a frame is a hexadecimal number, not \"{text}\"", malformed: true);
        }

        return number < machine.Plan.Frames
            ? new Pfn((uint)number)
            : throw new ViewException(FormattableString.Invariant($"there is no frame {number:x}: this machine has frames 0 to {machine.Plan.Frames - 1:x}"));
    }

    public static VirtualAddress Address(string text) =>
        TryHex(text, out ulong address) && new VirtualAddress(address).IsCanonical
            ? new VirtualAddress(address)
            : throw new ViewException($"an address is a hexadecimal number with bits 63 to 48 like bit 47, not \"{text}\"", malformed: true);

    /// <summary>A process by serial number, by name, or by both as views print them (editor-1#4); the first of several alike.</summary>
    public static Process Process(string text, SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(machine);
        string number = text[(text.LastIndexOf('#') + 1)..];
        if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int serial) && serial < machine.Processes.Count)
        {
            return machine.Processes[serial];
        }

        Process? named = machine.Processes.FirstOrDefault(process => string.Equals(process.Plan.Name, text, StringComparison.OrdinalIgnoreCase));
        return named ?? throw new ViewException(machine.Processes.Count == 0
            ? "no process has been started yet"
            : $"there is no process \"{text}\" yet; there are {Some(machine)}");
    }

    private static string Some(SimulatedMachine machine)
    {
        IEnumerable<string> names = machine.Processes.Select(process => process.Plan.Name).Distinct(StringComparer.Ordinal);
        return string.Join(", ", names.Take(MostSuggested)) + FormattableString.Invariant($", numbers 0 to {machine.Processes.Count - 1}");
    }

    private static bool TryHex(string text, out ulong value)
    {
        string digits = text.Replace("`", "", StringComparison.Ordinal);
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
