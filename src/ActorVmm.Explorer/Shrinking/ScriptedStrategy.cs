namespace ActorVmm.Explorer.Shrinking;

/// <summary>
/// Delivers given messages in a given order; one that is not there is left out. Afterwards it cuts the execution off, or lets it
/// go on with what is oldest.
/// </summary>
internal sealed class ScriptedStrategy : IStrategy
{
    private readonly List<ScriptedStep> _steps = [];
    private bool _goesOn;
    private int _at;
    private int _answer;
    private ScriptedStep _current;

    /// <summary>Sets what is delivered next time.</summary>
    public void Follow(IEnumerable<ScriptedStep> steps, bool goesOn)
    {
        _steps.Clear();
        _steps.AddRange(steps);
        _goesOn = goesOn;
        _at = 0;
    }

    public bool Begin(long execution)
    {
        _at = 0;
        return true;
    }

    public int NextDelivery(SteppedHost host)
    {
        _answer = 0;
        while (_at < _steps.Count)
        {
            _current = _steps[_at++];
            int index = IndexOf(host, _current.Name);
            if (index >= 0)
            {
                return index;
            }
        }

        _current = default;
        return _goesOn ? 0 : -1;
    }

    public int NextNumber(in ChoicePoint point) =>
        _current.Answers is { } answers && _answer < answers.Length ? Math.Min(answers[_answer++], point.Alternatives - 1) : 0;

    private static int IndexOf(SteppedHost host, MessageName name)
    {
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            ref readonly PendingMessage message = ref host.Deliverable(index);
            if (message.Delivery.SenderCount == name.Count && host.Actors[message.Delivery.Sender].Identity.Value == name.Sender)
            {
                return index;
            }
        }

        return -1;
    }
}

/// <summary>A message to be delivered, and the answers to its turn's choices.</summary>
internal readonly record struct ScriptedStep(MessageName Name, int[]? Answers)
{
    /// <summary>The first turns of an execution.</summary>
    public static List<ScriptedStep> Of(ExecutionRecord record, int count)
    {
        List<ScriptedStep> steps = [];
        for (int turn = 0; turn < Math.Min(count, record.Count); turn++)
        {
            steps.Add(OfTurn(record, turn));
        }

        return steps;
    }

    public static ScriptedStep OfTurn(ExecutionRecord record, int turn)
    {
        ReadOnlySpan<Choice> answers = record.AnswersOf(turn);
        return new ScriptedStep(record[turn].Name, answers.IsEmpty ? null : [.. answers.ToArray().Select(choice => choice.Answer)]);
    }
}
