using System.Globalization;
using System.Text;
using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Exports;

/// <summary>A line per delivery, as RFC 4180 wants it but for lines that end in LF: who heard what, when, what it cost and led to.</summary>
internal sealed class CsvExport : RunExport
{
    public const string Header = "delivery,time_ns,spent_ns,actor,sender,sender_count,heard,says,facts,asked";

    private readonly StreamWriter _text;

    public CsvExport(Stream stream, IActorNames names)
        : base(names)
    {
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        _text.Write(Header + "\n");
    }

    public override void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        string heard = MessageWords.All.Of(delivery.Kind).Name;
        var facts = new List<string>();
        foreach (ref readonly Fact fact in outbox.Facts)
        {
            facts.Add(FactWords.All.Of(fact.Kind).Name);
        }

        var asked = new List<string>();
        foreach (ref readonly Outbox.Sent sent in outbox.SentMessages)
        {
            asked.Add(Names.NameOf(sent.To) + " " + MessageWords.All.Of(sent.Message.Kind).Name);
        }

        string[] cells =
        [
            Number(turn.Number), Number(turn.Now.Value), Number(Math.Max(outbox.Spent.Value, 1)), Names.NameOf(turn.Actor), Names.NameOf(delivery.Sender),
            Number(delivery.SenderCount), heard, Describe(in delivery.Message)[heard.Length..].TrimStart(), string.Join("; ", facts), string.Join("; ", asked),
        ];
        _text.Write(string.Join(',', cells.Select(Quote)));
        _text.Write('\n');
    }

    public override void Complete(Ticks now) => _text.Flush();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : cell;
}
