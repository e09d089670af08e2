using System.Globalization;
using ActorVmm.Journal.Replaying;
using ActorVmm.Machine;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>A run of about a second whose process comes to a bad end, and what must be true of its journal afterwards.</summary>
internal sealed class Victim
{
    /// <summary>Half a million turns, of which forty rows are made, or a dozen on several cores.</summary>
    private const string Crowd = """
        version: 1
        name: crowd
        seed: 7
        machine: { ram: 14MiB, cpus: 4, pagingFiles: [ { size: 64MiB, latency: const(10us) } ] }
        processes:
          one:
            count: 60
            threads: 2
            workingSet: { min: 50 pages, max: 120 pages }
            phases:
              - reserve: { name: heap, size: 1MiB }
              - commit:  { region: heap, size: 512KiB }
              - repeat:
                  times: 5
                  phases:
                    - touch: { region: heap, pattern: random, writes: 40%, count: 150 }
                    - idle: exp(200us)
        """;

    private readonly string _path;
    private readonly string[] _host;
    private readonly Lazy<(long Deliveries, Fingerprint Fingerprint)> _whole;

    /// <param name="folder">Where its scenario is put.</param>
    /// <param name="workers">Cores of the parallel host; 0 for the deterministic one, whose run is the same every time.</param>
    /// <param name="rounds">How long it is; five make about half a million turns.</param>
    public Victim(TemporaryFolder folder, int workers = 0, int rounds = 5)
        : this(folder, workers == 0 ? [] : ["--host", "parallel", "--workers", workers.ToString(CultureInfo.InvariantCulture)], rounds)
    {
    }

    private Victim(TemporaryFolder folder, string[] host, int rounds)
    {
        IsDeterministic = host.Length == 0;
        _path = folder["scenario.yaml"];
        File.WriteAllText(_path, Crowd.Replace("times: 5", FormattableString.Invariant($"times: {rounds}"), StringComparison.Ordinal));
        _host = host;
        _whole = new(() =>
        {
            using Scenario scenario = ScenarioFile.Load(_path);
            SimulatedMachine machine = MachineBuilder.Build(scenario, []);
            machine.Host.Run();
            return (machine.Host.Statistics.Turns, machine.Fingerprint());
        });
    }

    public bool IsDeterministic { get; }

    /// <summary>The same on Akka.NET, where the build has it.</summary>
    public static Victim OnAkka(TemporaryFolder folder, int rounds = 5) => new(folder, ["--host", "akka"], rounds);

    /// <summary>The command line of the run.</summary>
    public string[] Run(string journal, params string[] flags) => Actorvmm.Command(["run", _path, "--journal", journal, "--json", "--progress", "20ms", .. _host, .. flags]);

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
        StreamVerdict whole = Judge(journal, ended.DurableThrough).ShouldNotBeNull();
        (whole.Condition, whole.Deliveries).ShouldBe((StreamCondition.Whole, ended.Summary.GetProperty("turns").GetInt64()));
        ended.DurableThrough.ShouldBe(whole.Deliveries);
        if (IsDeterministic)
        {
            (whole.Deliveries, ended.Summary.GetProperty("fingerprint").GetString()).ShouldBe((_whole.Value.Deliveries, _whole.Value.Fingerprint.ToString()));
        }
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

    /// <summary>What is there replays; and where a run is the same every time, its machine is that of an undisturbed run after as many turns.</summary>
    private void ShouldReplay(RecordedRun run, long deliveries)
    {
        SimulatedMachine? again = null;
        using Scenario scenario = ScenarioFile.Load(_path);
        using Replayer replayer = Replayer.Of(run, (_, hostOf) => (again = MachineBuilder.Build(scenario, [], hostOf)).Fingerprint);
        ReplayResult result = replayer.Run();
        (result.Divergence, result.Deliveries).ShouldBe((null, deliveries));
        if (IsDeterministic)
        {
            using Scenario second = ScenarioFile.Load(_path);
            SimulatedMachine undisturbed = MachineBuilder.Build(second, []);
            undisturbed.Host.Run(maxTurns: deliveries);
            ((RecordedHost)replayer.Host).While(((DeterministicHost)undisturbed.Host).TurnsUnderWay, [], again!.Fingerprint).ShouldBe(undisturbed.Fingerprint());
        }
    }
}
