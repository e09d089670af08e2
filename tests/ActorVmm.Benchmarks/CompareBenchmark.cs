using System.Globalization;
using ActorVmm.Benchmarks.Comparing;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Benchmarks;

/// <summary>How fast the simulated memory manager is beside what one would compare it with: one table, one core, one run.</summary>
internal static class CompareBenchmark
{
    private const int WarmUps = 4;
    private const int Repetitions = 5;

    public static int Run(string[] arguments)
    {
        string only = arguments.Length > 0 ? arguments[0] : "";
        if (only is "journal")
        {
            return JournalTable.Print(arguments.Length > 1 ? long.Parse(arguments[1], CultureInfo.InvariantCulture) : 10_000_000) ? 0 : 1;
        }

        using TraceFile gcc = Open("gcc");
        using TraceFile sqlite = Open("sqlite3");
        Console.WriteLine("processor time of one core; median of 5 measured in turn, after 4 to warm up; a ratio is the median of 5 ratios");
        string part = arguments.Length > 1 ? arguments[1] : "";
        bool met = true;
        foreach (bool specifications in new[] { false, true })
        {
            string title = specifications ? "specifications on, journal off" : "specifications and journal off";
            met &= !title.Contains(part, StringComparison.Ordinal) || Table(title, only, gcc, sqlite, specifications);
        }

        if (part.Length == 0 && (only.Length == 0 || only is "explore"))
        {
            Console.WriteLine();
            Console.WriteLine("the race laboratory: whole executions of one program, one after the other");
            ExploreBenchmark.Run([]);
        }

        return met ? 0 : 1;
    }

    private static bool Table(string title, string only, TraceFile gcc, TraceFile sqlite, bool specifications)
    {
        double bytes = 0;
        double faults = 0;
        void Told(double allocated, double faulted) => (bytes, faults) = (Math.Max(bytes, allocated), faulted);
        Contest[] contests =
        [
            Contests.DemandZero(4_096, specifications),
            Contests.DemandZero(65_536, specifications),
            Contests.LocalAccesses(specifications),
            Contests.Trace(gcc, "gcc", 0, Replacement.Windows, specifications),
            Contests.Trace(gcc, "gcc", 256, Replacement.Windows, specifications),
            Contests.Trace(gcc, "gcc", 256, Replacement.Lru, specifications),
            Contests.Trace(sqlite, "sqlite3", 0, Replacement.Windows, specifications),
            Contests.Trace(sqlite, "sqlite3", 256, Replacement.Windows, specifications),
            Contests.Turns(64, 5, specifications, Told),
            Contests.Turns(1_000, 3, specifications, Told),
        ];
        contests = [.. contests.Where(contest => contest.Name.Contains(only, StringComparison.Ordinal))];
        for (int repetition = -WarmUps; repetition < Repetitions; repetition++)
        {
            foreach (Contest contest in contests)
            {
                contest.Measure();
            }

            if (repetition == -1)
            {
                Array.ForEach(contests, contest => contest.Forget());
                bytes = 0;
            }
        }

        Console.WriteLine();
        Console.WriteLine($"{title,-54} unit   median      min      max    other    ratio  target  met?");
        foreach (Contest contest in contests)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{contest.Name,-54} {contest.Unit,-4} {contest.Median,8:F2} {contest.Figures.Min(),8:F2} {contest.Figures.Max(),8:F2} {Or(contest.Other),8} {Or(contest.Ratio),8} {Target(contest),7}  {Met(contest.Met)}"));
        }

        if (faults == 0)
        {
            return Array.TrueForAll(contests, contest => contest.Met is not false);
        }

        Console.WriteLine(FormattableString.Invariant($"(d) {bytes:F4} bytes allocated per turn; {faults:F3} faults per turn"));
        return Array.TrueForAll(contests, contest => contest.Met is not false);
    }

    private static string Or(double? figure) => figure is { } value ? FormattableString.Invariant($"{value:F2}") : "";

    private static string Target(Contest contest) =>
        contest.Target is { } target ? FormattableString.Invariant($"{(contest.AtMost ? "<=" : ">=")} {target}") : "";

    private static string Met(bool? met) => met switch { null => "-", true => "yes", false => "NO" };

    private static TraceFile Open(string name) => TraceFile.Open(Path.Combine(Repository.Root, "config", "traces", name + ".lackey.gz"));
}
