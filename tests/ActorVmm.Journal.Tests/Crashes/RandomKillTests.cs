namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>The program is killed at any moment, without warning.</summary>
public sealed class RandomKillTests : IDisposable
{
    private static readonly int _kills = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 200 : 20;

    private readonly TemporaryFolder _folder = new();
    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void NothingAcknowledgedIsLostAndTheRunGoesOn(int workers)
    {
        var victim = new Victim(_folder, workers);
        TimeSpan took = HowLongItTakes(victim);
        var random = new Random(20261120);
        int kills = victim.IsDeterministic ? _kills * 3 / 4 : _kills / 4;
        int cutOff = 0;
        for (int i = 0; i < kills; i++)
        {
            string journal = _folder[FormattableString.Invariant($"{i}.db")];
            Actorvmm.Ended killed = KillAfter(took * random.NextDouble(), victim.Run(journal, "--specifications", i % 4 == 0 ? "on" : "off"));
            StreamVerdict? verdict = victim.Judge(journal, killed.DurableThrough);
            if (verdict is { Condition: StreamCondition.CutOff } && cutOff++ % 20 == 0)
            {
                Victim.ShouldBeCalledCutOff(journal);
            }

            victim.ShouldGoOn(journal, verdict);
        }

        cutOff.ShouldBeGreaterThan(kills / 4, "most moments lie in the middle of the run");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void FiveKillsInARowDoNoHarm(int workers)
    {
        var victim = new Victim(_folder, workers, rounds: 15);
        string journal = _folder["run.db"];
        long told = 0;
        for (int i = 0; i < 5; i++)
        {
            // As soon as it has got further than the one before.
            long before = told;
            Actorvmm.Ended killed = Actorvmm.RunCommand(i == 0 ? victim.Run(journal) : Victim.GoOn(journal), acknowledged: (process, last) =>
            {
                if (last > before)
                {
                    process.Kill();
                }
            });
            killed.WasKilled.ShouldBeTrue(killed.Error);
            told = killed.DurableThrough;
            told.ShouldBeGreaterThan(before);
            StreamVerdict verdict = victim.Judge(journal, told).ShouldNotBeNull();
            verdict.Condition.ShouldBe(StreamCondition.CutOff);
            told = verdict.Deliveries;
        }

        using (IJournalStore store = JournalStores.Open(journal))
        {
            new JournalReader(store).Open(JournalReader.Latest).Resumptions().Count().ShouldBe(4);
        }

        victim.ShouldGoOn(journal, victim.Judge(journal, told));
    }

    /// <summary>From its start to its end, as the machine is loaded now: kills are spread over that.</summary>
    private TimeSpan HowLongItTakes(Victim victim)
    {
        long began = TimeProvider.System.GetTimestamp();
        Actorvmm.RunCommand(victim.Run(_folder["measured.db"], "--specifications", "off")).Code.ShouldBe(0);
        File.Delete(_folder["measured.db"]);
        return TimeProvider.System.GetElapsedTime(began);
    }

    private static Actorvmm.Ended KillAfter(TimeSpan delay, string[] command) => Actorvmm.RunCommand(command, process =>
    {
        // The moment itself is what is tried here; whichever it turns out to be, the same must hold.
        process.WaitForExit(delay);
        process.Kill();
    });
}
