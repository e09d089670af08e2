namespace ActorVmm.Explorer.Models;

/// <summary>Remembers the first time that a model's promise broke.</summary>
internal sealed class ModelJudge(RaceModel model, IModelWatch? watch) : IJudge
{
    private int _which = -1;
    private long _turn;

    public Violation? Violation => _which < 0 ? null : new Violation(model.Promise, _turn, model.WordsOf(_which));

    public void Begin()
    {
        _which = -1;
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
            else
            {
                watch?.Heard(in fact);
            }
        }
    }

    public void End(long turns)
    {
        if (watch?.End() is { } which)
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
