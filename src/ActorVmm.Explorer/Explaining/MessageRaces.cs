using ActorVmm.Explorer.Dpor;

namespace ActorVmm.Explorer.Explaining;

/// <summary>
/// The message races of an execution: pairs of deliveries to one actor that nothing orders. The first did not lead to the second's
/// sending, and the delivery model does not make it arrive first. Where arrival is decided at the send, what matters is whether the
/// second's sender could know of the first's sending.
/// </summary>
public static class MessageRaces
{
    /// <summary>All pairs of turns, from 0, in order.</summary>
    public static IReadOnlyList<(int First, int Second)> Of(ExploredMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ExecutionRecord record = machine.Record;
        HappensBefore order = new(machine.Setting.Model == DeliveryModel.Mailbox ? DeliveryModel.Causal : machine.Setting.Model);
        order.Compute(record);
        List<(int First, int Second)> races = [];
        for (int second = 1; second < record.Count; second++)
        {
            for (int first = record[second].Previous; first >= 0; first = record[first].Previous)
            {
                bool caused = record[second].Cause >= 0 && order.IsBefore(first, record[second].Cause);
                if (!caused && !order.MustPrecede(first, second))
                {
                    races.Add((first, second));
                }
            }
        }

        return races;
    }
}
