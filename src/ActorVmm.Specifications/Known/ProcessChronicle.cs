namespace ActorVmm.Specifications.Known;

/// <summary>What processes, and sections, tell of themselves.</summary>
internal sealed class ProcessChronicle(KnownMachine known)
    : IHear<ProcessStarted>, IHear<ProcessExited>, IHear<ProcessCommitChanged>, IHear<FramesKept>,
      IHear<ViewPageMapped>, IHear<ViewPageUnmapped>, IHear<SegmentFormed>, IHear<SegmentEnded>, IHear<SegmentCommitChanged>
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

    public void Hear(in ViewPageMapped fact) => known.Processes.At(known.Turn.Actor).WorkingSet++;

    public void Hear(in ViewPageUnmapped fact) => known.Processes.At(known.Turn.Actor).WorkingSet--;

    public void Hear(in SegmentFormed fact)
    {
        ref KnownProcess section = ref known.Processes.At(known.Turn.Actor);
        section.IsSection = true;
        section.IsOfFile = fact.Segment != SegmentKind.PagingFile;
    }

    public void Hear(in SegmentEnded fact) => known.Processes.At(known.Turn.Actor).ExitedIn = known.Turn.Number;

    public void Hear(in SegmentCommitChanged fact)
    {
        ref KnownProcess section = ref known.Processes.At(known.Turn.Actor);
        section.SharedCommit = fact.SharedPages;
        section.PrototypeCommit = fact.PrototypePages;
    }

    public void Hear(in FramesKept fact) => known.Processes.At(known.Turn.Actor).Kept = fact.Count;
}
