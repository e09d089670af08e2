using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>Writes down an execution while it runs; the first turn of the next begins a new page.</summary>
internal sealed class LessonScribe : ITurnListener
{
    private readonly List<Line> _lines = [];

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        if (turn.Number == 1)
        {
            _lines.Clear();
        }

        List<(ActorId, string)> asked = [];
        foreach (ref readonly Outbox.Sent sent in outbox.SentMessages)
        {
            asked.Add((sent.To, MessageText.Of(in sent.Message)));
        }

        bool broke = false;
        foreach (ref readonly Fact fact in outbox.Facts)
        {
            broke |= fact.Is<PromiseBroken>();
        }

        _lines.Add(new Line(turn.Actor, delivery.Sender, MessageText.Of(in delivery.Message), asked, broke));
    }

    /// <summary>The latest execution.</summary>
    /// <param name="nameOf">What actors are called.</param>
    public IReadOnlyList<LessonTurn> Read(Func<ActorId, string> nameOf) =>
    [
        .. _lines.Select((line, at) => new LessonTurn(
            at + 1,
            nameOf(line.Actor),
            line.Sender.IsOutside ? line.Heard : $"{line.Heard} from {nameOf(line.Sender)}",
            line.Asked.Count == 0 ? "-" : string.Join(", ", line.Asked.Select(asked => $"{nameOf(asked.To)} {asked.Word}")),
            line.Broke)),
    ];

    private sealed record Line(ActorId Actor, ActorId Sender, string Heard, List<(ActorId To, string Word)> Asked, bool Broke);
}
