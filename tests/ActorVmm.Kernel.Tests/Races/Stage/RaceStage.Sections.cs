using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Sections and files on a stage.</summary>
internal sealed partial class RaceStage
{
    /// <summary>The small machine with a file of four pages, whose first bytes are <c>FILEDATA</c>.</summary>
    public static MachinePlan WithFile => Small with
    {
        Files = [new FilePlan("a.txt", 4 * PageSize.Bytes) { Contents = "FILEDATA"u8.ToArray() }],
    };

    private readonly List<StagedSection> _sections = [];
    private SectionCreated _created;
    private FileReturned _returned;
    private uint _requests;

    /// <summary>A section with one handle and a name by which processes can map it; closed at the end at the latest.</summary>
    public StagedSection Section(int pages = 4, SectionAttributes attributes = SectionAttributes.Commit)
    {
        StagedSection section = TryCreate((ulong)pages * PageSize.Bytes, attributes, ActorId.Outside);
        return section.ShouldBeThere();
    }

    /// <summary>The same on the file of the machine, of its length.</summary>
    public StagedSection FileSection() => TryCreate(0, SectionAttributes.Commit, Cast.Files[0]).ShouldBeThere();

    /// <summary>Whether a section on the file can be had.</summary>
    public StagedSection TryFileSection() => TryCreate(0, SectionAttributes.Commit, Cast.Files[0]);

    /// <summary>A process with nothing but a view of the whole section, where the region of others is.</summary>
    public StagedProcess StartWithView(StagedSection section, PageProtection protection = PageProtection.ReadWrite) =>
        Start(new ProcessPlan("staged", [new FixedProgram(Step.Map(section, protection))]) { Lingers = true });

    /// <summary>The page is in the paging file and nowhere else; it was in nobody's working set.</summary>
    public void PageOut(StagedSection section, int page = 0)
    {
        Flush();
        TakeAllFrames().Exits();
        LetGo<LowMemory>();
        Settle();
        Stated<PageRepurposed>().ShouldContain(fact => fact.Owner == section.Id && fact.Vpn.Value == (ulong)page, $"page {page} is paged out{Transcript}");
    }

    /// <summary>What eight bytes of the file are.</summary>
    public ulong FileBytes(ulong offset = 0) => AskFile(new LoadFile(offset, sizeof(ulong), ++_requests)).Value;

    /// <summary>The answer of the file to a question; everything has followed from it that is not held.</summary>
    public FileReturned AskFile<T>(T question)
        where T : unmanaged, IMessage
    {
        _returned = default;
        Inject(Cast.Files[0], question);
        Settle();
        return _returned;
    }

    /// <summary>The file is opened by somebody outside; its file object.</summary>
    public int OpenFile() => (int)AskFile(new OpenFile(++_requests, FileRights.Read | FileRights.Write, FileOpening.Plain, 0)).Value;

    internal void Close(StagedSection section)
    {
        Inject(section.Id, new CountHandle(section.Object, -1));
        Deliver<CountHandle>(section.Id);
    }

    private StagedSection TryCreate(ulong size, SectionAttributes attributes, ActorId file)
    {
        uint name = (uint)_sections.Count + 1;
        _created = default;
        Inject(Cast.SystemSpace, new CreateSection(
            size, name, attributes, PageProtection.ReadWrite, name, file, FileRights.Kernel, HandleResolution.Resolved, false, 0));
        Settle();
        var section = new StagedSection(this, name, _created);
        _sections.Add(section);
        return section;
    }

    private void CloseSections()
    {
        foreach (StagedSection section in _sections.Where(section => section.IsOpen))
        {
            section.Closes();
        }

        Settle();
    }
}
