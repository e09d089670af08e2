using System.Diagnostics;
using ActorVmm.Machine.Timelines;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Benchmarks;

/// <summary>How long going somewhere in a run takes: a thousand processes of one trace, stepping back and jumping about.</summary>
internal static class TimelineBenchmark
{
    private const int Processes = 1_000;
    private const int Steps = 300;
    private const int Jumps = 15;
    private const double TargetMilliseconds = 20;

    public static int Run(string[] arguments)
    {
        string path = arguments.Length > 0 ? arguments[0] : Path.Combine(Repository.Root, "config", "traces", "true.lackey.gz");
        long turns = arguments.Length > 1 ? long.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture) : 200_000;
        uint frames = 65_536;
        using var timeline = new RerunTimeline(ScenarioFile.Of(TraceFile.Open(path), new ScenarioOverrides { Processes = Processes, Frames = frames, Seed = 1 }));
        long began = Stopwatch.GetTimestamp();
        timeline.Seek(turns);
        Console.WriteLine($"there      delivery {timeline.Position:N0} of {Processes:N0} processes on {frames:N0} frames in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; checkpoints every {timeline.Spacing:N0} turns, {timeline.CheckpointBytes / (double)(1 << 20):0} MiB");
        double[] back = Measure(Steps, _ => timeline.Position - 1);
        double[] forward = Measure(Steps, _ => timeline.Position + 1);
        double[] jumps = Measure(Jumps, jump => (jump + 1) * 7_919L * 31 % turns);
        Tell("back", back);
        Tell("forward", forward);
        Tell("jump", jumps);
        return Median(back) <= TargetMilliseconds ? 0 : 1;

        double[] Measure(int times, Func<int, long> where)
        {
            double[] taken = new double[times];
            for (int time = 0; time < times; time++)
            {
                long start = Stopwatch.GetTimestamp();
                timeline.Seek(where(time));
                taken[time] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            return taken;
        }
    }

    private static double Median(double[] taken) => taken.Order().ElementAt(taken.Length / 2);

    private static void Tell(string what, double[] taken) =>
        Console.WriteLine($"{what,-8}   median {Median(taken):0.00} ms, 95 of 100 within {taken.Order().ElementAt(taken.Length * 95 / 100):0.00} ms, worst {taken.Max():0.00} ms (target for a step back {TargetMilliseconds:0} ms)");
}
