using ActorVmm.Actors;
using ActorVmm.Kernel.Files;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.Sections;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Files;

/// <summary>A file, number 0, and a test in the place of everybody who talks to it: of processes, of its segments, and of its disk.</summary>
internal sealed class DataFileStory : ISectionFactory
{
    public static readonly ActorId Asker = BenchCast.Process(1);

    private uint _requests = 100;

    public DataFileStory(string text = "", ulong? length = null)
    {
        Plan = new FilePlan("a.txt", length ?? (ulong)text.Length) { Contents = System.Text.Encoding.ASCII.GetBytes(text) };
        File = Make();
        Bench = new ActorBench(File, new ActorId(50));
    }

    public FilePlan Plan { get; }

    public Contents Contents { get; } = new(64, 8);

    public DataFile File { get; }

    public ActorBench Bench { get; }

    /// <summary>Numbers of the segments that were made.</summary>
    public List<uint> Segments { get; } = [];

    Role ISectionFactory.Role => new(8, Placement.Processor);

    IActor ISectionFactory.Create(uint serial)
    {
        Segments.Add(serial);
        return new Nobody();
    }

    public DataFile Make() => new(0, Plan, new MachinePlan(64), Contents, this);

    public int Open(FileRights rights = FileRights.Read | FileRights.Write, FileOpening opening = FileOpening.Plain)
    {
        FileReturned answer = Ask(new OpenFile(++_requests, rights, opening, 0));
        answer.Status.ShouldBe(NtStatus.Success);
        return (int)answer.Value;
    }

    public NtStatus Resize(int open, ulong length) => Ask(new SetEndOfFile(length, open, ++_requests)).Status;

    /// <summary>The bytes at an offset; the disk, if it is asked, does its work.</summary>
    public FileReturned Load(ulong offset, int width) => Ask(new LoadFile(offset, width, ++_requests));

    /// <summary>Asks, lets the disk work, and takes the answer.</summary>
    public FileReturned Ask<T>(T question)
        where T : unmanaged, IMessage
    {
        int before = Bench.SentSoFar<FileReturned>().Count;
        Bench.Hear(Asker, question);
        while (Bench.SentSoFar<FileReturned>().Count == before && Bench.Timers.Count > 0)
        {
            Bench.FireTimer();
        }

        Bench.SentSoFar<FileReturned>().Count.ShouldBe(before + 1, "the file answers once");
        return Bench.SentSoFar<FileReturned>()[^1];
    }

    /// <summary>A section on the file is wanted; the segment that was asked to form it, or the refusal.</summary>
    public BenchTurn Section(ulong size = 0, PageProtection protection = PageProtection.ReadWrite, SectionAttributes attributes = SectionAttributes.Commit, FileRights rights = FileRights.Kernel) =>
        Bench.Hear(BenchCast.SystemSpace, new OpenControlArea(size, Asker, ++_requests, 0, attributes, protection, rights, 0, 0));

    /// <summary>Reads pages into frames from 0 on, as a segment does.</summary>
    public FilePagesRead ReadPages(ulong offset, ulong bytes, int pages)
    {
        var row = new MdlId(0);
        Contents.Mdls.Clear(row);
        for (uint frame = 0; frame < pages; frame++)
        {
            Contents.Mdls.Add(row, new Pfn(frame));
        }

        Bench.Hear(new ActorId(60), new ReadFilePages(offset, bytes, row, 7));
        return Bench.FireTimer().Sent<FilePagesRead>().ShouldHaveSingleItem();
    }

    /// <summary>Writes a page that begins with these bytes and ends with 0xFF.</summary>
    public FilePagesWritten WritePage(ulong offset, ulong value)
    {
        var row = new MdlId(1);
        var frame = new Pfn(40);
        Contents.Mdls.Clear(row);
        Contents[frame] = new ContentStamp(0x1234);
        Contents.Bytes.Write(40, 0, 8, value);
        Contents.Bytes.Write(40, 4095, 1, 0xFF);
        Contents.AddCopy(row, frame);
        Bench.Hear(new ActorId(60), new WriteFilePages(offset, row, 9));
        return Bench.FireTimer().Sent<FilePagesWritten>().ShouldHaveSingleItem();
    }

    /// <summary>A row whose copies hold these characters.</summary>
    public MdlId Row(string text, int pages = 1)
    {
        var row = new MdlId(2);
        Contents.Mdls.Clear(row);
        for (uint page = 0; page < pages; page++)
        {
            Contents.Mdls.Add(row, new Pfn(50 + page));
        }

        Contents.Mdls.Copies.Write(Contents.Mdls.CellOf(row, 0), 0, System.Text.Encoding.ASCII.GetBytes(text));
        return row;
    }

    public string TextOf(MdlId row, int count)
    {
        byte[] bytes = new byte[count];
        Contents.Mdls.Copies.Read(Contents.Mdls.CellOf(row, 0), 0, bytes);
        return System.Text.Encoding.ASCII.GetString(bytes);
    }

    public FileReturned Transfer(int open, MdlId row, ulong bytes, bool write) => Ask(new TransferFile(bytes, row, open, ++_requests, write ? 1 : 0));

    private sealed class Nobody : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox) => throw new InvalidOperationException("the test answers for segments");

        public void Encode(StateCodec codec)
        {
        }
    }
}
