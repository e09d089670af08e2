using ActorVmm.Machine.Timelines;

namespace ActorVmm.Machine.Tests.Timelines;

/// <summary>A run saves its state seldom enough that nobody notices.</summary>
public sealed class RunSnapshotsTests
{
    private const long Many = 300_000;
    private const long Large = 100 << 20;

    private readonly SetClock _clock = new();

    [Theory]
    [InlineData(500, Many, Large, 0, false)]
    [InlineData(2_000, 199_999, Large, 0, false)]
    [InlineData(2_000, Many, 100, 26, false)]
    [InlineData(2_000, Many, 100, 25, true)]
    public void TheFirstWaitsForASecondForDeliveriesAndForRows(int milliseconds, long turns, long rows, long snapshots, bool due)
    {
        var run = new RunSnapshots(_clock, "deterministic");
        _clock.Pass(TimeSpan.FromMilliseconds(milliseconds));
        run.IsDue(turns, rows, snapshots).ShouldBe(due);
    }

    [Fact]
    public void SavingThatTakesLongIsDoneSeldom()
    {
        using var scenario = RecordedRuns.Crowd();
        SimulatedMachine machine = MachineBuilder.Build(scenario, []);
        var run = new RunSnapshots(_clock, "deterministic");
        _clock.Pass(TimeSpan.FromSeconds(2));
        _clock.EachLook = TimeSpan.FromMilliseconds(60);
        run.Take(machine);
        _clock.EachLook = TimeSpan.Zero;

        run.IsDue(Many, Large, 0).ShouldBeFalse("saving has taken 60 ms of two seconds, and would again");
        _clock.Pass(TimeSpan.FromSeconds(2));
        run.IsDue(Many, Large, 0).ShouldBeTrue("twice 60 ms are 3 % of four seconds");
    }

    /// <summary>A clock that goes as far as it is told, and a little each time that somebody looks.</summary>
    private sealed class SetClock : TimeProvider
    {
        private long _ticks;

        public TimeSpan EachLook { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp()
        {
            long now = _ticks;
            _ticks += EachLook.Ticks;
            return now;
        }
    }
}
