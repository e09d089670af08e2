using System.Globalization;
using System.Text.Json;
using ActorVmm.Machine.Words;

namespace ActorVmm.Machine.Tests.Exports;

/// <summary>CSV as RFC 4180 wants it, and one JSON object per line.</summary>
internal static class TableCheckers
{
    public static void CheckCsv(string file, TurnsOfRun turns)
    {
        List<string[]> rows = Parse(file);
        rows[0].ShouldBe(["delivery", "time_ns", "spent_ns", "actor", "sender", "sender_count", "heard", "says", "facts", "asked"]);
        rows.ShouldAllBe(row => row.Length == rows[0].Length);
        rows.Skip(1).Select(row => (Number(row[0]), Number(row[1]), (int)Number(row[5]), row[8].Length == 0 ? 0 : row[8].Split("; ").Length))
            .ShouldBe(turns.Deliveries.Select(turn => (turn.Number, turn.Now, turn.Count, turn.Facts)));
    }

    public static void CheckNdjson(string file, TurnsOfRun turns)
    {
        file.ShouldEndWith("\n");
        string[] lines = file[..^1].Split('\n');
        lines.Length.ShouldBe((int)turns.Facts);
        var counted = new Dictionary<long, int>();
        foreach (string line in lines)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement fact = document.RootElement;
            string[] keys = [.. fact.EnumerateObject().Select(property => property.Name)];
            keys[..6].ShouldBe(["v", "type", "turn", "ns", "actor", "fact"]);
            keys.Distinct(StringComparer.Ordinal).Count().ShouldBe(keys.Length, line);
            Word word = FactWords.All.Words.Single(candidate => candidate.Name == fact.GetProperty("fact").GetString());
            keys[6..].ShouldBe(word.Fields.Select(field => field.Name));
            long turn = fact.GetProperty("turn").GetInt64();
            counted[turn] = counted.GetValueOrDefault(turn) + 1;
        }

        turns.Deliveries.ShouldAllBe(turn => counted.GetValueOrDefault(turn.Number) == turn.Facts);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static List<string[]> Parse(string file)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        string cell = "";
        bool quoted = false;
        for (int at = 0; at < file.Length; at++)
        {
            char letter = file[at];
            if (quoted)
            {
                bool twice = letter == '"' && at + 1 < file.Length && file[at + 1] == '"';
                quoted = letter != '"' || twice;
                cell += quoted ? letter : "";
                at += twice ? 1 : 0;
            }
            else if (letter is ',' or '\n')
            {
                row.Add(cell);
                cell = "";
                if (letter == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else if (letter == '"')
            {
                quoted = true;
            }
            else
            {
                cell += letter;
            }
        }

        row.ShouldBeEmpty();
        return rows;
    }
}
