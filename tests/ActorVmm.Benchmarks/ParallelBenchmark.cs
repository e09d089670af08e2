using System.Diagnostics;
using System.Threading.Channels;
using ActorVmm.Actors;
using ActorVmm.Benchmarks.Comparing;
using ActorVmm.Kernel;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Benchmarks;

/// <summary>
/// What a second core brings: the same host with two workers against one, on a stress of a thousand processes of the memory
/// manager; what recording costs; how fast the replay is; and how fast messages cross cores.
/// </summary>
internal static class ParallelBenchmark
{
    private const int Repetitions = 5;
    private const double Target = 1.6;

    public static int Run(string[] arguments)
    {
        string only = arguments.Length > 0 ? arguments[0] : "";
        Console.WriteLine("wall time, median of 5 measured in turn; a ratio is the median of 5 ratios of neighbours");
        bool met = true;
        foreach ((string name, bool recording, bool specifications) in (IEnumerable<(string, bool, bool)>)
            [("plain", false, false), ("recording", true, false), ("specifications", false, true), ("both", true, true)])
        {
            met &= !name.Contains(only, StringComparison.Ordinal) || Compare(name, recording, specifications);
        }

        if ("replay".Contains(only, StringComparison.Ordinal))
        {
            ReplayBenchmark.Run();
        }

        if ("ping-pong".Contains(only, StringComparison.Ordinal))
        {
            PingPong();
        }

        return met ? 0 : 1;
    }

    private static bool Compare(string name, bool recording, bool specifications)
    {
        long turns = specifications ? 400_000 : 3_000_000;
        int workers = 2;
        double[][] rates = [new double[Repetitions], new double[Repetitions]];
        double[][] processor = [new double[Repetitions], new double[Repetitions]];
        double[][] replays = [new double[Repetitions], new double[Repetitions]];
        double bytes = 0;
        double pfnLock = 0;
        string shares = "";
        for (int repetition = -1; repetition < Repetitions; repetition++)
        {
            for (int count = 1; count <= workers; count += workers - 1)
            {
                SimulatedMachine machine = Stress.On(options => new ParallelHost(Options(options, count, recording)), specifications);
                machine.Host.Run(maxTurns: turns / 4);
                TimeSpan used = Environment.CpuUsage.TotalTime;
                long start = Stopwatch.GetTimestamp();
                machine.Host.Run(maxTurns: turns);
                double rate = turns / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
                processor[count == 1 ? 0 : 1][Math.Max(0, repetition)] = (Environment.CpuUsage.TotalTime - used).TotalNanoseconds / turns;
                ((ParallelHost)machine.Host).TryChain(machine.Cast.PfnDatabase, out _, out long lockTurns);
                pfnLock = 100.0 * lockTurns / machine.Host.Statistics.Turns;
                shares = string.Join('/', ((ParallelHost)machine.Host).TurnsByCore.Select(by => by * 100 / machine.Host.Statistics.Turns));
                if (repetition >= 0)
                {
                    rates[count == 1 ? 0 : 1][repetition] = rate;
                }

                if (recording && count > 1)
                {
                    ParallelRecord record = ((ParallelHost)machine.Host).TakeRecord();
                    bytes = (double)record.Bytes / record.Deliveries;
                    replays[0][Math.Max(0, repetition)] = Replay(record, threads: 1);
                    replays[1][Math.Max(0, repetition)] = Replay(record, threads: workers);
                }
            }
        }

        double ratio = Median([.. rates[1].Zip(rates[0], (two, one) => two / one)]);
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-16} 1 worker {Median(rates[0]),7:F3} M turns/s   {workers} workers {Median(rates[1]),7:F3}   ratio {ratio:F2} (target >= {Target}: {(ratio >= Target ? "yes" : "NO")})   turns by core {shares} %, of the PFN database {pfnLock:F0} %   ns of processor time a turn {Median(processor[0]):F0} / {Median(processor[1]):F0}"));
        if (recording)
        {
            Console.WriteLine(FormattableString.Invariant($"{"",-16} {bytes:F2} bytes recorded per delivery; replay on one thread {Median(replays[0]):F3} M turns/s, on {workers} {Median(replays[1]):F3}"));
        }

        return ratio >= Target || specifications;
    }

    private static double Replay(ParallelRecord record, int threads)
    {
        SimulatedMachine machine = Stress.On(options => new ReplayHost(record, new ReplayOptions(options) { Threads = threads }));
        long start = Stopwatch.GetTimestamp();
        machine.Host.Run();
        return record.Deliveries / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
    }

    internal static ParallelHostOptions Options(HostOptions options, int workers, bool recording) => new(options)
    {
        Workers = workers,
        Recording = recording,
        Clock = TimeProvider.System,
    };


    /// <summary>Pairs whose halves live on two cores, many tokens under way; beside two channels between two threads.</summary>
    private static void PingPong()
    {
        foreach (int pairs in new[] { 1, 16, 1_000 })
        {
            double[] ours = new double[Repetitions];
            double[] channels = new double[Repetitions];
            for (int repetition = -1; repetition < Repetitions; repetition++)
            {
                ours[Math.Max(0, repetition)] = Actors(pairs);
                channels[Math.Max(0, repetition)] = Channels(pairs);
            }

            Console.WriteLine(FormattableString.Invariant(
                $"ping-pong        {pairs,5} pairs across 2 cores {Median(ours),8:F3} M messages/s   System.Threading.Channels {Median(channels),8:F3}   ratio {Median(ours) / Median(channels):F2}"));
        }
    }

    private static double Actors(int pairs)
    {
        long messages = pairs == 1 ? 200_000 : 4_000_000;
        ParallelHost host = new(new ParallelHostOptions { Workers = 2, Recording = false });
        for (int i = 0; i < pairs; i++)
        {
            Relay left = new();
            Relay right = new();
            left.Next = host.Create(right, Role.Thread);
            right.Next = host.Create(left, Role.Thread);
            host.Inject(left.Next, new Token(i));
        }

        long start = Stopwatch.GetTimestamp();
        host.Run(maxTurns: messages);
        return messages / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
    }

    private static double Channels(int tokens)
    {
        long messages = tokens == 1 ? 200_000 : 4_000_000;
        Channel<Message> there = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        Channel<Message> back = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        for (int i = 0; i < tokens; i++)
        {
            there.Writer.TryWrite(Message.Of(new Token(i)));
        }

        long start = Stopwatch.GetTimestamp();
        Task other = Task.Run(() => Relays(there.Reader, back.Writer, messages / 2));
        Task.Run(() => Relays(back.Reader, there.Writer, messages / 2)).Wait();
        other.Wait();
        return messages / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
    }

    private static async Task Relays(ChannelReader<Message> from, ChannelWriter<Message> to, long messages)
    {
        while (messages > 0 && await from.WaitToReadAsync().ConfigureAwait(false))
        {
            while (messages > 0 && from.TryRead(out Message message))
            {
                messages--;
                to.TryWrite(message);
            }
        }
    }

    private static double Median(double[] figures) => figures.Order().ElementAt(figures.Length / 2);

    private sealed class Relay : IActor
    {
        public ActorId Next;

        public void Receive(in Delivery delivery, Outbox outbox) => outbox.Send(Next, delivery.Read<Token>());

        public void Encode(StateCodec codec) => codec.Field("next", ref Next);
    }

    private readonly record struct Token(int Value) : IMessage
    {
        public static int Kind => 9_101;
    }
}
