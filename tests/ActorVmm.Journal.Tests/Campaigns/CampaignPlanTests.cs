using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Journal.Tests.Campaigns;

/// <summary>A plan travels as bytes, and its id says what it comes to, not where it lies.</summary>
public sealed class CampaignPlanTests
{
    private static readonly CampaignPlan _plan = new("small.yaml", 1, CampaignPlan.MostSeed)
    {
        InputPath = "/here/small.yaml", InputSha256 = new string('a', 64), Kernel = "build 1", Settings = [new("--frames", "256"), new("", "ü")],
    };

    [Fact]
    public void ItIsReadAsItWasWritten()
    {
        CampaignPlan read = CampaignPlan.Decode(_plan.Encode());
        read.Settings.ShouldBe(_plan.Settings);
        (read with { Settings = _plan.Settings }).ShouldBe(_plan);
        read.Id.ShouldBe(_plan.Id);
        read.Seeds.ShouldBe(long.MaxValue);
    }

    [Fact]
    public void WhatIsNoPlanIsRefused()
    {
        byte[] bytes = _plan.Encode();
        for (int length = 0; length < bytes.Length; length++)
        {
            Should.Throw<FormatException>(() => CampaignPlan.Decode(bytes.AsSpan(0, length)));
        }

        Should.Throw<FormatException>(() => CampaignPlan.Decode((_plan with { First = 9, Last = 8 }).Encode()));
    }

    [Fact]
    public void WhereTheInputLiesDoesNotMatter() =>
        (_plan with { Subject = "../small.yaml", InputPath = "/there/small.yaml" }).Id.ShouldBe(_plan.Id);

    [Fact]
    public void AnotherRaceIsAnotherCampaign() =>
        new CampaignPlan("race:a", 1, 2).Id.ShouldNotBe(new CampaignPlan("race:b", 1, 2).Id);
}
