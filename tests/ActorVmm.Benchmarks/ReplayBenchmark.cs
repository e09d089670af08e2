using ActorVmm.Benchmarks.Comparing;
using System.Diagnostics;
using ActorVmm.Machine;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Benchmarks;

/// <summary>
/// What recording costs a parallel run, slice by slice as a journal takes it, and how fast the record is replayed, on one thread
/// and on as many as there were workers: each beside the same slices of a run that was not recorded. Because other work on the
/// machine slows whatever it meets, the same ratios are given in processor time too.
/// </summary>
internal static class ReplayBenchmark
{
    private const int Repetitions = 5;
    private const int Slices = 30;
    private const long Turns = 100_000;

    public static void Run()
    {
        foreach (int workers in new[] { 1, 2 })
        {
            List<Took> plain = [];
            List<Took> recorded = [];
            List<Took> here = [];
            List<Took> threaded = [];
            for (int repetition = -1; repetition < Repetitions; repetition++)
            {
                plain.Add(Live(workers, recording: false, out _));
                recorded.Add(Live(workers, recording: true, out ParallelRecord? record));
                here.Add(Replay(record!, threads: 1));
                threaded.Add(workers > 1 ? Replay(record!, workers) : here[^1]);
            }

            Console.WriteLine(FormattableString.Invariant(
                $"replay           {workers} worker{(workers > 1 ? "s" : "")}: not recorded {Rate(plain):F3} M turns/s, recorded {Rate(recorded):F3}, replayed on 1 thread {Rate(here):F3}, on {workers} {Rate(threaded):F3}"));
            Console.WriteLine(FormattableString.Invariant(
                $"{"",-16} recorded : not recorded {Ratio(recorded, plain)} (target >= 0.97)   replay : recorded run, on 1 thread {Ratio(here, recorded)}, on {workers} {Ratio(threaded, recorded)} (target >= 1)"));
        }
    }

    private static Took Live(int workers, bool recording, out ParallelRecord? record)
    {
        SimulatedMachine machine = Stress.On(options => new ParallelHost(ParallelBenchmark.Options(options, workers, recording)));
        var host = (ParallelHost)machine.Host;
        List<ParallelRecord> pieces = [];
        long Slice()
        {
            long before = host.Statistics.Turns;
            host.Run(maxTurns: Turns);
            if (recording)
            {
                pieces.Add(host.TakeRecord());
            }

            return host.Statistics.Turns - before;
        }

        Took took = Measure(Slice);
        record = recording ? ParallelRecord.Join(pieces) : null;
        return took;
    }

    private static Took Replay(ParallelRecord record, int threads)
    {
        SimulatedMachine machine = Stress.On(options => new ReplayHost(record, new ReplayOptions(options) { Threads = threads }));
        bool first = true;
        return Measure(() =>
        {
            long before = machine.Host.Statistics.Turns;
            machine.Host.Run(maxTurns: first || threads == 1 ? Turns : null);
            first = false;
            return machine.Host.Statistics.Turns - before;
        });
    }

    /// <summary>The first slice warms up and does not count.</summary>
    private static Took Measure(Func<long> slice)
    {
        slice();
        GC.Collect();
        long turns = 0;
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        while (turns < Slices * Turns)
        {
            turns += slice();
        }

        return new Took(Stopwatch.GetElapsedTime(start).TotalNanoseconds / turns, (Environment.CpuUsage.TotalTime - used).TotalNanoseconds / turns);
    }

    private static double Rate(List<Took> took) => Median([.. took.Skip(1).Select(one => 1e3 / one.Wall)]);

    private static string Ratio(List<Took> faster, List<Took> than) => FormattableString.Invariant(
        $"{Median([.. faster.Zip(than, (one, other) => other.Wall / one.Wall).Skip(1)]):F3} ({Median([.. faster.Zip(than, (one, other) => other.Processor / one.Processor).Skip(1)]):F3} in processor time)");

    private static double Median(double[] figures) => figures.Order().ElementAt(figures.Length / 2);

    /// <summary>Nanoseconds a turn.</summary>
    private readonly record struct Took(double Wall, double Processor);
}
