namespace ActorVmm.Explorer.Models;

/// <summary>Remembers the first time that a model's promise broke, by a turn, at the end, or by a state that stays hot.</summary>
internal sealed class ModelJudge(RaceModel model, IModelWatch? watch) : IJudge
{
    private readonly HotStates _hot = new(model.HotTurns);
    private int _which = -1;
    private long _turn;

    public Violation? Violation => _which < 0 ? null : new Violation(model.Promise, _turn, model.WordsOf(_which));

    public void Begin()
    {
        _which = -1;
        _hot.Begin();
        watch?.Begin();
    }

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly Fact fact in facts)
        {
            if (fact.TryRead(out PromiseBroken broken))
            {
                Break(broken.Which, turn.Number);
            }
            else if (!_hot.Heard(in fact, turn.Number))
            {
                watch?.Heard(in fact);
            }
        }

        if (_hot.Overdue(turn.Number) is { } overdue)
        {
            Break(overdue, turn.Number);
        }
    }

    public void End(long turns)
    {
        if ((watch?.End() ?? _hot.AtEnd()) is { } which)
        {
            Break(which, turns);
        }
    }

    private void Break(int which, long turn)
    {
        if (_which < 0)
        {
            (_which, _turn) = (which, turn);
        }
    }
}
