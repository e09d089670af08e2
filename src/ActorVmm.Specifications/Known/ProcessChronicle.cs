namespace ActorVmm.Specifications.Known;

/// <summary>What processes tell of themselves.</summary>
internal sealed class ProcessChronicle(KnownMachine known)
    : IHear<ProcessStarted>, IHear<ProcessExited>, IHear<ProcessCommitChanged>, IHear<FramesKept>
{
    public void Hear(in ProcessStarted fact) => known.Processes.At(known.Turn.Actor).Started = true;

    public void Hear(in ProcessExited fact)
    {
        ref KnownProcess process = ref known.Processes.At(known.Turn.Actor);
        process.ExitedIn = known.Turn.Number;
        process.Kept = 0;
    }

    public void Hear(in ProcessCommitChanged fact)
    {
        ref KnownProcess process = ref known.Processes.At(known.Turn.Actor);
        process.PrivateCommit = fact.PrivatePages;
        process.TableCommit = fact.TablePages;
    }

    public void Hear(in FramesKept fact) => known.Processes.At(known.Turn.Actor).Kept = fact.Count;
}
