using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Exports;

/// <summary>
/// Writes a run to a stream while it goes on, for other tools. It listens to turns, of a run or of a replay; to facts only so that
/// there are some.
/// </summary>
public abstract class RunExport : ITurnListener, IFactListener
{
    /// <param name="names">What actors are called.</param>
    protected RunExport(IActorNames names) => Names = names;

    protected IActorNames Names { get; }

    /// <summary>A writer of a format; what it has written is complete after <see cref="Complete"/>. The stream stays open.</summary>
    public static RunExport Create(ExportFormat format, Stream stream, IActorNames names) => format switch
    {
        ExportFormat.Perfetto => new PerfettoExport(stream, names),
        ExportFormat.ShiViz => new ShiVizExport(stream, names),
        ExportFormat.Csv => new CsvExport(stream, names),
        ExportFormat.Ndjson => new NdjsonExport(stream, names),
    };

    public abstract void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox);

    /// <summary>The run has ended: what is still open is closed.</summary>
    public abstract void Complete(Ticks now);

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
    }

    /// <summary>A word and what it says, of a message.</summary>
    protected string Describe(in Message message) => MessageWords.All.Of(message.Kind).Describe(Message.BodyOf(in message), Names);
}
