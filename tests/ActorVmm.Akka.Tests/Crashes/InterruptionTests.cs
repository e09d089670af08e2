using System.Globalization;
using System.Text.Json;
using ActorVmm.Journal.Tests;
using ActorVmm.Journal.Tests.Crashes;

namespace ActorVmm.Akka.Tests.Crashes;

/// <summary>Who is told to stop stops, says what there was, and closes its journal.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void ASignalEndsARunWithItsSummaryAndClosesItsJournal(string signal, int code)
    {
        string journal = _folder["run.db"];
        Victim victim = Victim.OnAkka(_folder, rounds: 100_000);
        int sent = 0;

        Actorvmm.Ended ended = Actorvmm.RunCommand(victim.Run(journal, "--specifications", "off"), acknowledged: (process, _) =>
        {
            if (Interlocked.Exchange(ref sent, 1) == 0)
            {
                using var kill = System.Diagnostics.Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
                kill.WaitForExit();
            }
        });

        (ended.Code, ended.Error).ShouldBe((code, ""));
        JsonElement summary = ended.Summary;
        summary.GetProperty("type").GetString().ShouldBe("summary");
        summary.GetProperty("end").GetString().ShouldBe("interrupted");
        using IJournalStore store = JournalStores.Open(journal);
        StreamVerdict verdict = new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem();
        (verdict.Words, verdict.Condition, verdict.Deliveries).ShouldBe(("", StreamCondition.Whole, summary.GetProperty("turns").GetInt64()));
        verdict.Deliveries.ShouldBe(ended.DurableThrough);
        new JournalReader(store).EndOf(verdict.Stream).ShouldBe("interrupted");
        Actorvmm.Run("replay", journal).Code.ShouldBe(0);
    }
}
