using ActorVmm.Journal.Tests;
using ActorVmm.Journal.Tests.Crashes;

namespace ActorVmm.Akka.Tests.Crashes;

/// <summary>The program, running on Akka.NET, is killed at any moment: its journal is done again without Akka.NET, and gone on with on it.</summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NothingAcknowledgedIsLostAndTheRunGoesOn() => new Kills(_folder, Victim.OnAkka(_folder, rounds: 8)).AtRandom(Kills.Usual);

    [Fact]
    public void ThreeKillsInARowDoNoHarm() => new Kills(_folder, Victim.OnAkka(_folder, rounds: 10)).InARow(3);
}
