using ActorVmm.Journal.Events;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Takes from a parallel host what it records of itself, and hands it to a <see cref="IRunWriter"/>: the run hears nothing of
/// it between two calls of <see cref="Pause"/>, and bytes are made of it on the writer's thread.
/// </summary>
public sealed class BoundaryRecorder : IRunRecorder
{
    /// <summary>Bytes that make a row.</summary>
    public const int RowBytes = 1 << 16;

    private readonly IRunWriter _writer;
    private readonly List<ParallelRecord> _pieces = [];
    private ParallelHost? _host;
    private long _bytes;
    private long _handedOver;

    /// <param name="writer">Its stream has begun with the run's <see cref="RunStarted"/>.</param>
    /// <param name="before">Deliveries that are recorded already.</param>
    public BoundaryRecorder(IRunWriter writer, long before = 0)
    {
        ArgumentNullException.ThrowIfNull(writer);
        (_writer, _handedOver) = (writer, before);
    }

    /// <inheritdoc/>
    public long Deliveries => _handedOver + _pieces.Sum(piece => piece.Deliveries);

    /// <inheritdoc/>
    public bool HasStopped => Host.Stop is not null;

    private ParallelHost Host => _host ?? throw new InvalidOperationException("nobody has said whose run it is");

    /// <inheritdoc/>
    public void Attach(IHost host) =>
        _host = host as ParallelHost ?? throw new ArgumentException("only a parallel host records boundaries", nameof(host));

    /// <inheritdoc/>
    public void Pause()
    {
        Take();
        if (_bytes >= RowBytes)
        {
            Append();
        }
    }

    /// <inheritdoc/>
    public void HandOver()
    {
        Take();
        Append();
    }

    /// <inheritdoc/>
    public void Checkpoint(Fingerprint fingerprint)
    {
        HandOver();
        _writer.Append(new Checkpoint { Delivery = Deliveries, Now = Host.Now, Fingerprint = fingerprint, Actors = new HostView(Host).Checks() });
    }

    /// <inheritdoc/>
    public void End(Fingerprint fingerprint, string end)
    {
        HandOver();
        _writer.Append(new RunEnded
        {
            End = end, Stop = Host.Stop?.Message ?? "", Now = Host.Now, Fingerprint = fingerprint, Statistics = Host.Statistics,
        });
        _writer.Flush();
    }

    private void Take()
    {
        ParallelRecord piece = Host.TakeRecord();
        if (!piece.IsEmpty)
        {
            _pieces.Add(piece);
            _bytes += piece.Bytes;
        }
    }

    private void Append()
    {
        if (_pieces.Count == 0)
        {
            return;
        }

        var batch = new BoundaryBatch(_handedOver + 1, ParallelRecord.Join(_pieces));
        _writer.Append(batch);
        _handedOver = batch.LastDelivery;
        _pieces.Clear();
        _bytes = 0;
    }
}
