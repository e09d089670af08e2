using System.Globalization;
using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Explaining;

/// <summary>An error code as <c>explain</c> takes it: <c>0xC0000005</c>, <c>STATUS_ACCESS_VIOLATION</c>, <c>0x4E</c>, <c>PFN_LIST_CORRUPT</c>.</summary>
/// <param name="Kind">status or bugCheck.</param>
/// <param name="Number">Its number.</param>
/// <param name="Name">What Windows calls it.</param>
/// <param name="When">When it occurs.</param>
/// <param name="Places">Files under <c>src</c> that give it.</param>
internal sealed record ErrorCode(string Kind, uint Number, string Name, string When, IReadOnlyList<string> Places)
{
    private const string HexadecimalPrefix = "0x";

    /// <summary>Whether an argument looks like a code and not like a run.</summary>
    public static bool Is(string argument) => argument.StartsWith(HexadecimalPrefix, StringComparison.OrdinalIgnoreCase) || Named(argument) is not null;

    /// <summary>Reads a number or a name.</summary>
    /// <exception cref="Refusal">It is neither, or of nothing that memory management knows.</exception>
    public static ErrorCode Read(string argument)
    {
        if (Named(argument) is { } named)
        {
            return named;
        }

        return uint.TryParse(argument.AsSpan(HexadecimalPrefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number)
            ? Find(number) ?? throw new Refusal(ExitCode.NothingToDo, FormattableString.Invariant($"0x{number:X} is neither a status nor a bug check that the machine knows; bug checks are {Spelling.List(BugChecks.All.Select(check => Hexadecimal(check.Code)))}"))
            : throw Refusal.WrongUsage($"{argument} is no number of 32 bits: 0x and one to eight hexadecimal digits");
    }

    /// <summary>The number as Windows writes it: a status with eight digits, a bug check with as many as it has.</summary>
    public string NumberText => Kind is "status" ? FormattableString.Invariant($"0x{Number:X8}") : Hexadecimal(Number);

    private static ErrorCode? Find(uint number) =>
        BugChecks.Find(number) is { } check ? Of(check)
        : StatusCodes.Find(number) is { } status ? Of(status)
        : null;

    private static ErrorCode? Named(string name) =>
        StatusCodes.All.FirstOrDefault(status => string.Equals(status.Name, name, StringComparison.OrdinalIgnoreCase)) is { } status ? Of(status)
        : BugChecks.All.FirstOrDefault(check => string.Equals(check.Name, name, StringComparison.OrdinalIgnoreCase)) is { } check ? Of(check)
        : null;

    private static ErrorCode Of(BugCheck check) => new("bugCheck", check.Code, check.Name, check.When, check.Places);

    private static ErrorCode Of(StatusCode status) => new("status", (uint)status.Status, status.Name, status.When, status.Places);

    private static string Hexadecimal(uint number) => FormattableString.Invariant($"0x{number:X}");
}
