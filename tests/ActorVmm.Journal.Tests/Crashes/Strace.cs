using System.Globalization;

namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>
/// Runs a program under <c>strace</c>, which lets the kernel answer a chosen storage call with an error, or kill the program in it. Only
/// calls on the journal's own files count, and each thread counts its own.
/// </summary>
internal static class Strace
{
    private const string Missing = "the crash tests need strace, which kills a program in the middle of a chosen storage call: install it, on Debian and Ubuntu with `apt-get install strace`";

    /// <summary>Calls that put bytes or their order on the disk.</summary>
    private const string Calls = "write,pwrite64,writev,pwritev,fsync,fdatasync,ftruncate";

    /// <summary>A journal's file and those beside it.</summary>
    private static readonly string[] _files = ["", "-wal", "-journal", "-shm"];

    private static readonly string _program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "strace")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(Missing);

    /// <summary>The command line that runs another with a fault in it.</summary>
    /// <param name="command">What is run.</param>
    /// <param name="journal">The file whose calls count, with those beside it.</param>
    /// <param name="fault">What happens, in strace's words, such as <c>signal=KILL:when=7</c>; null to only look.</param>
    /// <param name="calls">In which calls; all that store when left out.</param>
    /// <param name="log">Where strace writes what it saw.</param>
    /// <param name="only">Only calls on the file with this at its end count, such as <c>-wal</c>.</param>
    public static string[] Around(string[] command, string journal, string? fault, string log, string calls = Calls, string? only = null) =>
    [
        _program, "-f", "-qq", "-o", log, .. (only is null ? _files : [only]).SelectMany(file => (string[])["-P", journal + file]), "-e", "trace=" + Calls,
        .. fault is null ? (string[])[] : ["-e", $"inject={calls}:{fault}"], .. command,
    ];

    /// <summary>How many storage calls the busiest thread of an undisturbed run makes.</summary>
    public static int CallsIn(string log) =>
        File.ReadLines(log).Where(line => line.Contains('(', StringComparison.Ordinal)).CountBy(line => int.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture)).Max(thread => thread.Value);
}
