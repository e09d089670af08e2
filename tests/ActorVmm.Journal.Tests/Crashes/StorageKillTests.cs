using System.Globalization;

namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>The program is killed in the middle of a chosen storage call: the N-th write, fsync or the like on the journal's files.</summary>
public sealed class StorageKillTests : IDisposable
{
    /// <summary>Calls in which the file and its tables are made.</summary>
    private const int Creation = 45;

    private static readonly int _kills = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 100 : 10;

    private readonly TemporaryFolder _folder = new();
    private readonly Victim _victim = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NothingAcknowledgedIsLostAndTheRunGoesOn()
    {
        string log = _folder["strace.log"];
        Actorvmm.RunCommand(Strace.Around(Victim.Run(_folder["whole.db"], "--specifications", "off"), _folder["whole.db"], fault: null, log)).Code.ShouldBe(0);
        int calls = Strace.CallsIn(log);
        calls.ShouldBeGreaterThan(100);
        int cutOff = 0;
        for (int i = 0; i < _kills; i++)
        {
            // A third while the file is made, the others over all of the run.
            int third = _kills / 3;
            int when = i < third ? 1 + (i * Creation / third) : Creation + ((i - third) * (calls - Creation) / (_kills - third));
            string journal = _folder[FormattableString.Invariant($"{i}.db")];
            string fault = "signal=KILL:when=" + when.ToString(CultureInfo.InvariantCulture);
            Actorvmm.Ended killed = Actorvmm.RunCommand(Strace.Around(Victim.Run(journal, "--specifications", "off"), journal, fault, log));
            killed.WasKilled.ShouldBeTrue(fault + killed.Error);
            StreamVerdict? verdict = _victim.Judge(journal, killed.DurableThrough);
            cutOff += verdict is { Condition: StreamCondition.CutOff } ? 1 : 0;
            _victim.ShouldGoOn(journal, verdict);
        }

        cutOff.ShouldBeGreaterThan(_kills / 2);
    }
}
