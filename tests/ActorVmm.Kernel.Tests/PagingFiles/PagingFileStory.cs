using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.PagingFiles;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.PagingFiles;

/// <summary>A paging file, number 0, with memory beside it, and those who talk to it.</summary>
internal sealed class PagingFileStory
{
    public PagingFileStory(PagingFilePlan plan)
    {
        Plan = plan;
        File = new PagingFile(0, new MachinePlan(64) { PagingFiles = [plan] }, Contents);
        Bench = new ActorBench(File, BenchCast.PagingFile(0));
    }

    public PagingFilePlan Plan { get; }

    public Contents Contents { get; } = new(64, 8);

    public PagingFile File { get; }

    public ActorBench Bench { get; }

    public BenchTurn Reserve(int count) => Bench.Hear(BenchCast.ModifiedPageWriter, new ReserveSlots(count));

    public BenchTurn Free(PagingFileSlot first, uint count) => Bench.Hear(BenchCast.PfnDatabase, new FreeSlots(first, count));

    public BenchTurn Grow(uint pages) => Bench.Hear(BenchCast.SystemSpace, new GrowPagingFile(pages));

    public BenchTurn Disturb(InjectionCode kind, int factor, Ticks duration) => Bench.Hear(BenchCast.Operator, new Disturb(duration, kind, factor));

    /// <summary>The writer sends frames with these contents, copied now.</summary>
    public BenchTurn Write(PagingFileSlot first, int row, params (uint Frame, ulong Stamp)[] pages)
    {
        var mdl = new MdlId(row);
        Contents.Mdls.Clear(mdl);
        foreach ((uint frame, ulong stamp) in pages)
        {
            Store(frame, stamp);
            Contents.AddCopy(mdl, new Pfn(frame));
        }

        return Bench.Hear(BenchCast.ModifiedPageWriter, new WritePages(first, mdl));
    }

    /// <summary>Process 1 reads into these frames.</summary>
    public BenchTurn Read(PagingFileSlot first, int row, int block, params ReadOnlySpan<uint> frames)
    {
        var mdl = new MdlId(row);
        Contents.Mdls.Clear(mdl);
        foreach (uint frame in frames)
        {
            Contents.Mdls.Add(mdl, new Pfn(frame));
        }

        return Bench.Hear(BenchCast.Process(1), new ReadPages(first, mdl, block));
    }

    public void Store(uint frame, ulong stamp) => Contents[new Pfn(frame)] = new ContentStamp(stamp);

    public ulong Stamp(uint frame) => Contents[new Pfn(frame)].Value;
}
