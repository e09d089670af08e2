namespace ActorVmm.Explorer.Dpor;

/// <summary>
/// For every place on the path, the deliveries that need not come next there, because all that begins with them has been
/// explored. One flat stack: the set of a place lies behind that of the place before it.
/// </summary>
internal sealed class SleepSets
{
    private Step[] _steps = new Step[64];
    private int _count;

    public ReadOnlySpan<Step> Of(in Frame frame) => _steps.AsSpan(frame.SleepStart, frame.SleepEnd - frame.SleepStart);

    /// <summary>Gives a place its set: what sleeps at the place before and commutes with the delivery in between.</summary>
    public void Inherit(in Frame from, in Step taken, ref Frame to)
    {
        _count = from.SleepEnd;
        to.SleepStart = _count;
        for (int at = from.SleepStart; at < from.SleepEnd; at++)
        {
            if (!Step.Conflict(in _steps[at], in taken))
            {
                Push(_steps[at]);
            }
        }

        to.SleepEnd = _count;
        for (int at = from.SleepStart; at < from.SleepEnd; at++)
        {
            if (_steps[at].Answers is not null && Step.Conflict(in _steps[at], in taken))
            {
                ForgetAll(in to, _steps[at].Name);
            }
        }
    }

    /// <summary>All that begins with a delivery has been explored; what lay behind this place is forgotten.</summary>
    public void Add(ref Frame frame, in Step step)
    {
        _count = frame.SleepEnd;
        Push(step);
        frame.SleepEnd = _count;
    }

    /// <summary>All answers of a message have been explored.</summary>
    public void CoverAll(in Frame frame, MessageName name)
    {
        foreach (ref Step step in _steps.AsSpan(frame.SleepStart, frame.SleepEnd - frame.SleepStart))
        {
            step.All |= step.Name == name;
        }
    }

    /// <summary>Puts a stored set behind all others.</summary>
    public void Restore(ref Frame frame, ReadOnlySpan<Step> steps)
    {
        frame.SleepStart = _count;
        foreach (ref readonly Step step in steps)
        {
            Push(step);
        }

        frame.SleepEnd = _count;
    }

    private void ForgetAll(in Frame frame, MessageName name)
    {
        foreach (ref Step step in _steps.AsSpan(frame.SleepStart, frame.SleepEnd - frame.SleepStart))
        {
            step.All &= step.Name != name;
        }
    }

    private void Push(Step step)
    {
        if (_count == _steps.Length)
        {
            Array.Resize(ref _steps, _count * 2);
        }

        _steps[_count++] = step;
    }
}
