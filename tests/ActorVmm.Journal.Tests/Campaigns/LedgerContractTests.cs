using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Journal.Tests.Campaigns;

/// <summary>What a campaign's book promises, wherever it lies.</summary>
public abstract class LedgerContractTests : IDisposable
{
    protected static readonly CampaignPlan Plan = new("small.yaml", 5, 104)
    {
        InputPath = "/somewhere/small.yaml", InputSha256 = new string('a', 64), Kernel = "build 1", Settings = [new("--frames", "256")],
    };

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void EverySeedIsClaimedOnceByWhomeverAsks()
    {
        using ICampaignLedger one = Open();
        using ICampaignLedger other = Open();
        List<ulong> claimed = [];
        for (int turn = 0; ; turn++)
        {
            if ((turn % 2 == 0 ? one : other).Claim(7) is not { } lease)
            {
                break;
            }

            claimed.AddRange(lease.Left());
        }

        claimed.Order().ShouldBe(Enumerable.Range(5, 100).Select(seed => (ulong)seed));
        one.Claim(1).ShouldBeNull();
    }

    [Fact]
    public void ASeedHasOneRowWhateverComesLater()
    {
        using ICampaignLedger ledger = Open();
        ledger.Claim(100).ShouldNotBeNull();
        ledger.Settle([Result(7), Result(8, Finding("lost"))]).ShouldHaveSingleItem().Seed.ShouldBe(8UL);
        ledger.Settle([Result(8, Finding("lost"), Finding("other")) with { Turns = 1_000 }, Result(7)]).ShouldBeEmpty();

        ledger.Totals().ShouldBe(new CampaignTotals { Done = 2, Found = 1, Turns = 15, Messages = 4, Accesses = 6, PageFaults = 8, Schedules = 2, ViolatingSchedules = 1 });
        ledger.Results().Select(result => (result.Seed, result.Fingerprint, result.Turns)).ShouldBe([(7UL, new Fingerprint(7, 70), 7L), (8UL, new Fingerprint(8, 80), 8L)]);
        ledger.Findings().ShouldHaveSingleItem().Seeds.ShouldBe(1);
    }

    [Fact]
    public void AFindingIsToldOnceAndCountsItsSeeds()
    {
        using (ICampaignLedger ledger = Open())
        {
            ledger.Claim(100).ShouldNotBeNull();
            ledger.Settle([Result(20, Finding("lost"), Finding("rare"))]).Count.ShouldBe(2);
            ledger.Settle([Result(9, Finding("lost"), Finding("lost"))]).ShouldBeEmpty();
            ledger.Recorded(Finding("lost").Key, "01RUN");
        }

        using ICampaignLedger again = Open();
        again.Findings().ShouldBe(
        [
            new FindingGroup(20, Finding("lost")) { Seeds = 2, LowestSeed = 9, Run = "01RUN" },
            new FindingGroup(20, Finding("rare")) { Seeds = 1, LowestSeed = 20 },
        ]);
    }

    [Fact]
    public void WhatSomebodyLeftBehindIsClaimedWithoutWhatHeDid()
    {
        using ICampaignLedger staying = Open();
        using (ICampaignLedger leaving = Open())
        {
            leaving.Claim(10).ShouldNotBeNull().First.ShouldBe(5UL);
            leaving.Settle([Result(5), Result(6), Result(9)]);
            staying.Claim(10).ShouldNotBeNull().First.ShouldBe(15UL);
        }

        staying.Claim(10).ShouldNotBeNull().Left().ShouldBe([7UL, 8UL, 10UL, 11UL, 12UL, 13UL, 14UL]);
        staying.Claim(10).ShouldNotBeNull().First.ShouldBe(25UL);
        staying.Totals().Done.ShouldBe(3);
    }

    [Fact]
    public void ALeaseIsForgottenWhenItsSeedsHaveRows()
    {
        using (ICampaignLedger ledger = Open())
        {
            SeedLease lease = ledger.Claim(100).ShouldNotBeNull();
            ledger.Settle([.. lease.Left().Select(seed => Result(seed))]);
        }

        using ICampaignLedger again = Open();
        again.Claim(100).ShouldBeNull();
        again.Totals().Done.ShouldBe(100);
    }

    [Fact]
    public void AnotherPlanIsAnotherCampaign()
    {
        using ICampaignLedger one = Open();
        one.Claim(100).ShouldNotBeNull();
        foreach (CampaignPlan other in (CampaignPlan[])[Plan with { Last = 105 }, Plan with { Kernel = "build 2" }, Plan with { InputSha256 = new string('b', 64) }, Plan with { Settings = [] }])
        {
            using ICampaignLedger ledger = Open(other);
            ledger.Claim(1).ShouldNotBeNull().First.ShouldBe(5UL);
        }
    }

    protected static SeedResult Result(ulong seed, params SeedFinding[] findings) => new(seed, new Fingerprint(seed, seed * 10))
    {
        Turns = (long)seed, Messages = 2, Accesses = 3, PageFaults = 4, ViolatingSchedules = findings.Length > 0 ? 1 : 0, Findings = findings,
    };

    protected ICampaignLedger Open() => Open(Plan);

    protected abstract ICampaignLedger Open(CampaignPlan plan);

    protected abstract void Dispose(bool disposing);

    private static SeedFinding Finding(string shape) => new("NothingIsLost", shape, shape + " with this seed") { ShrunkTurns = 3, Schedule = "s1.0.x", ShrunkSchedule = "s1..x" };
}
