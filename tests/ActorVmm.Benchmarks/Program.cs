using ActorVmm.Benchmarks;

// dotnet run -c Release --project tests/ActorVmm.Benchmarks -- NAME [arguments]: one line per group of measurements.
Dictionary<string, Func<string[], int>> benchmarks = new(StringComparer.Ordinal)
{
#if WITH_AKKA
    ["akka"] = AkkaBenchmark.Run,
#endif
    ["compare"] = CompareBenchmark.Run,
    ["explore"] = ExploreBenchmark.Run,
    ["journal"] = JournalBenchmark.Run,
    ["memory"] = MemoryBenchmark.Run,
    ["open"] = RecordedTimelineBenchmark.Run,
    ["parallel"] = ParallelBenchmark.Run,
    ["races"] = RacesBenchmark.Run,
    ["timeline"] = TimelineBenchmark.Run,
    ["runtime"] = RuntimeBenchmarks.Run,
};

if (args.Length > 0 && benchmarks.TryGetValue(args[0], out Func<string[], int>? run))
{
    return run(args[1..]);
}

Console.Error.WriteLine("usage: benchmarks " + string.Join('|', benchmarks.Keys.Order(StringComparer.Ordinal)) + " [arguments]");
return 2;
