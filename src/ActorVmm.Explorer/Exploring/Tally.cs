namespace ActorVmm.Explorer.Exploring;

/// <summary>Counts executions by how they ended.</summary>
internal sealed class Tally
{
    public long Schedules { get; set; }

    /// <summary>Executions that came to an end of their own, by bug check included.</summary>
    public long Complete { get; set; }

    public long Violating { get; set; }

    public long CutOff { get; set; }

    public long TooLong { get; set; }

    public long Turns { get; set; }

    /// <summary>All traces together, in whatever order they were run; null when nobody asked, or not from the beginning on.</summary>
    public Fingerprint? Sum { get; set; }

    /// <summary>Adds one trace. Each is mixed first, so that two traces cannot exchange parts.</summary>
    public void AddTrace(Fingerprint trace) => Sum = Sum?.With(Mixed(trace));

    /// <summary>The sum of many fingerprints whose order has no meaning.</summary>
    public static Fingerprint SumOf(IEnumerable<Fingerprint> parts) => parts.Aggregate(default(Fingerprint), (sum, part) => sum.With(Mixed(part)));

    public void Count(ExecutionEnd end, bool violating, int turns)
    {
        Schedules++;
        Turns += turns;
        Violating += violating ? 1 : 0;
        switch (end)
        {
            case ExecutionEnd.CutOff: CutOff++; break;
            case ExecutionEnd.TooLong: TooLong++; break;
            case ExecutionEnd.Complete or ExecutionEnd.Stopped: Complete++; break;
        }
    }

    public void Add(Tally other)
    {
        Schedules += other.Schedules;
        Complete += other.Complete;
        Violating += other.Violating;
        CutOff += other.CutOff;
        TooLong += other.TooLong;
        Turns += other.Turns;
        Sum = Sum is { } sum && other.Sum is { } more ? sum.With(more) : null;
    }

    private static Fingerprint Mixed(Fingerprint part) =>
        new(Mix.Fold(part.High, part.Low), Mix.Spread(part.Low ^ Mix.Spread(part.High)));
}
