namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>Runs that are killed, and what has to be true of their journals.</summary>
/// <param name="folder">Where the journals are.</param>
/// <param name="victim">The run.</param>
internal sealed class Kills(TemporaryFolder folder, Victim victim)
{
    /// <summary>How many there are altogether.</summary>
    public static int Usual { get; } = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 200 : 20;

    /// <summary>Each of so many runs is killed at some moment between its start and its end, and gone on with.</summary>
    public void AtRandom(int kills)
    {
        TimeSpan took = HowLongItTakes();
        var random = new Random(20261120);
        int cutOff = 0;
        for (int i = 0; i < kills; i++)
        {
            string journal = folder[FormattableString.Invariant($"{i}.db")];
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

    /// <summary>One run is killed again and again, whenever it has got further than the time before, and gone on with.</summary>
    public void InARow(int kills)
    {
        int tooLate = 0;
        while (!TryInARow(folder[FormattableString.Invariant($"run-{tooLate}.db")], kills))
        {
            (++tooLate).ShouldBeLessThan(5, "runs that came to their end before they could be killed");
        }
    }

    /// <returns>Whether each kill came before the run's end; on a busy machine one may come too late.</returns>
    private bool TryInARow(string journal, int kills)
    {
        long told = 0;
        for (int i = 0; i < kills; i++)
        {
            long before = told;
            Actorvmm.Ended killed = Actorvmm.RunCommand(i == 0 ? victim.Run(journal) : Victim.GoOn(journal), acknowledged: (process, last) =>
            {
                if (last > before)
                {
                    process.Kill();
                }
            });
            (killed.WasKilled || killed.Code == 0).ShouldBeTrue(killed.Error);
            StreamVerdict verdict = victim.Judge(journal, killed.DurableThrough).ShouldNotBeNull();
            verdict.Deliveries.ShouldBeGreaterThan(before);
            if (verdict.Condition != StreamCondition.CutOff)
            {
                return false;
            }

            told = verdict.Deliveries;
        }

        using (IJournalStore store = JournalStores.Open(journal))
        {
            new JournalReader(store).Open(JournalReader.Latest).Resumptions().Count().ShouldBe(kills - 1);
        }

        victim.ShouldGoOn(journal, victim.Judge(journal, told));
        return true;
    }

    /// <summary>From its start to its end, as the machine is loaded now: kills are spread over that.</summary>
    private TimeSpan HowLongItTakes()
    {
        long began = TimeProvider.System.GetTimestamp();
        Actorvmm.RunCommand(victim.Run(folder["measured.db"], "--specifications", "off")).Code.ShouldBe(0);
        File.Delete(folder["measured.db"]);
        return TimeProvider.System.GetElapsedTime(began);
    }

    private static Actorvmm.Ended KillAfter(TimeSpan delay, string[] command) => Actorvmm.RunCommand(command, process =>
    {
        // The moment itself is what is tried here; whichever it turns out to be, the same must hold.
        process.WaitForExit(delay);
        process.Kill();
    });
}
