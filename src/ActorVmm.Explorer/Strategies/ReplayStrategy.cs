namespace ActorVmm.Explorer.Strategies;

/// <summary>Runs one schedule, and after its end what is oldest.</summary>
public sealed class ReplayStrategy(Schedule schedule) : IStrategy
{
    private int _at;

    /// <summary>Whether the schedule was used up.</summary>
    public bool IsUsedUp => _at >= schedule.Steps.Length;

    public bool Begin(long execution)
    {
        _at = 0;
        return execution == 0;
    }

    public int NextDelivery(SteppedHost host) => Next("delivery", host.DeliverableCount);

    public int NextNumber(in ChoicePoint point) => Next("answer", point.Alternatives);

    private int Next(string what, int alternatives)
    {
        if (IsUsedUp)
        {
            return 0;
        }

        int step = schedule.Steps[_at++];
        return step < alternatives
            ? step
            : throw new ScheduleMismatchException(
                FormattableString.Invariant($"step {_at} of the schedule picks {what} number {step}, but there are {alternatives}: it was recorded on another machine"));
    }
}
