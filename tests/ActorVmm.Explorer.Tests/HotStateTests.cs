namespace ActorVmm.Explorer.Tests;

/// <summary>A state that must not last is found when it does: at the end, when an execution is too long, and beyond its bound.</summary>
public sealed class HotStateTests
{
    [Fact]
    public void AStateThatEndsIsFine() => Explored.Dpor(new ModelSubject(ModelSettings.Parse(new Waiter(bound: 100), isFixed: true, [])), DeliveryModel.Fifo).Findings.ShouldBeEmpty();

    [Fact]
    public void OneThatIsHotAtTheEndIsFound()
    {
        ExplorationResult result = Explored.Dpor(Subject(100, "rounds=0"), DeliveryModel.Fifo);

        result.Findings.ShouldHaveSingleItem().Violation.ShouldBe(new Violation("waiting ends", 2, "somebody waits") { IsAtEnd = true });
    }

    [Fact]
    public void OneThatIsHotWhenAnExecutionIsTooLongIsFound()
    {
        ExplorationResult result = new Exploration(Subject(1_000, "rounds=1000"), new ExplorationOptions
        {
            Strategy = StrategyKind.Random,
            Schedules = 1,
            Setting = new ExecutionSetting { MostTurns = 50 },
        }).Run();

        (result.TooLong, result.Findings.ShouldHaveSingleItem().Violation.Turn).ShouldBe((1, 50));
    }

    [Fact]
    public void OneThatIsHotForMoreTurnsThanItMayIsFoundThen()
    {
        ExplorationResult result = new Exploration(Subject(10, "rounds=1000"), new ExplorationOptions
        {
            Strategy = StrategyKind.Replay,
            Setting = new ExecutionSetting { MostTurns = 50 },
        }).Run();

        result.Findings.ShouldHaveSingleItem().Violation.Turn.ShouldBe(12);
    }

    private static ModelSubject Subject(long bound, params string[] parameters) => new(ModelSettings.Parse(new Waiter(bound), isFixed: false, parameters));

    /// <summary>One waits from its first turn on; another talks to itself, and states a fact each time; the repaired one answers.</summary>
    private sealed class Waiter(long bound) : RaceModel
    {
        public override string Name => "waiter";

        public override string Title => "";

        public override string Story => "";

        public override string Repair => "";

        public override string Promise => "waiting ends";

        public override long HotTurns => bound;

        public override IReadOnlyList<ModelParameter> Parameters { get; } =
            [ModelParameter.Number("rounds", 3, 0, "words that the other says to itself")];

        public override IReadOnlyList<KnownCount> Known => [];

        public override string WordsOf(int which) => "somebody waits";

        protected internal override void Build(ModelStage stage, ModelSettings settings)
        {
            int rounds = settings["rounds"];
            ActorId waiter = stage.AddStarting("W", new Part((self, delivery, outbox) =>
            {
                if (delivery.Kind != Start.Kind)
                {
                    self.Memory[0] = 1;
                    outbox.State(new HotEnded(1));
                }
                else if (self.Memory[0] == 0)
                {
                    outbox.State(new HotBegan(1, 0));
                }
            }));
            stage.AddStarting("A", new Part((self, _, outbox) =>
            {
                outbox.State(new HotEnded(2));
                if (self.Memory[0]++ < rounds)
                {
                    outbox.Send(outbox.Self, new Word(0));
                }
                else if (settings.IsFixed)
                {
                    outbox.Send(waiter, new Word(0));
                }
            }));
        }
    }
}
