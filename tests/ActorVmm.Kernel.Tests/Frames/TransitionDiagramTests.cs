using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Frames;

/// <summary>
/// Every arrow of the diagram that private memory has (fact book §15.3): a frame is brought to where the arrow begins, something
/// happens, and it must be where the arrow ends. After each, all frames are counted where they are.
/// </summary>
public sealed class TransitionDiagramTests
{
    private readonly FrameStory _story = new();
    private ModifiedTaken _write;
    private MdlId _read;

    [Theory]
    [InlineData("Zeroed", "taken", PageLocation.Active)]
    [InlineData("Free", "taken when nothing is zeroed", PageLocation.Active)]
    [InlineData("Standby", "repurposed", PageLocation.Active)]
    [InlineData("Zeroed", "taken for a read", PageLocation.Transition)]
    [InlineData("Free", "taken for a read", PageLocation.Transition)]
    [InlineData("Active", "returned", PageLocation.Zeroed)]
    [InlineData("Active", "trimmed clean", PageLocation.Standby)]
    [InlineData("Active", "trimmed dirty", PageLocation.Modified)]
    [InlineData("Active", "deleted", PageLocation.Free)]
    [InlineData("Standby", "soft fault", PageLocation.Active)]
    [InlineData("Standby", "hint deleted", PageLocation.Free)]
    [InlineData("Modified", "soft fault", PageLocation.Active)]
    [InlineData("Modified", "hint deleted", PageLocation.Free)]
    [InlineData("Modified", "written", PageLocation.Transition)]
    [InlineData("Writing", "write ends", PageLocation.Standby)]
    [InlineData("Writing", "write fails", PageLocation.Modified)]
    [InlineData("Writing", "soft fault", PageLocation.Active)]
    [InlineData("Writing", "hint deleted", PageLocation.Transition)]
    [InlineData("Writing, deleted", "write ends", PageLocation.Free)]
    [InlineData("Writing, deleted", "write fails", PageLocation.Free)]
    [InlineData("Writing, mapped", "write ends", PageLocation.Active)]
    [InlineData("Writing, mapped", "write fails", PageLocation.Active)]
    [InlineData("Writing, mapped", "trimmed clean", PageLocation.Transition)]
    [InlineData("Writing, mapped", "trimmed dirty", PageLocation.Transition)]
    [InlineData("Writing, mapped", "deleted", PageLocation.Transition)]
    [InlineData("Writing, trimmed clean", "write ends", PageLocation.Standby)]
    [InlineData("Writing, trimmed dirty", "write ends", PageLocation.Modified)]
    [InlineData("Reading", "mapped", PageLocation.Active)]
    [InlineData("Reading", "not wanted", PageLocation.Standby)]
    [InlineData("Reading", "deleted meanwhile", PageLocation.Free)]
    [InlineData("Reading", "read fails", PageLocation.Free)]
    [InlineData("Free", "taken for zeroing", PageLocation.Transition)]
    [InlineData("Zeroing", "zeroed", PageLocation.Zeroed)]
    public void AnArrow(string from, string trigger, PageLocation to)
    {
        var page = Bring(from);
        Happens(trigger, page);
        _story.Where(page.Frame).ShouldBe(to);
        int counted = Enum.GetValues<PageLocation>().Sum(_story.Frames.CountOf);
        counted.ShouldBe(16);
        _story.Frames.CountOf(to).ShouldBe(Enumerable.Range(0, 16).Count(frame => _story.Where(new Pfn((uint)frame)) == to));
        bool onList = to is not (PageLocation.Active or PageLocation.Transition);
        (_story.Field(page.Frame, "reference count") == 0).ShouldBe(onList, "on a list if and only if nobody refers to it");
        (_story.Field(page.Frame, "share count") == 1).ShouldBe(to == PageLocation.Active);
        foreach (var counts in _story.LastTurn!.Stated<FramesCounted>())
        {
            counts.Active.ShouldBe(_story.Frames.CountOf(PageLocation.Active), "what is stated is what is");
        }
    }

    // A frame that fails leaves use as soon as its page is gone or safe, and never comes back.
    [Theory]
    [InlineData("Zeroed", "")]
    [InlineData("Free", "")]
    [InlineData("Standby", "")]
    [InlineData("Active", "deleted")]
    [InlineData("Active", "returned")]
    [InlineData("Active", "trimmed clean")]
    [InlineData("Modified", "hint deleted")]
    [InlineData("Modified", "written, write ends")]
    [InlineData("Writing", "write ends")]
    [InlineData("Writing", "write fails, written, write ends")]
    [InlineData("Writing, deleted", "write ends")]
    [InlineData("Writing, mapped", "write ends, trimmed clean")]
    [InlineData("Reading", "not wanted")]
    [InlineData("Reading", "deleted meanwhile")]
    [InlineData("Reading", "read fails")]
    [InlineData("Zeroing", "zeroed")]
    public void AFrameThatFailedLeavesUse(string from, string triggers)
    {
        var page = Bring(from);
        _story.Bench.Hear(BenchCast.Operator, new MarkBad(page.Frame));
        foreach (string trigger in triggers.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            _story.Where(page.Frame).ShouldNotBe(PageLocation.Bad);
            Happens(trigger, page);
        }

        _story.Where(page.Frame).ShouldBe(PageLocation.Bad);
        _story.Frames.CountOf(PageLocation.Bad).ShouldBe(1);
        while (_story.Frames.Available > 0)
        {
            _story.Map().Frame.ShouldNotBe(page.Frame);
        }
    }

    // R13, R4: what a soft fault finds.
    [Theory]
    [InlineData("Standby", SoftFaultResult.RelinkedFromStandby, false)]
    [InlineData("Modified", SoftFaultResult.RelinkedFromModified, false)]
    [InlineData("Writing", SoftFaultResult.RelinkedFromStandby, true)] // it counts as clean from the moment the write was started
    [InlineData("Writing, trimmed dirty", SoftFaultResult.RelinkedFromModified, true)]
    public void ASoftFaultIsToldWhatItFound(string where, SoftFaultResult result, bool writing)
    {
        var page = Bring(where);
        var peek = _story.SoftFault(page, peek: true).Asks<SoftFaultAnswered>(FrameStory.Process);
        (peek.Result, peek.WriteInProgress).ShouldBe((SoftFaultResult.StillThere, writing));
        var answer = _story.SoftFault(page).Asks<SoftFaultAnswered>(FrameStory.Process);
        (answer.Vpn, answer.Pfn, answer.Generation, answer.Result, answer.WriteInProgress).ShouldBe((page.Vpn, page.Frame, page.Generation, result, writing));
        answer.Slot.ShouldBe(PagingFileSlot.None);
    }

    [Fact]
    public void AHintThatIsTooOldIsAnsweredFromMemory()
    {
        var page = _story.Standby();
        _story.MapAll();
        var answer = _story.SoftFault(page).Asks<SoftFaultAnswered>(FrameStory.Process);
        (answer.Result, answer.Slot).ShouldBe((SoftFaultResult.Repurposed, new PagingFileSlot(0, 1)));
    }

    private FrameStory.Page Bring(string where)
    {
        switch (where)
        {
            case "Zeroed":
                return new FrameStory.Page(default, new Pfn(0), default);
            case "Free":
            {
                var page = _story.Map();
                _story.Delete(page.Frame);
                return page;
            }

            case "Active":
                return _story.Map();
            case "Standby":
                return _story.Standby();
            case "Modified":
                return _story.Modified();
            case "Writing":
            {
                var page = _story.Modified();
                _write = _story.StartWrite(1);
                return page;
            }

            case "Writing, deleted":
                return After("Writing", "hint deleted");
            case "Writing, mapped":
                return After("Writing", "soft fault");
            case "Writing, trimmed clean":
                return _story.Trim(Bring("Writing, mapped"), false);
            case "Writing, trimmed dirty":
                return _story.Trim(Bring("Writing, mapped"), true);
            case "Reading":
                _read = _story.TakeForRead(1).Asks<ReadFramesGranted>(FrameStory.Process).Mdl;
                return new FrameStory.Page(new Vpn(0x800), _story.Contents.Mdls.Frame(_read, 0), new Generation(999));
            case "Zeroing":
                return After("Free", "taken for zeroing");
            default:
                throw new ArgumentOutOfRangeException(nameof(where), where, "nobody knows how to bring a frame there");
        }
    }

    private FrameStory.Page After(string from, string trigger)
    {
        var page = Bring(from);
        Happens(trigger, page);
        return page;
    }

    private void Happens(string trigger, FrameStory.Page page)
    {
        switch (trigger)
        {
            case "taken": _ = Last(_story.Take(1)); break;
            case "taken when nothing is zeroed" or "repurposed":
                while (_story.Frames.CountOf(PageLocation.Zeroed) > 0)
                {
                    _story.Map();
                }

                Last(_story.Take(1)).Asks<FramesGranted>(FrameStory.Process).Frames[0].ShouldBe(page.Frame);
                _story.Contents[page.Frame].ShouldBe(ContentStamp.Zeros, "zeroed now");
                break;
            case "taken for a read": _story.TakeForRead(1); break;
            case "returned":
                _story.Contents[page.Frame] = ContentStamp.Zeros;
                Last(_story.Bench.Hear(FrameStory.Process, new ReturnFrames(Batch(page.Frame))));
                break;
            case "trimmed clean": _story.Trim(page, false); break;
            case "trimmed dirty": _story.Trim(page, true); break;
            case "deleted": _story.Delete(page.Frame); break;
            case "hint deleted": _story.DeleteHint(page); break;
            case "soft fault": _story.SoftFault(page); break;
            case "written": _write = _story.StartWrite(1); break;
            case "write ends": _story.Written(_write); break;
            case "write fails": _story.Written(_write, NtStatus.DeviceDataError); break;
            case "mapped": _story.Read(_read, mapped: 1); break;
            case "not wanted": _story.Read(_read); break;
            case "deleted meanwhile": _story.Read(_read, deleted: 1); break;
            case "read fails": _story.Read(_read, NtStatus.DeviceDataError); break;
            case "taken for zeroing": Last(_story.Bench.Hear(BenchCast.ZeroPageThread, new TakeFree(1))); break;
            case "zeroed":
                _story.Contents[page.Frame] = ContentStamp.Zeros;
                Last(_story.Bench.Hear(BenchCast.ZeroPageThread, new FramesZeroed(Batch(page.Frame))));
                break;
            default: throw new ArgumentOutOfRangeException(nameof(trigger), trigger, "nobody knows how to make that happen");
        }
    }

    private BenchTurn Last(BenchTurn turn) => _story.LastTurn = turn;

    private static FrameBatch Batch(Pfn frame)
    {
        var batch = default(FrameBatch);
        batch.Add(frame);
        return batch;
    }
}
