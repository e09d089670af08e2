namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// What a core does between two batch boundaries: takes in some batches, sets its time, fires the timers that are due, takes
/// some turns; then what it sent to other cores leaves. Steps are numbered over all cores as they end, and nothing leaves before
/// that, so their order extends happens-before: turn N of a run is the N-th turn in it.
/// </summary>
internal struct RecordedStep
{
    /// <summary>The place of the step among those of all cores in this run, from 0.</summary>
    public long Ticket;
    public long Turns;
    public long Now;

    /// <summary>By core, how many of its batches were taken in.</summary>
    public int[] Taken;

    public RecordedStep(int cores)
    {
        Taken = new int[cores];
        Ticket = -1;
    }

    /// <summary>Appends a step that follows this one, and becomes it.</summary>
    public void Append(ByteLog log, long ticket, long turns, long now, ReadOnlySpan<int> taken)
    {
        int sources = 0;
        foreach (int count in taken)
        {
            sources += count > 0 ? 1 : 0;
        }

        bool many = sources > 2;
        log.Number((turns << 2) | (many ? 3L : sources));
        log.Number(ticket - Ticket);
        log.Number(now - Now);
        if (many)
        {
            log.Number(sources);
        }

        for (int source = 0; source < taken.Length; source++)
        {
            if (taken[source] > 0)
            {
                log.Number(source + ((long)(taken[source] - 1) * taken.Length));
            }
        }

        Ticket = ticket;
        Now = now;
    }

    /// <summary>Becomes the step that follows it in a record.</summary>
    public void Read(ref ByteReader reader)
    {
        long head = reader.Number();
        Turns = head >> 2;
        Ticket = unchecked(Ticket + reader.Number());
        Now = unchecked(Now + reader.Number());
        Array.Clear(Taken);
        int sources = (int)(head & 3);
        sources = sources == 3 ? reader.Int(Taken.Length) : sources;
        for (; sources > 0; sources--)
        {
            int next = reader.Int();
            Taken[next % Taken.Length] = (next / Taken.Length) + 1;
        }
    }
}
