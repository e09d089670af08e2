using System.Globalization;
using ActorVmm.Machine.Summary;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests;

/// <summary>Same plan, same fingerprint; whoever watches changes nothing.</summary>
public sealed class DeterminismTests
{
    private const string Name = "first-look";
    private const string Idle = "  one:\n    phases: [ { idle: 1ms } ]\n";

    [Fact]
    public void TheSameRunTwiceIsTheSameRun() => FingerprintOf(1).ShouldBe(FingerprintOf(1));

    [Fact]
    public void AnotherSeedIsAnotherRun() => FingerprintOf(1).ShouldNotBe(FingerprintOf(2));

    [Fact]
    public void ARunThatDrawsNothingHasASeedToo()
    {
        using Scenario one = Runs.Small(Idle, seed: 1);
        using Scenario two = Runs.Small(Idle, seed: 2);
        Runs.Of(one).Fingerprint.ShouldNotBe(Runs.Of(two).Fingerprint);
    }

    [Fact]
    public void SpecificationsOnlyListen() => FingerprintOf(1, specifications: false).ShouldBe(FingerprintOf(1, specifications: true));

    [Fact]
    public void CultureDecidesNothing()
    {
        Fingerprint before = FingerprintOf(1);
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            other.NumberFormat.NegativeSign = "−";
            CultureInfo.CurrentCulture = other;
            FingerprintOf(1).ShouldBe(before);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void HowOftenSomebodyLooksDecidesNothing()
    {
        using Scenario scenario = Runs.Named(Name, 1);
        SimulatedMachine machine = MachineBuilder.Build(scenario, []);
        int looks = 0;
        while (machine.Host.Run(maxTurns: 499) != Runtime.RunOutcome.Quiescent)
        {
            Census census = Census.Of(machine);
            census.Pages.Sum.ShouldBe(census.Pages.Total);
            looks++;
        }

        looks.ShouldBeGreaterThan(100);
        machine.Fingerprint().ShouldBe(FingerprintOf(1));
    }

    private static Fingerprint FingerprintOf(ulong seed, bool specifications = false)
    {
        using Scenario scenario = Runs.Named(Name, seed);
        return Runs.Of(scenario, specifications).Fingerprint;
    }
}
