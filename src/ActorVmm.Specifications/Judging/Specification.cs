namespace ActorVmm.Specifications.Judging;

/// <summary>
/// One promise, judged from facts alone. An heir says by <see cref="IHear{T}"/> which facts it judges, and by
/// <see cref="IJudgeFrames"/> and <see cref="IJudgeTurns"/> that it looks again when a turn is over. What has been told so far is
/// in <see cref="Known"/>; a fact is judged first and known afterwards.
/// </summary>
/// <param name="name">The name of the promise, and of its file.</param>
/// <param name="promise">The promise, as a sentence.</param>
public abstract class Specification(string name, string promise)
{
    /// <summary>How many violations of one promise are kept; all are counted. One cause can break a promise at every turn.</summary>
    public const int ViolationsKept = 100;

    private readonly List<Violation> _violations = [];
    private readonly List<Situation> _situations = [];
    private KnownMachine? _known;

    public string Name { get; } = name;

    public string Promise { get; } = promise;

    /// <summary>The first <see cref="ViolationsKept"/> violations.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    public long ViolationCount { get; private set; }

    /// <summary>The situations that must have been seen for the promise to mean anything.</summary>
    public IReadOnlyList<Situation> Situations => _situations;

    /// <summary>What the facts heard so far have told.</summary>
    protected KnownMachine Known => _known ?? throw new InvalidOperationException($"{Name} judges as part of a suite");

    /// <summary>Whose turn is being judged.</summary>
    protected ActorId Actor => Known.Turn.Actor;

    /// <summary>Judges what must hold exactly when no message is in flight and no timer will fire.</summary>
    public virtual void AtQuiescence()
    {
    }

    internal void Attach(KnownMachine known)
    {
        if (_known is not null)
        {
            throw new InvalidOperationException($"{Name} judges another machine already");
        }

        _known = known;
        Attached();
    }

    /// <summary>The machine is known now; state that depends on its size can be made.</summary>
    protected virtual void Attached()
    {
    }

    protected Situation Sometimes(string situation)
    {
        var made = new Situation(Name, situation);
        _situations.Add(made);
        return made;
    }

    protected void Violated(FormattableString words)
    {
        ViolationCount++;
        if (_violations.Count < ViolationsKept)
        {
            var (fact, text) = Known.LastFact;
            _violations.Add(new Violation(Name, Known.Turn, FormattableString.Invariant(words), fact, text));
        }
    }
}
