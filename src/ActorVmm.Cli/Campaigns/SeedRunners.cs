using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Verbs;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Campaigns;
using ActorVmm.Explorer.Models;
using ActorVmm.Explorer.Scenarios;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine;
using ActorVmm.Machine.Campaigns;
using ActorVmm.Protocol;
using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Campaigns;

/// <summary>From a campaign's plan to what runs its seeds: the same on the node that made the plan and on one that was sent it.</summary>
internal sealed class SeedRunners
{
    private readonly CampaignPlan _plan;
    private readonly ExplorationPlan? _exploration;
    private readonly TimeProvider _clock;

    /// <exception cref="FormatException">The plan says something that this program does not know.</exception>
    public SeedRunners(CampaignPlan plan, TimeProvider clock) => (_plan, _exploration, _clock) = (plan, ExplorationPlan.Of(plan), clock);

    public bool Explores => _exploration is not null;

    /// <summary>Makes a worker's runner, which shares nothing with another's.</summary>
    public ISeedRunner Create()
    {
        if (_exploration is { } exploration)
        {
            return new ExplorationSeeds(seed => SubjectOf(exploration, seed), exploration.Options(_clock));
        }

        (RunVerb verb, Settings settings) = Typed();
        return new ScenarioSeeds(seed => verb.PlanOf(LoadRun(verb, settings, seed), settings), _clock);
    }

    /// <summary>Makes sure that the input is here, and is what the plan says.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public void CheckInput()
    {
        if (_plan.InputPath.Length == 0)
        {
            return;
        }

        if (_exploration is null)
        {
            (RunVerb verb, Settings settings) = Typed();
            LoadRun(verb, settings, _plan.First).Dispose();
        }
        else
        {
            LoadScenario(_plan.First).Dispose();
        }
    }

    /// <summary>The command that shows what a seed comes to.</summary>
    public string Reproduce(ulong seed, SeedFinding finding)
    {
        if (_exploration is { } exploration)
        {
            string schedule = finding.ShrunkSchedule.Length > 0 ? finding.ShrunkSchedule : finding.Schedule;
            string timers = RaceArgument.IsRace(_plan.Subject) && exploration.Timers == 1 ? "" : FormattableString.Invariant($" --timers {exploration.Timers}");
            return $"actorvmm explore {CommandOf(exploration, seed)} --delivery {Output.ExplorationReport.NameOf(exploration.Delivery)}{timers} --schedule {schedule}";
        }

        (RunVerb verb, Settings settings) = Typed();
        return verb.Flags.Reproduce(_plan.Subject, seed, settings);
    }

    /// <summary>What a run of a seed is recorded with.</summary>
    public (RunPlan Plan, IReadOnlyList<KeyValuePair<string, string>> Settings) RunOf(ulong seed)
    {
        (RunVerb verb, Settings settings) = Typed();
        return (verb.PlanOf(LoadRun(verb, settings, seed), settings), verb.Flags.Recorded(settings));
    }

    /// <summary>What an exploration of a seed of a scenario is recorded with; null where a race is explored.</summary>
    public (Scenario Scenario, ExecutionSetting Setting, KernelRule Without)? ExplorationOf(ulong seed) =>
        _exploration is { } exploration && _plan.InputPath.Length > 0 ? (LoadScenario(seed), exploration.Options(_clock).Setting, exploration.Without) : null;

    private (RunVerb Verb, Settings Settings) Typed() =>
        RecordedScenario.Typed(_plan.InputPath, _plan.Settings.Where(setting => !setting.Key.StartsWith(RecordedScenario.FilePrefix, StringComparison.Ordinal)));

    private ISubject SubjectOf(ExplorationPlan exploration, ulong seed)
    {
        if (_plan.InputPath.Length == 0)
        {
            return RaceArgument.Read(_plan.Subject, exploration.Parameters, exploration.IsFixed);
        }

        Scenario scenario = LoadScenario(seed);
        return new OwnedSubject(new ScenarioSubject(scenario, CommandOf(exploration, seed), exploration.Without), scenario);
    }

    private string CommandOf(ExplorationPlan exploration, ulong seed) => _plan.InputPath.Length == 0
        ? ((ModelSubject)RaceArgument.Read(_plan.Subject, exploration.Parameters, exploration.IsFixed)).Command
        : FormattableString.Invariant($"{Shell.Quote(_plan.Subject)} --seed {seed}{RuleNames.FlagOf(exploration.Without)}");

    private Scenario LoadRun(RunVerb verb, Settings settings, ulong seed) =>
        Checked(RunScenario.Load(_plan.InputPath, verb.Flags, settings, () => Stream.Null, overrides => overrides with { Seed = seed }));

    private Scenario LoadScenario(ulong seed) => Checked(ScenarioFile.Load(_plan.InputPath, new ScenarioOverrides { Seed = seed }));

    /// <exception cref="InputException">A file is not what it was when the campaign began.</exception>
    private Scenario Checked(Scenario scenario)
    {
        KeyValuePair<string, string>[] files = [.. RecordedScenario.FilesOf(scenario)];
        string? changed = !string.Equals(scenario.Sha256, _plan.InputSha256, StringComparison.Ordinal)
            ? scenario.Path
            : files.Select(file => file.Key).FirstOrDefault(key => !_plan.Settings.Contains(files.First(file => string.Equals(file.Key, key, StringComparison.Ordinal))))?[RecordedScenario.FilePrefix.Length..];
        if (changed is null)
        {
            return scenario;
        }

        scenario.Dispose();
        throw new InputException(new Place(changed), "is not what it was when the campaign began: its seeds would not belong together");
    }

    /// <summary>A subject with the scenario that it is made of.</summary>
    private sealed class OwnedSubject(ISubject subject, Scenario scenario) : ISubject, IDisposable
    {
        public string Name => subject.Name;

        public string Command => subject.Command;

        public SubjectMachine Build(Runtime.SteppedOptions options) => subject.Build(options);

        public void Dispose() => scenario.Dispose();
    }
}
