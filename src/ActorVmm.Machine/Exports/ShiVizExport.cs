using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Exports;

/// <summary>
/// A ShiViz log: on the first line the pattern of all others, then an empty one, then a line per turn with its actor's vector clock.
/// An actor's own entry counts its turns; the others say how much of every actor's past had reached it.
/// </summary>
internal sealed class ShiVizExport : RunExport
{
    /// <summary>The first line, as interfaces.md promises it.</summary>
    public const string Pattern = @"(?<seq>\d+) t=(?<ts>\d+) (?<host>\S+) (?<clock>\{.*\}) (?<event>.*)";

    private readonly StreamWriter _text;
    private readonly Causes<int[]> _causes = new();
    private readonly Dictionary<int, int[]> _clocks = [];
    private readonly Dictionary<int, string> _keys = [];
    private readonly StringBuilder _line = new();

    public ShiVizExport(Stream stream, IActorNames names)
        : base(names)
    {
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        _text.Write(Pattern + "\n\n");
    }

    public override void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        int self = turn.Actor.Value;
        int[] clock = _clocks.GetValueOrDefault(self) ?? [];
        clock = Joined(clock, _causes.TryTake(in delivery, out int[]? told) ? told : [], self);
        clock[self]++;
        _clocks[self] = clock;
        _causes.Sent(turn.Actor, outbox, clock);

        _line.Clear();
        _line.Append(CultureInfo.InvariantCulture, $"{turn.Number} t={turn.Now.Value} {Names.NameOf(turn.Actor)} {{");
        string separator = "";
        for (int id = 0; id < clock.Length; id++)
        {
            if (clock[id] > 0)
            {
                _line.Append(separator).Append(KeyOf(id)).Append(':').Append(clock[id].ToString(CultureInfo.InvariantCulture));
                separator = ",";
            }
        }

        _line.Append("} ").Append(Describe(in delivery.Message));
        foreach (ref readonly Fact fact in outbox.Facts)
        {
            _line.Append("; ").Append(FactWords.All.Of(fact.Kind).Describe(Fact.BodyOf(in fact), Names));
        }

        _text.Write(_line.Append('\n'));
    }

    public override void Complete(Ticks now) => _text.Flush();

    /// <summary>The later of both, entry by entry, as an array of its own that reaches as far as <paramref name="self"/>.</summary>
    private static int[] Joined(int[] known, int[] told, int self)
    {
        int[] joined = new int[Math.Max(Math.Max(known.Length, told.Length), self + 1)];
        known.CopyTo(joined, 0);
        for (int id = 0; id < told.Length; id++)
        {
            joined[id] = Math.Max(joined[id], told[id]);
        }

        return joined;
    }

    private string KeyOf(int id)
    {
        if (!_keys.TryGetValue(id, out string? key))
        {
            _keys[id] = key = $"\"{JsonEncodedText.Encode(Names.NameOf(new ActorId(id)), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
        }

        return key;
    }
}
