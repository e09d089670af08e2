using ActorVmm.Journal.Replaying;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>Whole scenarios: recorded, replayed from the journal, and the replay recorded and replayed again.</summary>
public sealed class WholeRunTests : IDisposable
{
    private static readonly int _seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 100 : 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("first-look")]
    [InlineData("collided-fault")]
    [InlineData("process-churn")]
    [InlineData("pagefile-full")]
    [InlineData("low-memory-and-slow-disk")]
    [InlineData("bad-pages")]
    [InlineData("commit-growth")]
    [InlineData("job-limits")]
    [InlineData("paged-and-nonpaged-pool")]
    [InlineData("kernel-stacks")]
    [InlineData("large-pages")]
    public void AReplayIsTheRun(string name)
    {
        Recording.Told told = Recording.Of(Recording.Scenario(name), _folder["run.db"]);
        ReplayResult first = Recording.Replay(_folder["run.db"], Recording.Scenario(name), again: _folder["again.db"]);
        first.Divergence.ShouldBeNull();
        first.Deliveries.ShouldBe(told.Deliveries);
        first.Fingerprint.ShouldBe(told.Fingerprint);
        first.Recorded.ShouldBe(told.Fingerprint);

        ReplayResult second = Recording.Replay(_folder["again.db"], Recording.Scenario(name));
        second.Divergence.ShouldBeNull();
        second.Fingerprint.ShouldBe(told.Fingerprint);
    }

    [Fact]
    public void SoIsThatOfEverySeed()
    {
        for (ulong seed = 1; seed <= (ulong)_seeds; seed++)
        {
            string path = _folder[FormattableString.Invariant($"{seed}.db")];
            Recording.Told told = Recording.Of(Recording.Small(seed), path, new() { Messages = seed % 2 == 0 });
            ReplayResult result = Recording.Replay(path, Recording.Small(seed));
            (result.Divergence, result.Fingerprint).ShouldBe((null, told.Fingerprint));
        }
    }

    [Fact]
    public void CheckpointsInTheMiddleOfTurnsAreMet()
    {
        Recording.Told told = Recording.Of(Recording.Small(3), _folder["run.db"], new() { Slice = 997 });
        ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Small(3));
        result.Divergence.ShouldBeNull();
        result.Checkpoints.ShouldBe(told.Checkpoints);
        told.Checkpoints.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void ARunThatWasInterruptedReplays()
    {
        for (int stop = 500; stop < 4_000; stop += 333)
        {
            string path = _folder[FormattableString.Invariant($"{stop}.db")];
            Recording.Told told = Recording.Of(Recording.Small(3), path, new() { StopAt = stop });
            ReplayResult result = Recording.Replay(path, Recording.Small(3));
            (result.Divergence, result.Fingerprint).ShouldBe((null, told.Fingerprint));
        }
    }

    [Fact]
    public void AnotherSeedDivergesAndIsNamed()
    {
        Recording.Of(Recording.Small(3), _folder["run.db"]);
        ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Small(4));
        result.Verified.ShouldBeFalse();
        result.Divergence.ShouldNotBeNull().Delivery.ShouldBeInRange(1, result.Deliveries + 1);
    }

    [Fact]
    public void ADifferentMessageIsNamedByItsField()
    {
        Recording.Of(Recording.Small(3), _folder["run.db"], new() { Messages = true });
        ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Small(3, workingSet: 19));
        result.Divergence.ShouldNotBeNull().Words.ShouldContain(" was ");
    }

    [Fact]
    public void AReplayStopsWhereItIsTold()
    {
        Recording.Of(Recording.Small(3), _folder["run.db"]);
        ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Small(3), to: 777);
        (result.Deliveries, result.Recorded, result.Divergence).ShouldBe((777, null, null));
    }
}
