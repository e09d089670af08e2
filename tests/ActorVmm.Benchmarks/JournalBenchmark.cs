using System.Diagnostics;
using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Benchmarks.Comparing;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Benchmarks;

/// <summary>
/// What recording costs and what it takes on disk, on a stress of a thousand processes that want twice the memory there is: the same
/// run with and without a journal, with messages written out, replayed, and the same rows written by the store alone.
/// </summary>
internal static class JournalBenchmark
{
    private const int Rounds = 5;
    private const double MostBytes = 4;

    public static int Run(string[] arguments)
    {
        int count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1_500;
        string folder = Directory.CreateTempSubdirectory("actorvmm-journal-").FullName;
        try
        {
            return Measure(count, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Measure(int count, string folder)
    {
        var none = new List<double>();
        var recorded = new List<double>();
        var full = new List<double>();
        var replayed = new List<double>();
        Recorded? light = null;
        Recorded? heavy = null;
        for (int round = 0; round < Rounds; round++)
        {
            none.Add(Plain(count));
            recorded.Add((light = Record(count, Path.Combine(folder, $"light-{round}.db"), messages: false)).Nanoseconds);
            full.Add((heavy = Record(count, Path.Combine(folder, $"full-{round}.db"), messages: true)).Nanoseconds);
            replayed.Add(Replay(count, Path.Combine(folder, $"light-{round}.db")));
        }

        (double without, double with) = (Median(none), Median(recorded));
        double bytes = (double)light!.Bytes / light.Deliveries;
        Console.WriteLine(FormattableString.Invariant($"{light.Deliveries} deliveries of 1000 processes, deterministic host, medians of {Rounds}; processor time of the run's own thread"));
        Console.WriteLine(FormattableString.Invariant($"without a journal        {without,8:F1} ns a delivery"));
        Console.WriteLine(FormattableString.Invariant($"recorded                 {with,8:F1} ns a delivery   {(with / without) - 1,7:P1}   {bytes:F2} bytes a delivery in rows, {(double)light.FileBytes / light.Deliveries:F2} on disk"));
        Console.WriteLine(FormattableString.Invariant($"recorded, with messages  {Median(full),8:F1} ns a delivery   {(Median(full) / without) - 1,7:P1}   {(double)heavy!.Bytes / heavy.Deliveries:F2} bytes a delivery in rows"));
        Console.WriteLine(FormattableString.Invariant($"the writer beside it     {light.Beside,8:F1} ns a delivery, {heavy.Beside:F1} with messages (processor time of all other threads)"));
        Console.WriteLine(FormattableString.Invariant($"replayed                 {Median(replayed),8:F1} ns a delivery"));
        Console.WriteLine(FormattableString.Invariant($"listening alone          {Listening(),8:F1} ns a delivery"));
        Console.WriteLine(FormattableString.Invariant($"the same rows, the store alone, wall time {Raw(Path.Combine(folder, "light-0.db"), Path.Combine(folder, "raw.db")) / light.Deliveries,6:F1} ns a delivery"));
        Console.WriteLine("columns: " + Columns(Path.Combine(folder, "light-0.db")));
        bool met = (double)light.FileBytes / light.Deliveries <= MostBytes;
        Console.WriteLine(FormattableString.Invariant($"at most {MostBytes} bytes a delivery on disk: {(met ? "yes" : "NO")}"));
        return met ? 0 : 1;
    }

    private static double Plain(int count)
    {
        using Scenario scenario = PagingStress.Scenario(count);
        SimulatedMachine machine = MachineBuilder.Build(scenario, []);
        TimeSpan start = ProcessorTime.Used();
        machine.Host.Run();
        return (ProcessorTime.Used() - start).TotalNanoseconds / machine.Host.Statistics.Turns;
    }

    private static Recorded Record(int count, string path, bool messages)
    {
        using Scenario scenario = PagingStress.Scenario(count);
        MessageRegistry registry = ProtocolMessages.Create();
        using IJournalStore store = JournalStores.OpenOrCreate(path);
        using var writer = new JournalWriter(store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Full, TimeProvider.System);
        writer.Append(new RunStarted { Host = "deterministic", DeliveryModel = "fifo", Seed = scenario.Seed, Messages = messages, Registry = registry });
        var recorder = new JournalRecorder(writer, registry, messages);
        DeterministicHost? host = null;
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => host = new DeterministicHost(options with { TurnListeners = [recorder] }));
        recorder.Attach(host!);
        TimeSpan all = Environment.CpuUsage.TotalTime;
        TimeSpan start = ProcessorTime.Used();
        host!.Run();
        recorder.End(machine.Fingerprint(), "finished");
        TimeSpan took = ProcessorTime.Used() - start;
        TimeSpan beside = Environment.CpuUsage.TotalTime - all - took;
        writer.Dispose();
        long turns = host.Statistics.Turns;
        return new Recorded(took.TotalNanoseconds / turns, beside.TotalNanoseconds / turns, turns, writer.BytesWritten, new FileInfo(path).Length);
    }

    private static double Replay(int count, string path)
    {
        using IJournalStore store = JournalStores.Open(path);
        using Scenario scenario = PagingStress.Scenario(count);
        using var replayer = Replayer.Of(new JournalReader(store).Open(JournalReader.Latest), (_, hostOf) =>
        {
            SimulatedMachine machine = MachineBuilder.Build(scenario, [], hostOf);
            return machine.Fingerprint;
        });
        TimeSpan start = ProcessorTime.Used();
        ReplayResult result = replayer.Run();
        TimeSpan took = ProcessorTime.Used() - start;
        return result.Verified && result.Fingerprint == result.Recorded
            ? took.TotalNanoseconds / result.Deliveries
            : throw new InvalidOperationException($"the replay is not the run: {result.Divergence}");
    }

    /// <summary>The hot path by itself: the same turn again and again, batches recycled without a writer.</summary>
    private static double Listening()
    {
        const int Turns = 1 << 24;
        var batch = new DeliveryBatch(JournalRecorder.BatchRows);
        var turn = new TurnStamp(new ActorId(1), Ticks.Zero, 1);
        var delivery = new Delivery { SenderCount = 1 };
        TimeSpan start = ProcessorTime.Used();
        for (int i = 0; i < Turns; i++)
        {
            if (batch.IsFull)
            {
                batch.Reset(i + 1);
            }

            JournalRecorder.Note(batch, in turn, in delivery);
        }

        return (ProcessorTime.Used() - start).TotalNanoseconds / Turns;
    }

    private static double Raw(string from, string into)
    {
        using IJournalStore source = JournalStores.Open(from);
        RecordedRun run = new JournalReader(source).Open(JournalReader.Latest);
        JournalRow[] rows = [.. source.Rows(run.Stream)];
        using IJournalStore target = JournalStores.OpenOrCreate(into);
        using IJournalAppender appender = target.OpenWriter(run.Stream, Durability.Full);
        long start = Stopwatch.GetTimestamp();
        foreach (JournalRow row in rows)
        {
            appender.Commit([row], []);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    private static string Columns(string path)
    {
        using IJournalStore store = JournalStores.Open(path);
        string[] names = ["receivers", "senders", "actors", "counts", "times", "checks", "choices", "messages", "births"];
        double[] sums = new double[names.Length];
        long deliveries = 0;
        TimeSpan encoding = TimeSpan.Zero;
        foreach (DeliveryBatch batch in new JournalReader(store).Open(JournalReader.Latest).Events().OfType<DeliveryBatch>())
        {
            TimeSpan start = ProcessorTime.Used();
            int[] sizes = batch.ColumnSizes();
            encoding += ProcessorTime.Used() - start;
            for (int i = 0; i < sizes.Length; i++)
            {
                sums[i] += sizes[i];
            }

            deliveries += batch.Count;
        }

        return string.Join(", ", names.Zip(sums, (name, sum) => FormattableString.Invariant($"{name} {sum / deliveries:F2}")))
            + FormattableString.Invariant($"; encoded in {encoding.TotalNanoseconds / deliveries:F1} ns a delivery");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Recorded(double Nanoseconds, double Beside, long Deliveries, long Bytes, long FileBytes);
}
