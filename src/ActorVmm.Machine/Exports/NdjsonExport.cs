using System.Text.Encodings.Web;
using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Exports;

/// <summary>
/// A JSON object per fact and line: in which turn, when, who stated it, its name, and what it says. Pages, frames and addresses are
/// hexadecimal text, counts are numbers.
/// </summary>
internal sealed class NdjsonExport : RunExport
{
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;

    public NdjsonExport(Stream stream, IActorNames names)
        : base(names)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public override void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        foreach (ref readonly Fact fact in outbox.Facts)
        {
            Word word = FactWords.All.Of(fact.Kind);
            _json.WriteStartObject();
            _json.WriteNumber("v", 1);
            _json.WriteString("type", "fact");
            _json.WriteNumber("turn", turn.Number);
            _json.WriteNumber("ns", turn.Now.Value);
            _json.WriteString("actor", Names.NameOf(turn.Actor));
            _json.WriteString("fact", word.Name);
            word.WriteFields(_json, Fact.BodyOf(in fact), Names);
            _json.WriteEndObject();
            _json.Flush();
            _json.Reset();
            _stream.WriteByte((byte)'\n');
        }
    }

    public override void Complete(Ticks now) => _stream.Flush();
}
