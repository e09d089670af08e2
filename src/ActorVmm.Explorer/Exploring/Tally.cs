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
    }
}
