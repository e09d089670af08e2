namespace ActorVmm.Specifications.Judging;

/// <summary>Says of a specification what it judges from: it hears each fact of this kind just before the fact counts as known.</summary>
public interface IHear<T>
    where T : unmanaged, IFact
{
    void Hear(in T fact);
}

/// <summary>
/// Judges the frames a turn was about when the turn is over. A turn is atomic: in which order it states its facts is nobody's
/// business, so what must fit together is looked at when all of them are known.
/// </summary>
public interface IJudgeFrames
{
    void Judge(Pfn pfn, in KnownFrame frame);
}

/// <summary>Judges what a turn leaves behind.</summary>
public interface IJudgeTurns
{
    void TurnEnded();
}
