namespace ActorVmm.Explorer.Dpor;

/// <summary>
/// Messages that an execution left unheard although another could have heard them: a timer cancelled, or left over when all that
/// may fire had fired; a message to an actor that had stopped. Each raced with the turn that kept it from being heard.
/// </summary>
internal sealed class Unheard(HappensBefore order, ExecutionSetting setting)
{
    /// <summary>The turn that kept a message from being heard and that nothing orders before it; −1 when there is none.</summary>
    /// <param name="record">The execution.</param>
    /// <param name="sends">All that was sent, or all that was on its way at the beginning.</param>
    /// <param name="send">Which of that.</param>
    public int KeptBy(ExecutionRecord record, ReadOnlySpan<RecordedSend> sends, int send)
    {
        ref readonly RecordedSend unheard = ref sends[send];
        if (unheard.HeardIn >= 0 || unheard.To.IsOutside)
        {
            return -1;
        }

        int keeper = unheard.IsTimer ? TimerKeptBy(record, in unheard) : MessageKeptBy(record, sends, send);
        return keeper < 0 || (unheard.By >= 0 && order.IsBefore(keeper, unheard.By)) ? -1 : keeper;
    }

    private int TimerKeptBy(ExecutionRecord record, in RecordedSend timer)
    {
        int fired = 0;
        int end = timer.CancelledIn >= 0 ? timer.CancelledIn : record.Count;
        int latest = -1;
        for (int turn = 0; turn < end; turn++)
        {
            if (record[turn].IsTimer)
            {
                fired++;
                latest = turn;
            }
        }

        return fired >= setting.TimerFirings ? latest : timer.CancelledIn >= 0 ? timer.CancelledIn : record.LatestTurnOf(timer.To);
    }

    private int MessageKeptBy(ExecutionRecord record, ReadOnlySpan<RecordedSend> sends, int send)
    {
        ref readonly RecordedSend unheard = ref sends[send];
        int keeper = record.LatestTurnOf(unheard.To);
        return keeper < 0 || order.MustPrecede(keeper, in unheard) || (setting.Model != DeliveryModel.Bag && IsBehindAnother(sends, send)) ? -1 : keeper;
    }

    /// <summary>Of what one actor sent to another, only the oldest can be next.</summary>
    private static bool IsBehindAnother(ReadOnlySpan<RecordedSend> sends, int send)
    {
        ref readonly RecordedSend unheard = ref sends[send];
        for (int earlier = 0; earlier < send; earlier++)
        {
            ref readonly RecordedSend other = ref sends[earlier];
            if (other.HeardIn < 0 && !other.IsTimer && other.To == unheard.To && other.Name.Sender == unheard.Name.Sender)
            {
                return true;
            }
        }

        return false;
    }
}
