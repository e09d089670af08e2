using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Frames;

/// <summary>The PFN database of a small machine, with memory beside it, and those who talk to it. Process 1 owns all pages.</summary>
internal sealed class FrameStory
{
    public static readonly ActorId Process = BenchCast.Process(1);

    private ushort _generation;
    private uint _slot;

    public FrameStory(uint frames = 16, MemoryPolicy? policy = null)
    {
        Plan = new MachinePlan(frames) { PagingFiles = [new PagingFilePlan(1024)], Policy = policy ?? TestMachine.Quiet };
        Contents = new Contents(frames, PfnDatabase.RowsFor(Plan));
        Frames = new PfnDatabase(Plan, BenchCast.Of(), Contents);
        Bench = new ActorBench(Frames, BenchCast.PfnDatabase);
    }

    public MachinePlan Plan { get; }

    public Contents Contents { get; }

    public PfnDatabase Frames { get; }

    public ActorBench Bench { get; }

    /// <summary>A page in a frame: where its owner thinks it is.</summary>
    public sealed record Page(Vpn Vpn, Pfn Frame, Generation Generation);

    /// <summary>Where a frame is, by the database's own account.</summary>
    public PageLocation Where(Pfn frame) => (PageLocation)Field(frame, "location");

    public ulong Field(Pfn frame, string name)
    {
        var describer = new StateDescriber();
        Frames.Encode(describer);
        return describer.Fields.Single(field => field.Path == $"frames[{frame.Value}].{name}").Value;
    }

    /// <summary>A zeroed frame for the process, which maps a page there and stores to it.</summary>
    public Page Map(int priority = 5)
    {
        var frame = Take(1, priority).Asks<FramesGranted>(Process).Frames[0];
        Contents[frame] = new ContentStamp(0x1000 + frame.Value);
        return new Page(new Vpn(0x100 + frame.Value), frame, default);
    }

    public BenchTurn Take(int needed, int priority = 5, int wanted = 0) =>
        Bench.Hear(Process, new TakeFrames(needed, Math.Max(needed, wanted), priority));

    /// <summary>All frames that are available, taken and mapped.</summary>
    public List<Page> MapAll() => [.. Enumerable.Range(0, Frames.Available).Select(_ => Map())];

    /// <summary>The owner trims a page and keeps a hint.</summary>
    public Page Trim(Page page, bool dirty)
    {
        var hint = page with { Generation = new Generation(++_generation) };
        LastTurn = Bench.Hear(Process, new TrimPage(hint.Vpn, hint.Frame, hint.Generation, 4, dirty));
        return hint;
    }

    /// <summary>A page on the modified list.</summary>
    public Page Modified(int priority = 5) => Trim(Map(priority), true);

    /// <summary>A page that was written out and nobody wants.</summary>
    public Page Standby(int priority = 5)
    {
        var page = Modified(priority);
        Written(StartWrite(1));
        return page;
    }

    /// <summary>The writer offers slots, and gets the oldest modified pages.</summary>
    public ModifiedTaken StartWrite(int count)
    {
        Bench.Hear(BenchCast.Operator, default(FlushModified));
        LastTurn = Bench.Hear(BenchCast.ModifiedPageWriter, new TakeModified(new PagingFileSlot(0, 1 + _slot), count));
        _slot += (uint)count;
        return LastTurn.Asks<ModifiedTaken>(BenchCast.ModifiedPageWriter);
    }

    public BenchTurn Written(ModifiedTaken taken, NtStatus status = NtStatus.Success) =>
        LastTurn = Bench.Hear(BenchCast.ModifiedPageWriter, new WriteCompleted(taken.Mdl, status));

    public BenchTurn SoftFault(Page page, bool peek = false, byte priority = 5) =>
        LastTurn = Bench.Hear(Process, new SoftFault(page.Vpn, page.Frame, page.Generation, peek, priority));

    public BenchTurn Delete(Pfn frame)
    {
        var batch = default(FrameBatch);
        batch.Add(frame);
        return LastTurn = Bench.Hear(Process, new DeletePages(batch));
    }

    public BenchTurn DeleteHint(Page page) => LastTurn = Bench.Hear(Process, new DeleteHint(page.Vpn, page.Frame, page.Generation, 0));

    /// <summary>Frames to read pages into, from slots 500 on.</summary>
    public BenchTurn TakeForRead(byte count, byte fault = 0) =>
        LastTurn = Bench.Hear(Process, new TakeReadFrames(new Vpn(0x800), new PagingFileSlot(0, 500), 3, new Generation(999), count, fault, 5, 0));

    public BenchTurn Read(MdlId mdl, NtStatus status = NtStatus.Success, ushort mapped = 0, ushort deleted = 0) =>
        LastTurn = Bench.Hear(Process, new InPageCompleted(mdl, status, mapped, deleted));

    public BenchTurn? LastTurn { get; set; }
}
