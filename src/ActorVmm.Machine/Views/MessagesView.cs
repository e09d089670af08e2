using ActorVmm.Machine.Words;
using ActorVmm.Runtime;
using ActorVmm.Actors;

namespace ActorVmm.Machine.Views;

/// <summary>What has not been heard yet.</summary>
internal static class MessagesView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        var pending = new List<PendingDelivery>();
        (sight.Host ?? throw new ViewException("this host does not show what is in its mailboxes")).ListPending(pending);
        var sheet = new Sheet();
        foreach ((PendingPlace place, string key, string title) in new[]
        {
            (PendingPlace.Mailbox, "mailboxes", "in mailboxes"), (PendingPlace.UnderWay, "underWay", "asked for in turns that have not ended"), (PendingPlace.Timer, "timers", "timers"),
        })
        {
            PendingDelivery[] here = [.. pending.Where(delivery => delivery.Place == place)];
            sheet.Line(FormattableString.Invariant($"  {here.Length} {title}"));
            sheet.Table(key, [("due", "due"), ("from", "from"), ("to", "to"), ("count", "count"), ("message", "message")], here.Select(delivery => RowOf(sight, delivery)));
            sheet.Line("");
        }

        return sheet;
    }

    private static Cell[] RowOf(Sight sight, PendingDelivery delivery)
    {
        Message message = delivery.Message;
        return
        [
            Cell.Time(delivery.Due), Cell.Word(sight.Names.NameOf(delivery.From)), Cell.Word(sight.Names.NameOf(delivery.To)),
            delivery.SenderCount == 0 ? Cell.None : Cell.Count(delivery.SenderCount), Cell.Word(MessageWords.All.Of(message.Kind).Describe(Message.BodyOf(in message), sight.Names)),
        ];
    }
}
