using System.Globalization;

namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>The program is killed in the middle of a chosen storage call: the N-th write, fsync or the like on the journal's files.</summary>
public sealed class StorageKillTests : IDisposable
{
    /// <summary>Calls in which the file and its tables are made.</summary>
    private const int Creation = 45;

    private static readonly int _kills = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 100 : 10;

    private readonly TemporaryFolder _folder = new();
    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void NothingAcknowledgedIsLostAndTheRunGoesOn(int workers)
    {
        var victim = new Victim(_folder, workers);
        int kills = victim.IsDeterministic ? _kills * 3 / 4 : _kills / 4;
        string log = _folder["strace.log"];
        Actorvmm.RunCommand(Strace.Around(victim.Run(_folder["whole.db"], "--specifications", "off"), _folder["whole.db"], fault: null, log)).Code.ShouldBe(0);
        int calls = Strace.CallsIn(log);
        calls.ShouldBeGreaterThan(100);
        int cutOff = 0;
        for (int i = 0; i < kills; i++)
        {
            // A third while the file is made, the others over all of the run.
            int third = Math.Max(1, kills / 3);
            int when = i < third ? 1 + (i * Creation / third) : Creation + (((2 * (i - third)) + 1) * ((calls * 3 / 4) - Creation) / (2 * (kills - third)));
            Actorvmm.Ended killed;
            string journal;
            do
            {
                // Each run commits as it gets on, so this one may make fewer calls than the one that was counted: then earlier.
                journal = _folder[FormattableString.Invariant($"{i}-{when}.db")];
                string fault = "signal=KILL:when=" + when.ToString(CultureInfo.InvariantCulture);
                killed = Actorvmm.RunCommand(Strace.Around(victim.Run(journal, "--specifications", "off"), journal, fault, log));
                (killed.WasKilled || killed.Code == 0).ShouldBeTrue(fault + killed.Error);
                when = Creation + ((when - Creation) / 2);
            }
            while (!killed.WasKilled && when > Creation);

            killed.WasKilled.ShouldBeTrue();
            StreamVerdict? verdict = victim.Judge(journal, killed.DurableThrough);
            cutOff += verdict is { Condition: StreamCondition.CutOff } ? 1 : 0;
            victim.ShouldGoOn(journal, verdict);
        }

        cutOff.ShouldBeGreaterThanOrEqualTo(kills / 2);
    }

    /// <summary>At the end of a run its log of commits is taken into the database file.</summary>
    [Theory]
    [InlineData("write,pwrite64", 8)]
    [InlineData("write,pwrite64", 40)]
    [InlineData("fsync,fdatasync", 3)]
    public void NorIsItWhenTheLogIsTakenIn(string calls, int when)
    {
        var victim = new Victim(_folder);
        string journal = _folder["run.db"];
        string fault = "signal=KILL:when=" + when.ToString(CultureInfo.InvariantCulture);
        Actorvmm.Ended killed = Actorvmm.RunCommand(Strace.Around(victim.Run(journal, "--specifications", "off"), journal, fault, _folder["strace.log"], calls, only: ""));
        killed.WasKilled.ShouldBeTrue(fault + killed.Error);
        victim.ShouldGoOn(journal, victim.Judge(journal, killed.DurableThrough));
    }
}
