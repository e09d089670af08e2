using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>A section on a stage, and the one handle that the test has of it.</summary>
internal sealed class StagedSection(RaceStage stage, uint name, SectionCreated created)
{
    public ActorId Id => created.Section;

    public int Object => created.Object;

    public NtStatus Status => created.Status;

    /// <summary>By which processes find it.</summary>
    public uint Name => name;

    public bool IsOpen { get; private set; } = created.Status == NtStatus.Success;

    /// <summary>Whether its segment has given everything back.</summary>
    public bool IsGone => stage.Ended(Id);

    public StagedSection ShouldBeThere()
    {
        Status.ShouldBe(NtStatus.Success, stage.Transcript);
        return this;
    }

    /// <summary>The handle is closed.</summary>
    public void Closes()
    {
        IsOpen = false;
        stage.Close(this);
    }

    /// <summary>The prototype PTE of this page names this frame, or named it last.</summary>
    public Pfn FrameOf(int page) => stage.StatedBy<PageMapped>(Id).Last(fact => fact.Vpn.Value == (ulong)page).Pfn;

    /// <summary>Where the page's frame is, by the PFN database.</summary>
    public PageLocation LocationOf(int page) => stage.LocationOf(FrameOf(page));

    /// <summary>What was stored to the page last.</summary>
    public ContentStamp StoredTo(int page) => stage.StatedBy<PageStored>(Id).Last(fact => fact.Vpn.Value == (ulong)page).Stamp;

    /// <summary>A process loads from its view, and sees what was stored last.</summary>
    public void IsSeenBy(StagedProcess process, int page = 0)
    {
        process.Does(Step.Load(page));
        PageLoaded loaded = stage.StatedBy<PageLoaded>(Id)[^1];
        loaded.Vpn.Value.ShouldBe((ulong)page, stage.Transcript);
        loaded.Stamp.ShouldBe(StoredTo(page), stage.Transcript);
    }

    public static implicit operator ActorId?(StagedSection section) => section.Id;
}
