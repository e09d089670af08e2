using ActorVmm.Actors;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Campaigns;

namespace ActorVmm.Machine.Tests.Campaigns;

/// <summary>Many workers come to what one comes to, and what goes wrong with a seed names it.</summary>
public sealed class LocalCampaignTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EverySeedIsRunOnceHoweverManyWorkersThereAre(int workers)
    {
        using var ledger = new MemoryLedger(new CampaignPlan("thirds", 10, 1_009));
        CampaignBook book = Run(ledger, () => new Thirds(), workers, CancellationToken.None);

        ledger.Results().Select(result => result.Seed).ShouldBe(Enumerable.Range(10, 1_000).Select(seed => (ulong)seed));
        book.Totals.ShouldBe(ledger.Totals());
        ledger.Totals().Found.ShouldBe(333);
        FindingGroup group = ledger.Findings().ShouldHaveSingleItem();
        (group.Seeds, group.LowestSeed, group.Finding.Shape).ShouldBe((333L, 12UL, "a third"));
        CampaignFingerprint.Of(ledger.Results()).ShouldBe(CampaignFingerprint.Of(ledger.Results().Reverse()));
        book.NextFinding().ShouldNotBeNull();
        book.NextFinding().ShouldBeNull();
    }

    [Fact]
    public void AFindingIsRecordedOnce()
    {
        List<ulong> recorded = [];
        using var ledger = new MemoryLedger(new CampaignPlan("thirds", 1, 300));
        var book = new CampaignBook(ledger, TimeProvider.System, (group, _) =>
        {
            recorded.Add(group.Seed);
            return "01RUN";
        });
        new LocalCampaign(book, () => new Thirds(), 3).Run(CancellationToken.None, () => { });

        ledger.Findings().ShouldHaveSingleItem().Run.ShouldBe("01RUN");
        recorded.ShouldHaveSingleItem();
    }

    [Fact]
    public void AJournalThatIsLockedIsTriedAgainAndThenSaidSo()
    {
        int tries = 0;
        using var ledger = new MemoryLedger(new CampaignPlan("thirds", 3, 3));
        var book = new CampaignBook(ledger, TimeProvider.System, (_, _) => tries++ < 1 ? throw new Journal.JournalStorageException("locked") : "01RUN");
        new LocalCampaign(book, () => new Thirds(), 1).Run(CancellationToken.None, () => { });
        ledger.Findings().ShouldHaveSingleItem().Run.ShouldBe("01RUN");

        using var other = new MemoryLedger(new CampaignPlan("thirds", 3, 3));
        var locked = new CampaignBook(other, TimeProvider.System, (_, _) => throw new Journal.JournalStorageException("locked"));
        Should.Throw<Journal.JournalStorageException>(() => new LocalCampaign(locked, () => new Thirds(), 1).Run(CancellationToken.None, () => { }));
        other.Totals().Done.ShouldBe(1);
    }

    [Fact]
    public void ASeedThatCannotBeRunIsNamed()
    {
        using var ledger = new MemoryLedger(new CampaignPlan("thirds", 1, 100));
        SeedFailedException failed = Should.Throw<SeedFailedException>(() => Run(ledger, () => new Thirds { Fails = 50 }, 2, CancellationToken.None));
        failed.Seed.ShouldBe(50UL);
        failed.Message.ShouldContain("50");
    }

    [Fact]
    public void WhoIsStoppedGivesBackWhatHeHasNotRun()
    {
        using var stop = new CancellationTokenSource();
        using var ledger = new MemoryLedger(new CampaignPlan("thirds", 1, 1_000_000));
        Run(ledger, () => new Thirds { Then = seed => { if (seed == 100) { stop.Cancel(); } } }, 2, stop.Token);
        ledger.Totals().Done.ShouldBeInRange(99, 999_999);
    }

    private static CampaignBook Run(ICampaignLedger ledger, Func<ISeedRunner> runnerOf, int workers, CancellationToken stop)
    {
        var book = new CampaignBook(ledger, TimeProvider.System);
        new LocalCampaign(book, runnerOf, workers).Run(stop, () => { });
        return book;
    }

    /// <summary>Every third seed finds something.</summary>
    private sealed class Thirds : ISeedRunner
    {
        public ulong Fails { get; init; }

        public Action<ulong>? Then { get; init; }

        public SeedResult? Run(ulong seed, CancellationToken stop)
        {
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            Then?.Invoke(seed);
            return seed == Fails
                ? throw new InvalidOperationException("as it was told to")
                : new SeedResult(seed, new Fingerprint(seed, ~seed)) { Turns = 1, Findings = seed % 3 == 0 ? [new SeedFinding("Thirds", "a third", $"{seed} is one")] : [] };
        }
    }
}
