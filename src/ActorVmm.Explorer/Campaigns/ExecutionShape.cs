using System.Text.RegularExpressions;
using ActorVmm.Explorer.Explaining;

namespace ActorVmm.Explorer.Campaigns;

/// <summary>
/// What two shrunk executions have in common that show one mistake: what each actor heard, in its order. Turns of different actors
/// that commute may stand in any order in an execution, and two actors of a kind may exchange their parts; neither shows here.
/// </summary>
public static partial class ExecutionShape
{
    /// <summary>Of the latest execution: a part for each actor that took a turn, in the order of the parts' words.</summary>
    public static string Of(ExploredMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ExecutionRecord record = machine.Record;
        Dictionary<int, List<string>> heard = [];
        for (int turn = 0; turn < record.Count; turn++)
        {
            int actor = record[turn].Actor.Value;
            if (!heard.TryGetValue(actor, out List<string>? words))
            {
                heard[actor] = words = [];
            }

            words.Add(MessageWords.NameOf(record[turn].Kind));
        }

        return string.Join("; ", heard.Select(actor => $"{Number().Replace(machine.Machine.NameOf(new ActorId(actor.Key)), "#")}: {string.Join(' ', actor.Value)}").Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Number();
}
