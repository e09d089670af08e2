using ActorVmm.Journal.Replaying;
using ActorVmm.Machine;
using ActorVmm.Workloads.Scenarios;
using Recorded = ActorVmm.Journal.Tests.Replaying.Recording;

namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>A run of about a second whose process comes to a bad end, and what must be true of its journal afterwards.</summary>
internal sealed class Victim
{
    private const string Name = "thrash";

    private readonly Lazy<(long Deliveries, Fingerprint Fingerprint)> _whole = new(static () =>
    {
        using Scenario scenario = Recorded.Scenario(Name);
        SimulatedMachine machine = MachineBuilder.Build(scenario, []);
        machine.Host.Run();
        return (machine.Host.Statistics.Turns, machine.Fingerprint());
    });

    /// <summary>Turns of the run when nobody disturbs it.</summary>
    public long Deliveries => _whole.Value.Deliveries;

    /// <summary>The command line of the run.</summary>
    public static string[] Run(string journal, params string[] flags) => Actorvmm.Command(["run", Name, "--journal", journal, "--json", "--progress", "20ms", .. flags]);

    /// <summary>The command line that goes on with it.</summary>
    public static string[] GoOn(string journal) => Actorvmm.Command("replay", journal, "--resume", "--json", "--progress", "20ms");

    /// <summary>
    /// Everything that was acknowledged is there; the journal is unbroken; and what is there is the run as it would have been, up to the
    /// last delivery.
    /// </summary>
    /// <param name="journal">Where the run was recorded.</param>
    /// <param name="acknowledged">The last <c>durableThrough</c> that was printed.</param>
    /// <returns>How the run was found; null when not even its beginning is there.</returns>
    public StreamVerdict? Judge(string journal, long acknowledged)
    {
        if (!File.Exists(journal) && !JournalStores.IsPostgres(journal))
        {
            acknowledged.ShouldBe(0);
            return null;
        }

        using IJournalStore store = JournalStores.Open(journal);
        IReadOnlyList<StreamVerdict> verdicts = new JournalVerifier(store).VerifyAll();
        if (verdicts.Count == 0)
        {
            acknowledged.ShouldBe(0);
            return null;
        }

        StreamVerdict verdict = verdicts.ShouldHaveSingleItem();
        verdict.Condition.ShouldNotBe(StreamCondition.Damaged, verdict.Words);
        verdict.Deliveries.ShouldBeGreaterThanOrEqualTo(acknowledged);
        var reader = new JournalReader(store);
        RecordedRun run = reader.Open(JournalReader.Latest);
        run.Deliveries().ShouldBe(verdict.Deliveries);
        reader.EndOf(run.Stream).ShouldBe(verdict.Condition == StreamCondition.CutOff ? JournalReader.CutOff : "finished");
        ShouldReplay(run, verdict.Deliveries);
        return verdict;
    }

    /// <summary>Goes on with the run to its end, if it has none, and it is the run that nobody disturbed.</summary>
    public void ShouldGoOn(string journal, StreamVerdict? verdict)
    {
        Actorvmm.Ended ended = Actorvmm.RunCommand(GoOn(journal));
        if (verdict is not { Condition: StreamCondition.CutOff })
        {
            ended.Code.ShouldBe(4, ended.Error);
            return;
        }

        ended.Code.ShouldBe(0, ended.Error);
        ended.Summary.GetProperty("fingerprint").GetString().ShouldBe(_whole.Value.Fingerprint.ToString());
        ended.DurableThrough.ShouldBe(Deliveries);
        StreamVerdict whole = Judge(journal, Deliveries).ShouldNotBeNull();
        (whole.Condition, whole.Deliveries).ShouldBe((StreamCondition.Whole, Deliveries));
    }

    /// <summary>The program itself says of a journal that its run was cut off, and not that it is damaged.</summary>
    public static void ShouldBeCalledCutOff(string journal)
    {
        Actorvmm.Run("journal", "list", journal).Output.ShouldContain("cut off");
        Actorvmm.Run("journal", "info", journal).Output.ShouldContain("cut off");
        Actorvmm.Ended verified = Actorvmm.Run("journal", "verify", journal);
        (verified.Code, verified.Output.Split(' ')[0]).ShouldBe((0, "cut"));
        Actorvmm.Ended replayed = Actorvmm.Run("replay", journal, "--verify");
        replayed.Code.ShouldBe(0, replayed.Error);
        replayed.Output.ShouldContain("was cut off");
    }

    /// <summary>The journal's machine is the machine of an undisturbed run after as many turns.</summary>
    private static void ShouldReplay(RecordedRun run, long deliveries)
    {
        using Scenario scenario = Recorded.Scenario(Name);
        SimulatedMachine undisturbed = MachineBuilder.Build(scenario, []);
        undisturbed.Host.Run(maxTurns: deliveries);
        SimulatedMachine? again = null;
        using Scenario second = Recorded.Scenario(Name);
        using Replayer replayer = Replayer.Of(run, (_, hostOf) => (again = MachineBuilder.Build(second, [], hostOf)).Fingerprint);
        ReplayResult result = replayer.Run();
        (result.Divergence, result.Deliveries).ShouldBe((null, deliveries));
        ((RecordedHost)replayer.Host).While(((DeterministicHost)undisturbed.Host).TurnsUnderWay, [], again!.Fingerprint).ShouldBe(undisturbed.Fingerprint());
    }
}
