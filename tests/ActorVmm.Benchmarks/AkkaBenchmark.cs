using System.Diagnostics;
using ActorVmm.Actors;
using ActorVmm.Akka;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using Akka.Actor;

namespace ActorVmm.Benchmarks;

/// <summary>
/// What a turn costs on Akka.NET beside what Akka.NET itself costs: pairs of actors that hand a token to and fro, on our host, on
/// bare Akka.NET with the same dispatcher, and on the parallel host; then a thousand processes of the memory manager, and
/// what recording them costs: <c>akka recording</c> is that alone. Built with -p:WithAkka=true.
/// </summary>
internal static class AkkaBenchmark
{
    private const int Repetitions = 5;
    private const int Messages = 1_000_000;

    /// <summary>One token between two cores is handed over by waking a thread each time.</summary>
    private const int MessagesOfOnePair = 20_000;
    private const double Target = 0.5;

    public static int Run(string[] arguments)
    {
        if (arguments is ["recording"])
        {
            return AkkaRecordingBenchmark.Run();
        }

        using ActorSystem system = ActorSystem.Create("benchmark", HostConfiguration.Reference);
        Console.WriteLine("median of 5 measured in turn; a share is the median of 5 shares of neighbours");
        bool met = true;
        foreach (int pairs in new[] { 1, 16, 1_000 })
        {
            met &= PingPong(system, pairs);
        }

        Stress(system);
        return AkkaRecordingBenchmark.Run() == 0 && met ? 0 : 1;
    }

    private static bool PingPong(ActorSystem system, int pairs)
    {
        Figure[][] figures = [new Figure[Repetitions], new Figure[Repetitions], new Figure[Repetitions], new Figure[Repetitions]];
        for (int repetition = -1; repetition < Repetitions; repetition++)
        {
            int at = Math.Max(0, repetition);
            figures[0][at] = Bare(system, pairs);
            figures[1][at] = OnAkka(system, pairs, []);
            figures[2][at] = OnAkka(system, pairs, [new Deaf()]);
            figures[3][at] = OnHost(
                new ParallelHost(new ParallelHostOptions { Workers = 2, Recording = false, Clock = TimeProvider.System }), pairs, pairs == 1 ? MessagesOfOnePair : Messages);
        }

        double wall = Median(figures[1].Zip(figures[0], (ours, bare) => (ours.Wall - bare.Wall) / ours.Wall));
        double processor = Median(figures[1].Zip(figures[0], (ours, bare) => (ours.Processor - bare.Processor) / ours.Processor));
        Console.WriteLine(FormattableString.Invariant(
            $"ping-pong {pairs,5} pairs   bare Akka.NET {Text(figures[0])}   Akka host {Text(figures[1])}   with a listener {Text(figures[2])}   parallel host {Text(figures[3])}   (turn - bare) / turn: wall {wall:F2}, processor {processor:F2} (target <= {Target}: {(processor <= Target ? "yes" : "NO")})"));
        return processor <= Target;
    }

    private static Figure OnAkka(ActorSystem system, int pairs, IReadOnlyList<ITurnListener> listeners)
    {
        using AkkaHost host = new(system, new AkkaHostOptions { Clock = TimeProvider.System, TurnListeners = listeners, Name = Guid.NewGuid().ToString("N") });
        return OnHost(host, pairs, Messages);
    }

    private static Figure OnHost(IHost host, int pairs, int messages)
    {
        for (int i = 0; i < pairs; i++)
        {
            Relay left = new();
            Relay right = new();
            left.Next = host.Create(right, Role.Thread);
            right.Next = host.Create(left, Role.Thread);
            host.Inject(left.Next, new Token((messages / pairs) - 1));
        }

        Figure figure = Measure(() => host.Run(), messages);
        Invariant.Holds(host.Statistics.Turns == (long)messages / pairs * pairs, "every message was heard");
        return figure;
    }

    private static Figure Bare(ActorSystem system, int pairs)
    {
        using CountdownEvent done = new(pairs);
        IActorRef[] starts = new IActorRef[pairs];
        for (int i = 0; i < pairs; i++)
        {
            starts[i] = system.ActorOf(Props.Create(typeof(BareRelay), Messages / pairs / 2, done).WithDispatcher("actorvmm.dispatchers.process"));
            IActorRef other = system.ActorOf(Props.Create(typeof(BareRelay), int.MaxValue, done).WithDispatcher("actorvmm.dispatchers.process"));
            starts[i].Tell(other);
            other.Tell(starts[i]);
        }

        Figure figure = Measure(
            () =>
            {
                foreach (IActorRef start in starts)
                {
                    start.Tell(Ball.Instance);
                }

                done.Wait();
            },
            Messages);
        foreach (IActorRef start in starts)
        {
            start.Tell(PoisonPill.Instance);
        }

        return figure;
    }

    private static void Stress(ActorSystem system)
    {
        const long Turns = 300_000;
        (string Name, Func<HostOptions, IHost> Host)[] hosts =
        [
            ("deterministic", options => new DeterministicHost(options)),
            ("parallel, 2 workers", options => new ParallelHost(ParallelBenchmark.Options(options, 2, recording: false))),
            ("Akka", options => new AkkaHost(system, new AkkaHostOptions(options) { Clock = TimeProvider.System, Name = Guid.NewGuid().ToString("N") })),
        ];
        foreach (bool specifications in new[] { false, true })
        {
            foreach ((string name, Func<HostOptions, IHost> hostOf) in hosts)
            {
                Figure[] figures = new Figure[Repetitions];
                for (int repetition = -1; repetition < Repetitions; repetition++)
                {
                    IHost host = Comparing.Stress.On(hostOf, specifications).Host;
                    host.Run(maxTurns: Turns / 10);
                    figures[Math.Max(0, repetition)] = Measure(() => Invariant.Holds(host.Run(maxTurns: Turns) == RunOutcome.TurnsReached, "the stress never ends"), Turns);
                    (host as IDisposable)?.Dispose();
                }

                Console.WriteLine(FormattableString.Invariant($"1000 processes{(specifications ? ", specifications" : ""),-16} {name,-20} {Text(figures)}"));
            }
        }
    }

    private static Figure Measure(Action run, long messages)
    {
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        run();
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        return new Figure(wall.TotalNanoseconds / messages, (Environment.CpuUsage.TotalTime - used).TotalNanoseconds / messages);
    }

    private static string Text(IReadOnlyCollection<Figure> figures) => FormattableString.Invariant(
        $"{1e3 / Median(figures.Select(figure => figure.Wall)),6:F2} M/s, {Median(figures.Select(figure => figure.Processor)),4:F0} ns of processor time each");

    private static double Median(IEnumerable<double> figures) => figures.Order().ElementAt(Repetitions / 2);

    /// <summary>Nanoseconds a message.</summary>
    private readonly record struct Figure(double Wall, double Processor);

    private sealed class Deaf : ITurnListener
    {
        public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
        {
        }
    }

    private sealed class Ball
    {
        public static readonly Ball Instance = new();
    }

    private sealed class BareRelay(int left, CountdownEvent done) : UntypedActor
    {
        private IActorRef _other = ActorRefs.Nobody;
        private int _left = left;

        protected override void OnReceive(object message)
        {
            if (message is IActorRef other)
            {
                _other = other;
            }
            else if (_left-- > 0)
            {
                _other.Tell(message, Self);
            }
            else
            {
                done.Signal();
            }
        }
    }

    private sealed class Relay : IActor
    {
        public ActorId Next;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            int left = delivery.Read<Token>().Value;
            if (left > 0)
            {
                outbox.Send(Next, new Token(left - 1));
            }
        }

        public void Encode(StateCodec codec) => codec.Field("next", ref Next);
    }

    private readonly record struct Token(int Value) : IMessage
    {
        public static int Kind => 9_102;
    }
}
