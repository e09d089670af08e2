namespace ActorVmm.Explorer.Dpor;

/// <summary>One place on the path: the delivery that is taken there now, and those that are still to be taken.</summary>
internal struct Frame
{
    /// <summary>The index of the delivery among the deliverables; −1 while it has not been looked up.</summary>
    public int Index;

    /// <summary>What is taken.</summary>
    public Step Taken;

    /// <summary>Answers for the turn's choices, as far as they are fixed; then zeros.</summary>
    public Choice[] Script;

    /// <summary>All answers of the delivery are to be tried, one after the other.</summary>
    public bool TriesAnswers;

    /// <summary>The first of the sequences that are to be explored from here, a node of the <see cref="WakeupTree"/>; 0 for none.</summary>
    public int Pending;

    /// <summary>The sequences that are to follow what is taken; handed to the next place. 0 for none.</summary>
    public int Following;

    /// <summary>How many deliveries have been explored to the end from here.</summary>
    public int Explored;

    public int SleepStart;
    public int SleepEnd;
}
