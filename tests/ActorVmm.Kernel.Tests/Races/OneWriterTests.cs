using ActorVmm.Actors;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// Why pages of files have a writer of their own (fact book §19; §17, R12). A thread reads a file: it holds the file's resource, and waits for a
/// page to read into. Memory is full of modified pages, most of them of paging files and one of that file. Whoever writes that one waits for
/// the resource. Two writers: the other one makes memory meanwhile. One writer: nobody does.
/// </summary>
public sealed class OneWriterTests
{
    private RaceStage _stage = null!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R12")]
    public void TwoWritersGoOnWhereOneWaitsForTheFileSystem(bool filePageFirst)
    {
        Errand read = ReadWithoutMemory(oneWriter: false, filePageFirst);
        read.ShouldHaveEnded();
        _stage.EndsWell("a request for frames had to wait (R11)", "a write-back was undisturbed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R12")]
    public void OneWriterForBothWaitsForItself(bool filePageFirst)
    {
        Errand read = ReadWithoutMemory(oneWriter: true, filePageFirst);
        read.ShouldWait();
        StagedMachine machine = _stage.Machine;
        _stage.Deliver<MappedWriteDue>(); // The age of the page, of which the writer has been told long since.
        machine.Host.DeliverableCount.ShouldBe(0, $"nothing will happen any more{_stage.Transcript}");
        machine.Frames.Available.ShouldBe(0);
        machine.Frames.CountOf(PageLocation.Modified).ShouldBeGreaterThan(0, "writing them would make memory");
        ((long)machine.Files[0].CurrentUsage).ShouldBeLessThan(32L, "and there is room for them");

        machine.Specifications.Quiesced();
        machine.Specifications.Violations.ShouldContain(violation => violation.Specification == "NobodyWaitsForEver", _stage.Transcript);
    }

    /// <summary>A thread has asked for bytes of the file when no frame was available; everything has followed from it.</summary>
    private Errand ReadWithoutMemory(bool oneWriter, bool filePageFirst)
    {
        _stage = new RaceStage(RaceStage.WithFile, dress: (cast, id, actor) => Dress(cast, id, actor, oneWriter), oneWriter: oneWriter);
        StagedSection section = _stage.FileSection();
        StagedProcess mapper = _stage.StartWithView(section);
        mapper.Does(Store(3));
        StagedProcess reader = _stage.Start();
        reader.Does(Store(0));
        int open = _stage.OpenFile();
        _stage.Trim(mapper);
        section.LocationOf(3).ShouldBe(PageLocation.Modified, _stage.Transcript);
        _stage.Hold<MappedPagesAvailable>();
        _stage.TakeAllFrames();
        Errand read = reader.Begins(ReadFile(0, 8), (ulong)_stage.Cast.Files[0].Value, (ulong)open);
        _stage.Settle();
        read.ShouldWait();
        if (filePageFirst)
        {
            _stage.LetGo<MappedPagesAvailable>();
            _stage.Settle();
        }

        _stage.LetGo<LowMemory>();
        if (!filePageFirst)
        {
            // Trimming has begun, and what it brings is not known yet.
            _stage.Deliver<LowMemory>();
            _stage.LetGo<MappedPagesAvailable>();
        }

        _stage.Settle();
        return read;
    }

    private static IActor? Dress(Cast cast, ActorId id, IActor actor, bool oneWriter)
    {
        if (id == cast.Files[0])
        {
            return new FileResource(actor);
        }

        return oneWriter && id == cast.ModifiedPageWriter ? new OneWriter(RaceStage.WithFile, cast) : null;
    }
}
