using ActorVmm.Actors;
using ActorVmm.Benchmarks.Comparing;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Models;
using ActorVmm.Explorer.Scenarios;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Benchmarks;

/// <summary>
/// How many schedules and turns a second the race laboratory runs, on one core, in processor time; medians of five. What others need
/// for the same programs stands beside it, as measured on such a machine: Microsoft Coyote runs 85 to 511 schedules a second
/// of five senders, and 54 of ping-pong.
/// </summary>
internal static class ExploreBenchmark
{
    private const int Repetitions = 5;

    public static int Run(string[] arguments)
    {
        string only = arguments.Length > 0 ? arguments[0] : "";
        using Scenario machine = ScenarioFile.Load(Path.Combine(Repository.Root, "config", "scenarios", "two-threads.yaml"));
        using Scenario collided = ScenarioFile.Load(Path.Combine(Repository.Root, "config", "scenarios", "collided-read.yaml"));
        ISubject senders = new LittleProgram(5, 1);
        Console.WriteLine("processor time of one core; median of 5, after 1 to warm up");
        Console.WriteLine($"{"case",-44} {"schedules/s",12} {"turns/s",12} {"turns",6}  {"target",8}  Coyote");
        Report("5 senders to 1 receiver, random", only, senders, StrategyKind.Random, 300_000, "100,000", "85-511");
        Report("5 senders to 1 receiver, pct 3", only, senders, StrategyKind.Pct, 100_000, "", "");
        Report("5 senders to 1 receiver, pos", only, senders, StrategyKind.Pos, 100_000, "", "");
        Report("5 senders to 1 receiver, pctcp 3", only, senders, StrategyKind.Pctcp, 30_000, "", "");
        Report("7 senders to 1 receiver, dpor", only, new LittleProgram(7, 1), StrategyKind.Dpor, 5_040, "", "");
        Report("9 senders to 1 receiver, dpor", only, new LittleProgram(9, 1), StrategyKind.Dpor, 362_880, "36,288", "");
        Report("ping-pong of 100 rounds, random", only, new LittleProgram(0, 100), StrategyKind.Random, 20_000, "5,400", "54");
        Report("race:slot-reuse, random", only, Race("slot-reuse"), StrategyKind.Random, 200_000, "", "");
        Report("collided fault on the whole kernel, random", only, new ScenarioSubject(collided, "collided-read"), StrategyKind.Random, 3_000, "2,000", "", timers: 6);
        Report("two threads on the whole kernel, random", only, new ScenarioSubject(machine, "two-threads"), StrategyKind.Random, 3_000, "2,000", "", timers: 6);
        Report("two threads on the whole kernel, dpor", only, new ScenarioSubject(machine, "two-threads"), StrategyKind.Dpor, 490, "2,000", "", timers: 0);
        return 0;
    }

    private static ModelSubject Race(string name) => new(ModelSettings.Parse(CountedModels.Find(name)!, isFixed: false, []));

    private static void Report(string name, string only, ISubject subject, StrategyKind strategy, long schedules, string target, string coyote, int timers = 1)
    {
        if (!name.Contains(only, StringComparison.Ordinal))
        {
            return;
        }

        var options = new ExplorationOptions
        {
            Strategy = strategy, Schedules = schedules, CountsTraces = false, Setting = new ExecutionSetting { TimerFirings = timers },
        };
        var rates = new List<(double Schedules, double Turns)>();
        double turns = 0;
        for (int repetition = -1; repetition < Repetitions; repetition++)
        {
            TimeSpan begin = ProcessorTime.Used();
            ExplorationResult result = new Exploration(subject, options).Run();
            double seconds = (ProcessorTime.Used() - begin).TotalSeconds;
            turns = (double)result.Turns / result.Schedules;
            if (repetition >= 0)
            {
                rates.Add((result.Schedules / seconds, result.Turns / seconds));
            }
        }

        (double perSecond, double turnsPerSecond) = rates.Order().ElementAt(Repetitions / 2);
        Console.WriteLine(FormattableString.Invariant($"{name,-44} {perSecond,12:N0} {turnsPerSecond,12:N0} {turns,6:F1}  {target,8}  {coyote}"));
    }

    /// <summary>Senders that each send one message to one receiver; or two actors that send a ball to and fro.</summary>
    private sealed class LittleProgram(int senders, int rounds) : ISubject
    {
        public string Name => "little program";

        public string Command => Name;

        public SubjectMachine Build(SteppedOptions options)
        {
            var host = new SteppedHost(options);
            ActorId receiver = host.Create(new Echo(senders == 0 ? rounds : 0), Role.Thread);
            for (int i = 0; i < Math.Max(senders, 1); i++)
            {
                ActorId sender = host.Create(new Sender(receiver), Role.Thread);
                host.Inject(sender, Message.Of(new Ball()));
            }

            return new SubjectMachine(host, new NoJudge());
        }
    }

    private readonly record struct Ball : IMessage
    {
        public static int Kind => 9_201;
    }

    private sealed class Sender(ActorId to) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox) => outbox.Send(to, new Ball());

        public void Encode(StateCodec codec)
        {
        }
    }

    private sealed class Echo(int rounds) : IActor
    {
        private int _heard;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (_heard++ < rounds)
            {
                outbox.Send(delivery.Sender, new Ball());
            }
        }

        public void Encode(StateCodec codec) => codec.Field("heard", ref _heard);
    }

    private sealed class NoJudge : IJudge
    {
        public Violation? Violation => null;

        public void Begin()
        {
        }

        public void End(long turns)
        {
        }

        public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
        {
        }
    }
}
