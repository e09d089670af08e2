namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>
/// Who belongs to which job, and what each of them and each job is charged as private memory. Members stand in the order of their actor ids;
/// a process without a job is not in it.
/// </summary>
internal sealed class JobLedger : IEncodable
{
    private Member[] _members = new Member[4];
    private int _count;
    private ulong[] _charged = [];
    private int _jobs;

    /// <summary>Pages charged to all processes of a job, from 1.</summary>
    public ulong ChargedToJob(int job) => job <= _jobs ? _charged[job - 1] : 0;

    public int Members(int job)
    {
        int members = 0;
        for (int row = 0; row < _count; row++)
        {
            members += _members[row].Job == job ? 1 : 0;
        }

        return members;
    }

    /// <returns>Whether it was in no job before.</returns>
    public bool Join(ActorId process, int job)
    {
        int row = Find(process);
        if (row >= 0)
        {
            return false;
        }

        row = ~row;
        if (_count == _members.Length)
        {
            Array.Resize(ref _members, _count * 2);
        }

        Array.Copy(_members, row, _members, row + 1, _count - row);
        _members[row] = new Member { Process = process, Job = job };
        _count++;
        if (job > _jobs)
        {
            Array.Resize(ref _charged, job);
            _jobs = job;
        }

        return true;
    }

    /// <returns>Which job it was in; 0 for none.</returns>
    public int Leave(ActorId process)
    {
        int row = Find(process);
        if (row < 0)
        {
            return 0;
        }

        int job = _members[row].Job;
        _charged[job - 1] -= _members[row].Charged;
        _count--;
        Array.Copy(_members, row + 1, _members, row, _count - row);
        return job;
    }

    /// <summary>The job of a process, from 1, and what the process is charged; 0 when it is in none.</summary>
    public (int Job, ulong Charged) Of(ActorId process)
    {
        int row = Find(process);
        return row < 0 ? (0, 0) : (_members[row].Job, _members[row].Charged);
    }

    public void Enter(ActorId process, ulong pages, CommitKind kind)
    {
        int row = kind == CommitKind.Private ? Find(process) : -1;
        if (row >= 0)
        {
            _members[row].Charged += pages;
            _charged[_members[row].Job - 1] += pages;
        }
    }

    /// <summary>What was charged before the process joined was never entered here.</summary>
    public void Return(ActorId process, ulong pages, CommitKind kind)
    {
        int row = kind == CommitKind.Private ? Find(process) : -1;
        if (row >= 0)
        {
            ulong entered = Math.Min(pages, _members[row].Charged);
            _members[row].Charged -= entered;
            _charged[_members[row].Job - 1] -= entered;
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Rows("members", ref _members, ref _count);
        codec.Values("charged", ref _charged, ref _jobs);
    }

    private int Find(ActorId process)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_members[middle].Process == process)
            {
                return middle;
            }

            if (_members[middle].Process.Value < process.Value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return ~low;
    }

    private struct Member : IEncodable
    {
        public ActorId Process;
        public ulong Charged;
        public int Job;

        public void Encode(StateCodec codec)
        {
            codec.Field("process", ref Process);
            codec.Field("charged", ref Charged);
            codec.Field("job", ref Job);
        }
    }
}
