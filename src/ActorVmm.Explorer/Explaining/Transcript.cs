namespace ActorVmm.Explorer.Explaining;

/// <summary>An execution as a table: who heard what from whom, what broke, and what was asked.</summary>
public static class Transcript
{
    /// <summary>One row a turn: its number, the actor, what it heard, what it asked.</summary>
    public static IReadOnlyList<TranscriptRow> Of(ExploredMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ExecutionRecord record = machine.Record;
        List<TranscriptRow> rows = [];
        for (int turn = 0; turn < record.Count; turn++)
        {
            List<string> asked = [];
            foreach (ref readonly RecordedSend send in record.SendsOf(turn))
            {
                asked.Add(send.IsTimer ? $"timer {MessageWords.NameOf(send.Kind)}" : $"{NameOf(machine, send.To)} {MessageWords.NameOf(send.Kind)}");
            }

            string heard = MessageWords.NameOf(record[turn].Kind);
            rows.Add(new TranscriptRow(
                turn + 1,
                NameOf(machine, record[turn].Actor),
                record[turn].Sender.IsOutside || record[turn].IsTimer ? heard : $"{heard} from {NameOf(machine, record[turn].Sender)}",
                machine.Violation?.Turn == turn + 1 ? "promise broken" : "-",
                asked.Count == 0 ? "-" : string.Join(", ", asked)));
        }

        return rows;
    }

    private static string NameOf(ExploredMachine machine, ActorId actor) => machine.Machine.NameOf(actor);
}

/// <summary>One turn.</summary>
public sealed record TranscriptRow(int Turn, string Actor, string Heard, string Established, string Asked);
