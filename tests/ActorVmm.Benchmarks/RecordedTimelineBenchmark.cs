using System.Globalization;
using ActorVmm.Benchmarks.Comparing;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Machine.Timelines;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Benchmarks;

/// <summary>
/// How long it takes to open a long recorded run at any point, and to step back there: ten million deliveries of a thousand
/// processes that want twice the memory there is, on the deterministic host or, with a number of workers, on the parallel one.
/// </summary>
internal static class RecordedTimelineBenchmark
{
    private const int Points = 20;
    private const int StepsBack = 5;
    private const int WarmUps = 3;
    private const long Slice = 1 << 16;
    private const double OpenMilliseconds = 100;
    private const double BackMilliseconds = 20;

    /// <summary>More than any run here takes.</summary>
    private const int Accesses = 100_000;

    public static int Run(string[] arguments)
    {
        long deliveries = arguments.Length > 0 ? long.Parse(arguments[0], CultureInfo.InvariantCulture) : 10_000_000;
        int workers = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 0;
        string folder = Directory.CreateTempSubdirectory("actorvmm-timeline-").FullName;
        try
        {
            string path = Path.Combine(folder, "journal.db");
            Record(path, deliveries, workers);
            Index(path);
            return Open(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Record(string path, long deliveries, int workers)
    {
        using Scenario scenario = Load();
        using IJournalStore store = JournalStores.OpenOrCreate(path);
        using var writer = new JournalWriter(store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Relaxed, TimeProvider.System);
        var started = new RunStarted
        {
            Host = workers > 0 ? "parallel" : "deterministic", DeliveryModel = "fifo", Seed = scenario.Seed, Registry = ProtocolMessages.Create(),
        };
        writer.Append(started);
        IRunRecorder recorder = RunRecorders.For(writer, started);
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => workers > 0
            ? new ParallelHost(new ParallelHostOptions(options) { Workers = workers, Clock = TimeProvider.System })
            : new DeterministicHost(recorder is ITurnListener listener ? options with { TurnListeners = [listener] } : options));
        recorder.Attach(machine.Host);
        var clock = Clock.Start();
        while (machine.Host.Statistics.Turns < deliveries && machine.Host.Run(maxTurns: Slice) == RunOutcome.TurnsReached)
        {
            recorder.Pause();
        }

        recorder.End(machine.Fingerprint(), "interrupted");
        (_, double wall) = clock.Milliseconds();
        Console.WriteLine(FormattableString.Invariant(
            $"recorded   {machine.Host.Statistics.Turns:N0} deliveries on the {started.Host} host in {wall / 1000:0.0} s; {writer.BytesWritten / (double)(1 << 20):0.0} MiB of rows"));
    }

    private static void Index(string path)
    {
        using IJournalStore store = JournalStores.Open(path);
        RecordedRun run = new JournalReader(store).Open(JournalReader.Latest);
        var clock = Clock.Start();
        using (var timeline = new RecordedTimeline(run, Load(), TimeProvider.System))
        {
            timeline.Index(CancellationToken.None);
        }

        (_, double wall) = clock.Milliseconds();
        long bytes = run.Snapshots().Sum(snapshot => snapshot.Bytes);
        long all = store.Streams().Single().Bytes;
        Console.WriteLine(FormattableString.Invariant(
            $"indexed    {run.Snapshots().Count} snapshots in {wall / 1000:0.0} s; {bytes / (double)(1 << 20):0.0} MiB, {(double)bytes / (all - bytes):P0} of the rows"));
    }

    private static int Open(string path)
    {
        var random = new Random(1);
        var opened = new List<(double Processor, double Wall)>();
        var back = new List<(double Processor, double Wall)>();
        for (int point = -WarmUps; point < Points; point++)
        {
            var clock = Clock.Start();
            using IJournalStore store = JournalStores.Open(path);
            RecordedRun run = new JournalReader(store).Open(JournalReader.Latest);
            using var timeline = new RecordedTimeline(run, Load(), TimeProvider.System);
            timeline.Seek(random.NextInt64(StepsBack + 1, run.Deliveries()));
            Keep(opened, clock, point);
            for (int step = 0; step < StepsBack; step++)
            {
                clock = Clock.Start();
                timeline.Seek(timeline.Position - 1);
                Keep(back, clock, point);
            }
        }

        bool met = Tell("open", opened, OpenMilliseconds);
        return Tell("back", back, BackMilliseconds) && met ? 0 : 1;
    }

    private static void Keep(List<(double Processor, double Wall)> into, Clock clock, int point)
    {
        (double Processor, double Wall) taken = clock.Milliseconds();
        if (point >= 0)
        {
            into.Add(taken);
        }
    }

    private static bool Tell(string what, List<(double Processor, double Wall)> taken, double target)
    {
        double[] processor = [.. taken.Select(one => one.Processor).Order()];
        double[] wall = [.. taken.Select(one => one.Wall).Order()];
        Console.WriteLine(FormattableString.Invariant(
            $"{what,-8}   processor time: median {processor[processor.Length / 2]:0.0} ms, worst {processor[^1]:0.0} ms; wall time: median {wall[wall.Length / 2]:0.0} ms, worst {wall[^1]:0.0} ms (at most {target:0} ms: {(processor[^1] <= target ? "yes" : "NO")})"));
        return processor[^1] <= target;
    }

    private static Scenario Load() => PagingStress.Scenario(Accesses);

    /// <summary>Processor time of this thread and wall time since a moment.</summary>
    private readonly record struct Clock(TimeSpan Processor, long Wall)
    {
        public static Clock Start() => new(ProcessorTime.Used(), System.Diagnostics.Stopwatch.GetTimestamp());

        public (double Processor, double Wall) Milliseconds() =>
            ((ProcessorTime.Used() - Processor).TotalMilliseconds, System.Diagnostics.Stopwatch.GetElapsedTime(Wall).TotalMilliseconds);
    }
}
