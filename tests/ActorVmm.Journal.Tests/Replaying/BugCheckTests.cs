using ActorVmm.Journal.Replaying;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>A turn that throws stops the machine, and stops it again when it is replayed: that is the same.</summary>
public sealed class BugCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, false, 1)]
    [InlineData(0, true, 1)]
    [InlineData(1, false, 1)]
    [InlineData(2, false, 1)]
    [InlineData(2, false, 2)]
    [InlineData(2, true, 1)]
    public void ABugCheckIsReplayed(int workers, bool messages, int threads)
    {
        var how = new Recording.How { Workers = workers, Messages = messages, Sabotage = Ticks.FromMilliseconds(3), Slice = 500 };
        Recording.Told told = Recording.Of(Recording.Small(3), _folder["run.db"], how);
        told.Deliveries.ShouldBeGreaterThan(100);
        using (IJournalStore store = JournalStores.Open(_folder["run.db"]))
        {
            new JournalReader(store).Open("latest").Ended.ShouldNotBeNull().Stop.ShouldContain("PfnDatabase");
        }

        ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Small(3), how: how, threads: threads);
        result.Divergence.ShouldBeNull();
        result.Stop.ShouldContain("PfnDatabase");
        (result.Deliveries, result.Fingerprint, result.Recorded).ShouldBe((told.Deliveries, told.Fingerprint, told.Fingerprint));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void OneThatDoesNotComeAgainIsADivergence(int workers)
    {
        Recording.Of(Recording.Small(3), _folder["run.db"], new() { Workers = workers, Sabotage = Ticks.FromMilliseconds(3) });
        ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Small(3));
        result.Divergence.ShouldNotBeNull();
    }
}
