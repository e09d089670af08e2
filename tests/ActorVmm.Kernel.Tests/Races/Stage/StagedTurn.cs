using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ActorVmm.Actors;
using ActorVmm.Runtime;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>What one turn of a staged machine heard, established and asked.</summary>
internal sealed class StagedTurn(in TurnStamp turn, in Delivery delivery, Outbox outbox)
{
    private readonly Fact[] _facts = outbox.Facts.ToArray();
    private readonly Outbox.Sent[] _sent = outbox.SentMessages.ToArray();
    private string? _line;

    public long Number { get; } = turn.Number;

    public ActorId Actor { get; } = turn.Actor;

    public Delivery Delivery { get; } = delivery;

    public IEnumerable<T> Stated<T>()
        where T : unmanaged, IFact => _facts.Where(fact => fact.Kind == T.Kind).Select(fact => fact.Read<T>());

    public IEnumerable<T> Sent<T>()
        where T : unmanaged, IMessage => _sent.Where(sent => sent.Message.Kind == T.Kind).Select(sent => sent.Message.Read<T>());

    /// <summary>One line of a transcript, made once.</summary>
    public string Print(Func<ActorId, string> nameOf) => _line ??= Compose(nameOf);

    private string Compose(Func<ActorId, string> nameOf)
    {
        string heard = Transcript.Short(BenchWords.Print(Delivery.Message));
        string established = string.Join(", ", _facts.Select(fact => Transcript.Short(BenchWords.Print(fact))));
        string asked = string.Join(", ", _sent.Select(sent => $"{nameOf(sent.To)} {Transcript.Short(BenchWords.Print(sent.Message))}"));
        return Transcript.Line(Number.ToString(CultureInfo.InvariantCulture), nameOf(Actor), heard, established, asked);
    }
}

/// <summary>Turns as people read them: <c>turn  actor  heard  established  asked</c>.</summary>
internal static partial class Transcript
{
    public static string Of(IEnumerable<StagedTurn> turns, Func<ActorId, string> nameOf)
    {
        var text = new StringBuilder().AppendLine().AppendLine(Line("turn", "actor", "heard", "established", "asked"));
        foreach (var turn in turns)
        {
            text.AppendLine(turn.Print(nameOf));
        }

        return text.ToString();
    }

    public static string Line(string turn, string actor, string heard, string established, string asked) =>
        $"{turn,5}  {actor,-18}  {heard,-40}  {(established.Length == 0 ? "-" : established)}  →  {(asked.Length == 0 ? "-" : asked)}";

    /// <summary>A record as it prints itself, without what everybody knows: <c>TrimPage 100 3 1</c> with its fields' names.</summary>
    public static string Short(string word)
    {
        string shorter = Unit().Replace(word, "$1");
        shorter = Noise().Replace(shorter, "");
        shorter = Field().Replace(shorter, match => $"{char.ToLowerInvariant(match.Groups[1].Value[0])}{match.Groups[1].Value[1..]} ");
        return shorter.Replace(" {", "", StringComparison.Ordinal).Replace(" }", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\w+ \{ Value = ([^ }]+) \}")]
    private static partial Regex Unit();

    [GeneratedRegex(@",? (?:Reserved\d?|IsFull|IsAccess|Detail|Block) = \w+")]
    private static partial Regex Noise();

    [GeneratedRegex(@"\b([A-Z]\w*) = ")]
    private static partial Regex Field();
}
