namespace ActorVmm.Runtime;

/// <summary>What a turn asked of its timers, carried out the same on every host that has a clock.</summary>
internal static class TimerEffects
{
    /// <summary>Starts and cancels timers; a cancelled one is taken out of the mailbox if it has fired already.</summary>
    public static void Carry(TimerHeap timers, MailboxPool mail, ActorId self, ref ActorCell cell, Outbox outbox, Ticks now)
    {
        foreach (ref readonly Outbox.TimerStart start in outbox.TimerStarts)
        {
            int count = unchecked(++cell.Sent);

            // A timer due never is one that nobody can tell from none.
            if (start.Delay < Ticks.Never - now)
            {
                timers.Start(self, ref cell, start.Timer, now + start.Delay, start.Message, count);
            }
        }

        foreach (TimerId timer in outbox.TimerCancels)
        {
            if (!timers.Cancel(ref cell, timer) && cell.MayHoldFiredTimer && !mail.Withdraw(ref cell, timer))
            {
                cell.MayHoldFiredTimer = cell.MailboxHead != 0;
            }
        }
    }
}
