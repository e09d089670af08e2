using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.PagingFiles;
using ActorVmm.Kernel.Sections;

namespace ActorVmm.Kernel.Files;

/// <summary>
/// A file, its disk, and whoever has it open. What is asked of it is done one after the other, as under the file's main resource
/// (FileRequests.cs): 1. it begins; 2. the segments on the file are asked when it could take something away from views (FileSegments.cs);
/// 3. bytes move by the device (FileTransfers.cs), or through the data segment when there is one, so that views and ordinary I/O always see
/// the same (FileInput.cs); 4. it is answered, and the next begins. Pages of segments are read and written beside all that, since a
/// request may wait for them.
/// </summary>
public sealed partial class DataFile : IActor
{
    private readonly int _number;
    private readonly FilePlan _plan;
    private readonly MachinePlan _machine;
    private readonly Contents _contents;
    private readonly ISectionFactory _sections;
    private readonly FileBytes _bytes;
    private readonly FileSegment[] _segments = new FileSegment[2];
    private readonly TransferTable<FileTransfer> _transfers = new();
    private readonly TransferTable<FileRequest> _waiting = new();
    private readonly Disturbances _disturbances = new();

    private FileObject[] _objects = new FileObject[2];
    private int _objectCount;
    private FileRequest _request;
    private uint _segmentsMade;
    private int _underWay;
    private bool _deletePending;
    private bool _isGone;

    /// <param name="number">Its number among the machine's files, below 2^19.</param>
    /// <param name="plan">What it is at the start.</param>
    /// <param name="machine">The machine that it belongs to.</param>
    /// <param name="contents">The machine's memory, where the rows of its transfers are.</param>
    /// <param name="sections">Makes its segments.</param>
    public DataFile(int number, FilePlan plan, MachinePlan machine, Contents contents, ISectionFactory sections)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _number = number;
        _plan = plan;
        _machine = machine;
        _contents = contents;
        _sections = sections;
        _bytes = new FileBytes(number, plan.Length, plan.Contents.Span);
    }

    public string Name => _plan.Name;

    /// <summary>Bytes up to its end.</summary>
    public ulong Length => _bytes.Length;

    /// <summary>Whether it is there; it goes when it was to be deleted and nobody has it open.</summary>
    public bool Exists => !_isGone;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        ActorId sender = delivery.Sender;
        switch (delivery.Kind)
        {
            case Protocol.OpenControlArea.Kind: Enqueue(RequestOf(delivery.Read<OpenControlArea>()), outbox); break;
            case Protocol.OpenFile.Kind: Enqueue(RequestOf(sender, delivery.Read<OpenFile>()), outbox); break;
            case Protocol.CloseFile.Kind: Enqueue(RequestOf(sender, delivery.Read<CloseFile>()), outbox); break;
            case Protocol.SetEndOfFile.Kind: Enqueue(RequestOf(sender, delivery.Read<SetEndOfFile>()), outbox); break;
            case Protocol.SetDisposition.Kind: Enqueue(RequestOf(sender, delivery.Read<SetDisposition>()), outbox); break;
            case Protocol.LoadFile.Kind: Enqueue(RequestOf(sender, delivery.Read<LoadFile>()), outbox); break;
            case Protocol.TransferFile.Kind: Enqueue(RequestOf(sender, delivery.Read<TransferFile>()), outbox); break;
            case Protocol.ReadFilePages.Kind: ReadFilePages(sender, delivery.Read<ReadFilePages>(), outbox); break;
            case Protocol.WriteFilePages.Kind: WriteFilePages(sender, delivery.Read<WriteFilePages>(), outbox); break;
            case Protocol.FileTransferDone.Kind: FileTransferDone(delivery.Read<FileTransferDone>().Transfer, outbox); break;
            case Protocol.ControlAreaAnswered.Kind: ControlAreaAnswered(delivery.Read<ControlAreaAnswered>(), outbox); break;
            case Protocol.SharedAccessed.Kind: SharedAccessed(delivery.Read<SharedAccessed>(), outbox); break;
            case Protocol.ControlAreaIdle.Kind: ControlAreaIdle(sender, delivery.Read<ControlAreaIdle>(), outbox); break;
            case Protocol.Disturb.Kind: Disturb(delivery.Read<Disturb>(), outbox); break;
            case Protocol.DisturbanceEnds.Kind: _disturbances.End(delivery.Read<DisturbanceEnds>().Injection, delivery.Read<DisturbanceEnds>().Number); break;
            default: throw Impossible.Message(delivery, "a file");
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Group("bytes", _bytes);
        codec.Rows("segments", _segments);
        codec.Group("device", _transfers);
        codec.Group("requests", _waiting);
        codec.Group("disturbances", _disturbances);
        codec.Rows("objects", ref _objects, ref _objectCount);
        codec.Group("request", ref _request);
        codec.Field("segments made", ref _segmentsMade);
        codec.Field("under way", ref _underWay);
        codec.Field("delete pending", ref _deletePending);
        codec.Field("gone", ref _isGone);
    }
}
