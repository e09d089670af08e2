using ActorVmm.Actors;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Words;

namespace ActorVmm.Machine.Views;

/// <summary>One turn in words: who, heard, established, asked. The columns of every transcript.</summary>
public static class TurnView
{
    public static Sheet Draw(TimelineTurn turn, IActorNames names)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var sheet = new Sheet();
        sheet.Field("turn", "turn", Cell.Count(turn.Number));
        sheet.Field("now", "virtual time", Cell.Time(turn.Stamp.Now));
        sheet.Field("actor", "actor", Cell.Word(names.NameOf(turn.Stamp.Actor)));
        sheet.Field("heard", "heard", Cell.Word(Heard(turn, names)));
        sheet.Field("sender", "from", Cell.Word(FormattableString.Invariant($"{names.NameOf(turn.Heard.Sender)} {turn.Heard.SenderCount}")));
        sheet.Table("established", [("fact", "established")], turn.Facts.Select(fact => new[] { Cell.Word(Describe(fact, names)) }));
        sheet.Table("asked", [("message", "asked")], Asked(turn, names).Select(line => new[] { Cell.Word(line) }));
        return sheet;
    }

    public static string Heard(TimelineTurn turn, IActorNames names) => Describe(turn.Heard.Message, names);

    public static string Describe(Message message, IActorNames names) => MessageWords.All.Of(message.Kind).Describe(Message.BodyOf(in message), names);

    public static string Describe(Fact fact, IActorNames names) => FactWords.All.Of(fact.Kind).Describe(Fact.BodyOf(in fact), names);

    /// <summary>What a turn asked for, a line each: messages, timers, births.</summary>
    public static IEnumerable<string> Asked(TimelineTurn turn, IActorNames names) =>
        turn.Asked.Select(sent => $"{names.NameOf(sent.To)} {Describe(sent.Message, names)}")
            .Concat(turn.Timers.Select(timer => $"itself in {Cell.Time(timer.Delay).Text} {Describe(timer.Message, names)}"))
            .Concat(turn.Born.Select(born => "born: " + names.NameOf(born)));
}
