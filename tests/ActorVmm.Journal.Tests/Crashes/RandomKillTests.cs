namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>The program is killed at any moment, without warning.</summary>
public sealed class RandomKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void NothingAcknowledgedIsLostAndTheRunGoesOn(int workers)
    {
        var victim = new Victim(_folder, workers);
        new Kills(_folder, victim).AtRandom(victim.IsDeterministic ? Kills.Usual * 3 / 4 : Kills.Usual / 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void FiveKillsInARowDoNoHarm(int workers) => new Kills(_folder, new Victim(_folder, workers, rounds: 15)).InARow(5);
}
