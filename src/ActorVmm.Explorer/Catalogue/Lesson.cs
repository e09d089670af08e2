using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Shrinking;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A race as it happens and as it goes well: a shortest order of messages that breaks the promise, beside what the same program
/// does when two of those messages come the other way round. Both are found by exploring and then run; nothing is written by hand.
/// </summary>
public sealed class Lesson
{
    private readonly LessonScribe _scribe = new();
    private readonly DeliveryModel _model;
    private readonly Shrinker _runner;

    /// <summary>Prepares the lesson of a race.</summary>
    /// <param name="subject">The defective variant.</param>
    /// <param name="model">How messages travel; the promise can be broken there.</param>
    /// <exception cref="InvalidOperationException">No order of messages breaks the promise, or every order does.</exception>
    public Lesson(ISubject subject, DeliveryModel model = DeliveryModel.Fifo)
    {
        _model = model;
        ExecutionSetting setting = new() { Model = model };
        ISubject listened = new Listened(subject, _scribe);
        _runner = new Shrinker(listened, setting);
        Exploration exploration = new(subject, new ExplorationOptions { Strategy = StrategyKind.Dpor, Setting = setting, StopOnFirst = true });
        Finding finding = exploration.Run().Findings.FirstOrDefault()
            ?? throw new InvalidOperationException($"no order of messages breaks the promise in {model} delivery");
        ShrunkFinding shortest = _runner.Shrink(finding);
        Broken = shortest.Violation;
        Failing = Read();
        Good = OtherOrder() ?? AnyGoodOrder();
    }

    /// <summary>Which promise broke, where, and how.</summary>
    public Violation Broken { get; }

    /// <summary>Only the turns that led to the broken promise; when it is one about the end, all turns.</summary>
    public IReadOnlyList<LessonTurn> Failing { get; }

    /// <summary>The order beside it that keeps the promise, to its end.</summary>
    public IReadOnlyList<LessonTurn> Good { get; }

    /// <summary>Turns the races of the failing order round, the last first, until the promise holds; null when none decides it alone.</summary>
    private IReadOnlyList<LessonTurn>? OtherOrder()
    {
        foreach (List<ScriptedStep> steps in OtherOrders())
        {
            if (!_runner.Breaks(steps, goesOn: true, Broken.Specification))
            {
                return Read();
            }
        }

        return null;
    }

    private List<List<ScriptedStep>> OtherOrders()
    {
        ExecutionRecord record = _runner.Machine.Record;
        HappensBefore order = new(_model);
        order.Compute(record);
        Reversal reversal = new(_model);
        List<List<ScriptedStep>> others = [];
        int[] races = new int[8];
        for (int later = record.Count - 1; later > 0; later--)
        {
            for (int race = order.RacesOf(later, ref races) - 1; race >= 0; race--)
            {
                reversal.Collect(record, order, races[race], later);
                List<ScriptedStep> steps = ScriptedStep.Of(record, races[race]);
                for (int at = 0; at < reversal.Count; at++)
                {
                    steps.Add(new ScriptedStep(reversal[at].Name, Answers: null));
                }

                others.Add(steps);
            }
        }

        return others;
    }

    private IReadOnlyList<LessonTurn> AnyGoodOrder()
    {
        DporStrategy every = new(_runner.Machine);
        for (long execution = 0; every.Begin(execution); execution++)
        {
            _runner.Machine.Run(every);
            if (_runner.Machine.Violation is null)
            {
                return Read();
            }
        }

        throw new InvalidOperationException($"every order of messages breaks the promise in {_model} delivery");
    }

    private IReadOnlyList<LessonTurn> Read() => _scribe.Read(_runner.Machine.Machine.NameOf);

    /// <summary>The same machine, with somebody who writes down what it does.</summary>
    private sealed class Listened(ISubject subject, ITurnListener listener) : ISubject
    {
        public string Name => subject.Name;

        public string Command => subject.Command;

        public SubjectMachine Build(SteppedOptions options) => subject.Build(options with { TurnListeners = [.. options.TurnListeners, listener] });
    }
}
