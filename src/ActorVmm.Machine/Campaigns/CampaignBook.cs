using System.Collections.Concurrent;
using ActorVmm.Journal;
using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Machine.Campaigns;

/// <summary>
/// A campaign's ledger as the workers of this process use it, all at once: seeds are handed out one by one, results are written
/// down many at a time, and findings are told and recorded once.
/// </summary>
public sealed class CampaignBook
{
    private const int MostWaiting = 256;
    private const long FirstLease = 8;
    private const long LongestLease = 4_096;

    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _shortLease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longLease = TimeSpan.FromSeconds(4);

    private readonly ICampaignLedger _ledger;
    private readonly TimeProvider _clock;
    private readonly Func<FindingGroup, CancellationToken, string?>? _record;
    private readonly Lock _taking = new();
    private readonly Lock _waitingGate = new();
    private readonly Lock _ledgerGate = new();
    private readonly Lock _recording = new();
    private readonly Queue<ulong> _taken = new();
    private readonly ConcurrentQueue<FindingGroup> _unrecorded;
    private readonly Queue<FindingGroup> _untold = new();
    private List<SeedResult> _waiting = [];
    private CampaignTotals _totals;
    private long _lease = FirstLease;
    private long _leasedAt;
    private long _writtenAt;

    /// <param name="ledger">The ledger, which stays its owner's.</param>
    /// <param name="clock">Says when waiting results are written; it decides no result.</param>
    /// <param name="record">Records a finding as a run and says which; null where findings are not recorded, and an answer of null where this one cannot be, or was stopped.</param>
    public CampaignBook(ICampaignLedger ledger, TimeProvider clock, Func<FindingGroup, CancellationToken, string?>? record = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(clock);
        (_ledger, _clock, _record) = (ledger, clock, record);
        _totals = ledger.Totals();
        AtBeginning = _totals.Done;
        _unrecorded = new ConcurrentQueue<FindingGroup>(record is null ? [] : ledger.Findings().Where(group => group.Run.Length == 0));
        _leasedAt = _writtenAt = clock.GetTimestamp();
    }

    public CampaignPlan Plan => _ledger.Plan;

    /// <summary>Seeds that had a row before this book was opened.</summary>
    public long AtBeginning { get; }

    /// <summary>Sums over the seeds that are written down.</summary>
    public CampaignTotals Totals
    {
        get
        {
            lock (_ledgerGate)
            {
                return _totals;
            }
        }
    }

    /// <summary>Hands out a seed that nobody else has.</summary>
    /// <returns>False when every seed has been run or is somebody else's.</returns>
    public bool TryTake(out ulong seed)
    {
        lock (_taking)
        {
            while (_taken.Count == 0)
            {
                AdaptLease();
                if (Claim(_lease) is not { } lease)
                {
                    seed = 0;
                    return false;
                }

                foreach (ulong left in lease.Left())
                {
                    _taken.Enqueue(left);
                }
            }

            seed = _taken.Dequeue();
            return true;
        }
    }

    /// <summary>Takes what a seed came to. It counts when it has been written down, within a quarter of a second while others come.</summary>
    /// <exception cref="JournalException">The ledger cannot be written.</exception>
    public void Settle(SeedResult result)
    {
        List<SeedResult>? due = null;
        lock (_waitingGate)
        {
            _waiting.Add(result);
            if (_waiting.Count >= MostWaiting || result.Findings.Count > 0 || _clock.GetElapsedTime(_writtenAt) >= _longestWait)
            {
                due = TakeWaiting();
            }
        }

        Write(due);
    }

    /// <summary>Writes down what waits.</summary>
    /// <exception cref="JournalException">The ledger cannot be written.</exception>
    public void Flush()
    {
        List<SeedResult> due;
        lock (_waitingGate)
        {
            due = TakeWaiting();
        }

        Write(due);
    }

    /// <summary>A finding that has not been told yet, recorded if it can be; null when there is none.</summary>
    public FindingGroup? NextFinding()
    {
        lock (_ledgerGate)
        {
            return _untold.TryDequeue(out FindingGroup? next) ? next : null;
        }
    }

    /// <summary>Records the findings that no run shows yet.</summary>
    /// <param name="patient">Whether what cannot be done now is left for later; otherwise that is an error.</param>
    /// <param name="stop">Leaves the rest for another time.</param>
    /// <exception cref="JournalException">The journal cannot be written.</exception>
    public void RecordFindings(bool patient, CancellationToken stop)
    {
        if (_record is null)
        {
            return;
        }

        if (!patient)
        {
            _recording.Enter();
        }
        else if (!_recording.TryEnter())
        {
            // Whoever is at it goes on until nothing is left.
            return;
        }

        try
        {
            while (!stop.IsCancellationRequested && _unrecorded.TryPeek(out FindingGroup? group))
            {
                Recorded(group, _record(group, stop));
                _unrecorded.TryDequeue(out _);
            }
        }
        catch (JournalStorageException) when (patient)
        {
            // Somebody else may be writing the journal: there is another time, and the last one tells.
        }
        finally
        {
            _recording.Exit();
        }
    }

    private void Recorded(FindingGroup group, string? run)
    {
        if (run is not null)
        {
            lock (_ledgerGate)
            {
                _ledger.Recorded(group.Finding.Key, run);
            }
        }
    }

    private List<SeedResult> TakeWaiting()
    {
        List<SeedResult> due = _waiting;
        _waiting = [];
        _writtenAt = _clock.GetTimestamp();
        return due;
    }

    private void Write(List<SeedResult>? due)
    {
        if (due is not { Count: > 0 })
        {
            return;
        }

        IReadOnlyList<FindingGroup> fresh;
        lock (_ledgerGate)
        {
            fresh = _ledger.Settle(due);
            _totals = due.Aggregate(_totals, (sum, result) => sum.With(result));
            foreach (FindingGroup group in fresh)
            {
                _untold.Enqueue(group);
            }
        }

        if (_record is not null)
        {
            foreach (FindingGroup group in fresh)
            {
                _unrecorded.Enqueue(group);
            }
        }
    }

    private SeedLease? Claim(long most)
    {
        lock (_ledgerGate)
        {
            return _ledger.Claim(most);
        }
    }

    /// <summary>Leases that last about a second or two cost nothing, and leave little behind.</summary>
    private void AdaptLease()
    {
        TimeSpan lasted = _clock.GetElapsedTime(_leasedAt);
        _lease = lasted < _shortLease ? Math.Min(_lease * 2, LongestLease) : lasted > _longLease ? Math.Max(_lease / 2, 1) : _lease;
        _leasedAt = _clock.GetTimestamp();
    }
}
