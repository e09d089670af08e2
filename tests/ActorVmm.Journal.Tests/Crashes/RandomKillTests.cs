namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>The program is killed at any moment, without warning.</summary>
public sealed class RandomKillTests : IDisposable
{
    private static readonly int _kills = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 200 : 20;

    private readonly TemporaryFolder _folder = new();
    private readonly Victim _victim = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NothingAcknowledgedIsLostAndTheRunGoesOn()
    {
        TimeSpan took = HowLongItTakes();
        var random = new Random(20261120);
        int cutOff = 0;
        for (int i = 0; i < _kills; i++)
        {
            string journal = _folder[FormattableString.Invariant($"{i}.db")];
            Actorvmm.Ended killed = KillAfter(took * random.NextDouble(), Victim.Run(journal, "--specifications", i % 4 == 0 ? "on" : "off"));
            StreamVerdict? verdict = _victim.Judge(journal, killed.DurableThrough);
            if (verdict is { Condition: StreamCondition.CutOff } && cutOff++ % 20 == 0)
            {
                Victim.ShouldBeCalledCutOff(journal);
            }

            _victim.ShouldGoOn(journal, verdict);
        }

        cutOff.ShouldBeGreaterThan(_kills / 4, "most moments lie in the middle of the run");
    }

    [Fact]
    public void FiveKillsInARowDoNoHarm()
    {
        string journal = _folder["run.db"];
        long told = 0;
        for (int i = 0; i < 5; i++)
        {
            // As soon as it has got further than the one before.
            long before = told;
            Actorvmm.Ended killed = Actorvmm.RunCommand(i == 0 ? Victim.Run(journal) : Victim.GoOn(journal), acknowledged: (process, last) =>
            {
                if (last > before)
                {
                    process.Kill();
                }
            });
            killed.WasKilled.ShouldBeTrue(killed.Error);
            told = killed.DurableThrough;
            told.ShouldBeGreaterThan(before);
            StreamVerdict verdict = _victim.Judge(journal, told).ShouldNotBeNull();
            verdict.Condition.ShouldBe(StreamCondition.CutOff);
            told = verdict.Deliveries;
        }

        using (IJournalStore store = JournalStores.Open(journal))
        {
            new JournalReader(store).Open(JournalReader.Latest).Resumptions().Count().ShouldBe(4);
        }

        _victim.ShouldGoOn(journal, _victim.Judge(journal, told));
    }

    /// <summary>From its start to its end, as the machine is loaded now: kills are spread over that.</summary>
    private TimeSpan HowLongItTakes()
    {
        long began = TimeProvider.System.GetTimestamp();
        Actorvmm.RunCommand(Victim.Run(_folder["measured.db"], "--specifications", "off")).Code.ShouldBe(0);
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
