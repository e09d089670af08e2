namespace ActorVmm.Runtime;

/// <summary>
/// Where the decisions of a <see cref="SteppedHost"/> come from and are written down: from a schedule while one is being
/// replayed, otherwise from the caller and the chooser.
/// </summary>
internal sealed class Director(HostOptions options) : IChooser
{
    private readonly IChooser _chooser = options.Chooser ?? new SeededChooser(options.Seed);
    private int[] _recorded = new int[32];
    private int _count;
    private Schedule? _script;
    private int _at;

    public Schedule Recorded => new(_recorded.AsSpan(0, _count));

    public void Record(int decision)
    {
        if (_count == _recorded.Length)
        {
            Array.Resize(ref _recorded, _count * 2);
        }

        _recorded[_count++] = decision;
    }

    public void Follow(Schedule? script)
    {
        _script = script;
        _at = 0;
    }

    /// <summary>The next pick of the schedule; false when it has ended.</summary>
    public bool TryNext(int alternatives, out int index)
    {
        index = 0;
        if (_at == _script!.Steps.Length)
        {
            return false;
        }

        index = Next("delivery", alternatives);
        return true;
    }

    public int Choose(in ChoicePoint point)
    {
        int answer = _script is null ? _chooser.Choose(in point) : Next("answer", point.Alternatives);
        Record(answer);
        return answer;
    }

    public void Encode(StateCodec codec) => codec.Values("recorded", ref _recorded, ref _count);

    private int Next(string what, int alternatives)
    {
        if (_at == _script!.Steps.Length)
        {
            throw new ScheduleMismatchException(FormattableString.Invariant($"the schedule ends at step {_at}, where an {what} is needed"));
        }

        int step = _script.Steps[_at++];
        return step < alternatives
            ? step
            : throw new ScheduleMismatchException(
                FormattableString.Invariant($"step {_at} of the schedule picks {what} number {step}, but there are {alternatives}"));
    }
}

/// <summary>A schedule does not fit the machine it is replayed on: it was recorded on another, or on another version.</summary>
public sealed class ScheduleMismatchException(string message) : Exception(message);
