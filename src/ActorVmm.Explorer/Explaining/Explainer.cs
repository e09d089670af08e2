using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Shrinking;

namespace ActorVmm.Explorer.Explaining;

/// <summary>
/// Says in a few lines why a shrunk finding breaks its promise: which messages were unordered, in which order they came, and
/// what the other order gives. The other order is run, not guessed.
/// </summary>
public sealed class Explainer(ISubject subject, ExecutionSetting setting)
{
    private const int MostLines = 10;

    private readonly Shrinker _runner = new(subject, setting);
    private readonly HappensBefore _order = new(setting.Model);

    /// <summary>The explanation, at most ten lines.</summary>
    public IReadOnlyList<string> Explain(ShrunkFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        IReadOnlyList<Race> races = RacesOf(finding);
        ExecutionRecord record = Again(finding);
        int broken = (int)finding.Violation.Turn;
        List<string> lines = [$"Promised: {finding.Violation.Specification}."];
        lines.Add(broken <= record.Count && !finding.BreaksAtEnd
            ? FormattableString.Invariant($"Broken in turn {broken} of {finding.Turns}, when {NameOf(record[broken - 1].Actor)} heard {Heard(record, broken - 1)}: {finding.Violation.Words}.")
            : FormattableString.Invariant($"Broken after turn {finding.Turns}: {finding.Violation.Words}."));
        Race[] necessary = [.. races.Where(race => race.KeepsPromise)];
        foreach (Race race in necessary.Take(MostLines - 4))
        {
            lines.Add(FormattableString.Invariant(
                $"Unordered: {race.First} (turn {race.Earlier}) and {race.Second} (turn {race.Later}), both at {race.Actor}; in the other order the promise holds ({race.Turns} turns, run)."));
        }

        lines.Add(necessary.Length switch
        {
            0 when races.Count == 0 => "No two messages of it race: every order breaks the promise.",
            0 => "No single race decides it: each of its races was run in the other order, and the promise broke all the same.",
            1 => "This one order is necessary.",
            _ => FormattableString.Invariant($"These {necessary.Length} orders are necessary, all at once."),
        });
        return lines;
    }

    /// <summary>All races of a finding, each with what its other order gives.</summary>
    public IReadOnlyList<Race> RacesOf(ShrunkFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        ExecutionRecord record = Again(finding);
        _order.Compute(record);
        Reversal reversal = new(setting.Model);
        List<(Race Race, List<ScriptedStep> Other)> found = [];
        int[] earlierTurns = new int[8];
        for (int later = 1; later < record.Count; later++)
        {
            int count = _order.RacesOf(later, ref earlierTurns);
            foreach (int earlier in earlierTurns.AsSpan(0, count))
            {
                reversal.Collect(record, _order, earlier, later);
                List<ScriptedStep> other = ScriptedStep.Of(record, earlier);
                for (int at = 0; at < reversal.Count; at++)
                {
                    other.Add(new ScriptedStep(reversal[at].Name, reversal[at].Answers is { } answers ? [.. answers.Select(choice => choice.Answer)] : null));
                }

                found.Add((new Race(earlier + 1, later + 1, Heard(record, earlier), Heard(record, later), MeetingOf(record, earlier, later), false, 0), other));
            }
        }

        return [.. found.Select(race => Run(race.Race, race.Other, finding))];
    }

    private Race Run(Race race, List<ScriptedStep> other, ShrunkFinding finding)
    {
        bool breaks = _runner.Breaks(other, goesOn: true, finding.Violation.Specification);
        return race with { KeepsPromise = !breaks, Turns = _runner.Machine.Turns };
    }

    private ExecutionRecord Again(ShrunkFinding finding)
    {
        Strategies.ReplayStrategy replay = new(finding.Schedule);
        replay.Begin(0);
        _runner.Machine.Run(new UntilUsedUp(replay));
        return _runner.Machine.Record;
    }

    private string Heard(ExecutionRecord record, int turn)
    {
        ref readonly RecordedTurn taken = ref record[turn];
        return taken.Sender.IsOutside ? $"{MessageWords.NameOf(taken.Kind)} of {NameOf(taken.Actor)}" : $"{MessageWords.NameOf(taken.Kind)} from {NameOf(taken.Sender)}";
    }

    private string MeetingOf(ExecutionRecord record, int earlier, int later)
    {
        if (record[earlier].Actor == record[later].Actor)
        {
            return NameOf(record[earlier].Actor);
        }

        foreach (ref readonly RecordedSend first in record.SendsOf(earlier))
        {
            foreach (ref readonly RecordedSend second in record.SendsOf(later))
            {
                if (first.To == second.To)
                {
                    return NameOf(first.To);
                }
            }
        }

        return "the timers' budget";
    }

    private string NameOf(ActorId actor) => _runner.Machine.Machine.NameOf(actor);

    /// <summary>Ends an execution where its schedule ends.</summary>
    private sealed class UntilUsedUp(Strategies.ReplayStrategy replay) : IStrategy
    {
        public bool Begin(long execution) => true;

        public int NextDelivery(SteppedHost host) => replay.IsUsedUp ? -1 : replay.NextDelivery(host);

        public int NextNumber(in ChoicePoint point) => replay.NextNumber(in point);
    }
}
