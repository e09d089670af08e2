using System.Diagnostics;
using ActorVmm.Akka;
using ActorVmm.Akka.Recording;
using ActorVmm.Benchmarks.Comparing;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Runtime;
using Akka.Actor;

namespace ActorVmm.Benchmarks;

/// <summary>
/// What recording through Akka.Persistence.Sql takes from the throughput of the Akka host, on a thousand processes of the memory manager: the
/// same turns without a journal, with the stock build's writer and with the persistent actor, each until all of it is durable.
/// </summary>
internal static class AkkaRecordingBenchmark
{
    private const int Repetitions = 5;
    private const long Turns = 300_000;
    private const double Target = 0.15;

    public static int Run()
    {
        Console.WriteLine("1000 processes on the Akka host, SQLite, commits reach the disk; wall time and processor time until all is durable; median of 5 measured in turn; a share is the median of 5 shares of neighbours");
        bool met = true;
        foreach (bool specifications in new[] { true, false })
        {
            Figure[][] figures = [new Figure[Repetitions], new Figure[Repetitions], new Figure[Repetitions]];
            for (int repetition = -1; repetition < Repetitions; repetition++)
            {
                for (int how = 0; how < 3; how++)
                {
                    figures[how][Math.Max(0, repetition)] = Measure(specifications, (Writing)how);
                }
            }

            double share = Share(figures[(int)Writing.ThroughAkka], figures[(int)Writing.Nothing]);
            double stock = Share(figures[(int)Writing.ByStock], figures[(int)Writing.Nothing]);
            Console.WriteLine(FormattableString.Invariant(
                $"{(specifications ? "with specifications" : "nobody listens"),-20} no journal {Text(figures[0])}   stock writer {Text(figures[1])}   Akka.Persistence.Sql {Text(figures[2])}   lost: stock {stock:P1}, Akka.Persistence.Sql {share:P1} (target <= {Target:P0}: {(share <= Target ? "yes" : "NO")})"));
            met &= share <= Target;
        }

        return met ? 0 : 1;
    }

    private static Figure Measure(bool specifications, Writing how)
    {
        string folder = Directory.CreateTempSubdirectory("actorvmm-akka-").FullName;
        try
        {
            string place = Path.Combine(folder, "runs.db");
            using ActorSystem system = Overrides.None.Start("benchmark", RecordingConfiguration.Of(place, Durability.Full));
            using IJournalStore store = JournalStores.OpenOrCreate(place);
            using IRunWriter? writer = WriterOf(how, system, store);
            return Measure(system, specifications, writer);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Figure Measure(ActorSystem system, bool specifications, IRunWriter? writer)
    {
        var started = new RunStarted { Host = "akka", DeliveryModel = "fifo", Registry = ProtocolMessages.Create() };
        writer?.Append(started);
        IRunRecorder? recorder = writer is null ? null : RunRecorders.For(writer, started);
        SimulatedMachine machine = Stress.On(options =>
        {
            IHost host = new AkkaHost(system, new AkkaHostOptions(options) { Clock = TimeProvider.System, TurnListeners = recorder is null ? [] : [(ITurnListener)recorder] });
            recorder?.Attach(host);
            return host;
        }, specifications);
        machine.Host.Run(maxTurns: Turns / 10);
        GC.Collect();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        machine.Host.Run(maxTurns: Turns);
        recorder?.HandOver();
        writer?.Flush();
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        return new Figure(Turns / wall.TotalSeconds / 1e6, (Environment.CpuUsage.TotalTime - used).TotalNanoseconds / Turns);
    }

    private static IRunWriter? WriterOf(Writing how, ActorSystem system, IJournalStore store)
    {
        const string Stream = JournalReader.Prefix + "01JD0000000000000000000001";
        return how switch
        {
            Writing.Nothing => null,
            Writing.ByStock => new JournalWriter(store, Stream, Durability.Full, TimeProvider.System),
            Writing.ThroughAkka => new AkkaRunWriter(system, store, Stream, Durability.Full, TimeProvider.System),
        };
    }

    private static double Share(Figure[] with, Figure[] without) => Median(with.Zip(without, (one, other) => 1 - (one.Throughput / other.Throughput)));

    private static string Text(Figure[] figures) => FormattableString.Invariant(
        $"{Median(figures.Select(figure => figure.Throughput)),5:F2} M/s, {Median(figures.Select(figure => figure.Processor)),4:F0} ns of processor time");

    private static double Median(IEnumerable<double> figures) => figures.Order().ElementAt(Repetitions / 2);

    private enum Writing
    {
        Nothing,
        ByStock,
        ThroughAkka,
    }

    /// <summary>Millions of turns a second, and nanoseconds of processor time a turn.</summary>
    private readonly record struct Figure(double Throughput, double Processor);
}
