namespace ActorVmm.Kernel.WorkingSets;

/// <summary>
/// A round of trimming: stages, each of which asks some processes for pages and waits for all answers. Stages 0 to 3 are the passes by
/// age, one batch of questions each, to twice as many processes each time. The stages after that are the last resorts; each goes
/// through all processes, batch by batch, before the next one is tried.
/// </summary>
public sealed partial class WorkingSetManager
{
    /// <summary>The pass that takes any page that is not locked.</summary>
    private const int AnyAge = 4;
    private const int BelowMinimum = 5;
    private const int SelfReplacing = 6;

    private readonly TrimOrder _order = new();
    private int _next;
    private int _stage;
    private int _breadth;
    private int _goal;
    private int _unanswered;
    private int _trimmed;
    private bool _changed;
    private bool _reviewed;

    /// <summary>How many stages the last round went through in vain; 0 when it found something.</summary>
    private int _triedInVain;

    /// <summary>Whether a round may find something: the last one did, or there is a resort now that it did not have.</summary>
    private bool IsWorthwhile => _triedInVain == 0 || IsAllowed(_triedInVain);

    private void EncodeRound(StateCodec codec)
    {
        _order.Encode(codec);
        codec.Field("next", ref _next);
        codec.Field("stage", ref _stage);
        codec.Field("breadth", ref _breadth);
        codec.Field("goal", ref _goal);
        codec.Field("unanswered", ref _unanswered);
        codec.Field("trimmed", ref _trimmed);
        codec.Field("changed", ref _changed);
        codec.Field("reviewed", ref _reviewed);
        codec.Field("tried in vain", ref _triedInVain);
    }

    private void BeginOrLook(Outbox outbox)
    {
        if (IsWorthwhile)
        {
            BeginRound(outbox);
        }
        else
        {
            Look(outbox);
        }
    }

    private void BeginRound(Outbox outbox)
    {
        _goal = _memory.Missing;
        _stage = 0;
        _next = 0;
        _breadth = 1;
        _changed = false;
        _reviewed = false;
        if (_processes.Surplus > 0)
        {
            _order.Begin(_processes);
        }
        else
        {
            // Nobody has anything above its minimum: thousands need not be asked to find that out.
            _stage = AnyAge;
            NextStage();
        }

        Recall(outbox);
        AskMore(outbox);
    }

    private void Recall(Outbox outbox)
    {
        for (int row = 0; row < _processes.Count && _goal > 0 && _processes.Kept > 0; row++)
        {
            ref TrimCandidate candidate = ref _processes[row];
            if (candidate.Kept > 0)
            {
                _goal -= candidate.Kept;
                _changed = true;
                _processes.Recall(row);
                outbox.Spend(_operation);
                outbox.Send(candidate.Process, new RecallFrames());
            }
        }
    }

    /// <summary>Asks the next processes to give up pages; when nobody is left to ask, the round is over.</summary>
    private void AskMore(Outbox outbox)
    {
        if (_goal <= 0)
        {
            Review(outbox);
            return;
        }

        while (IsAllowed(_stage))
        {
            if (AskSome(outbox))
            {
                _phase = Phase.Trimming;
                return;
            }

            NextStage();
        }

        EndRound(outbox);
    }

    private void NextStage()
    {
        _stage++;
        _next = 0;
        if (_stage == BelowMinimum)
        {
            _order.Renew(_processes);
        }
    }

    private bool IsAllowed(int stage) => stage switch
    {
        < AnyAge => true,
        AnyAge => _memory.IsShort,
        <= SelfReplacing => _memory.Waiters > 0,
        _ => false,
    };

    /// <summary>Asks as few processes as have the goal among them; in later passes more, but none for nothing.</summary>
    private bool AskSome(Outbox outbox)
    {
        int end = _next;
        int count = 0;
        long surplus = 0;
        for (; end < _order.Count && (surplus < _goal || count < Math.Min(_breadth, _goal)); end++)
        {
            int pages = SurplusOf(end);
            surplus += pages;
            count += pages > 0 ? 1 : 0;
        }

        if (count == 0)
        {
            return false;
        }

        outbox.State(new TrimRoundBegan(_goal, Math.Min(_stage, AnyAge), count, _memory.Available));
        _trimmed = 0;
        long wanted = _goal;
        for (; _next < end; _next++)
        {
            int pages = SurplusOf(_next);
            if (pages > 0)
            {
                // At first the first one gives all it can. Later, when that was not enough, all give equal shares, and those that have
                // more make up for those that have less.
                surplus -= pages;
                long fair = _breadth == 1 ? wanted : (wanted + count - 1) / count;
                long share = Math.Min(pages, Math.Max(fair, wanted - surplus));
                wanted -= share;
                count--;
                Ask(_processes.Find(_order[_next]), (int)share, outbox);
            }
        }

        return true;
    }

    /// <summary>Pages that may be taken in this stage from the process at one place of the order.</summary>
    private int SurplusOf(int place)
    {
        int row = _processes.Find(_order[place]);
        return row < 0 || _processes[row].ReplacesItself != (_stage == SelfReplacing) ? 0 : _processes[row].Surplus(_stage >= BelowMinimum);
    }

    private void Ask(int row, int pages, Outbox outbox)
    {
        ref TrimCandidate candidate = ref _processes[row];
        candidate.Asked++;
        _unanswered++;
        outbox.Spend(_operation);
        outbox.Send(candidate.Process, new TrimWorkingSet(pages, Math.Min(_stage, AnyAge), _stage >= BelowMinimum ? 1 : 0));
    }

    private void Answered(int answers, Outbox outbox)
    {
        _unanswered -= answers;
        if (answers == 0 || _unanswered > 0)
        {
            return;
        }

        outbox.State(new TrimRoundEnded(_trimmed, _goal, Math.Min(_stage, AnyAge)));
        if (_phase == Phase.Trimming)
        {
            Review(outbox);
        }
        else if (_phase == Phase.Emptying)
        {
            _phase = Phase.Resting;
            LookIfLow(outbox);
        }
    }

    private void Review(Outbox outbox)
    {
        _phase = Phase.Reviewing;
        _reviewed = true;
        outbox.Send(_frames, new ReportAvailable());
    }

    /// <summary>After a pass: the next one unless there is plenty. The last resorts go through all processes before the next resort.</summary>
    private void GoOn(Outbox outbox)
    {
        _goal = _memory.Missing;
        if (_goal <= 0)
        {
            _triedInVain = 0;
            return;
        }

        if (_stage < AnyAge)
        {
            NextStage();
            _breadth *= 2;
        }

        AskMore(outbox);
    }

    private void EndRound(Outbox outbox)
    {
        _phase = Phase.Resting;
        _triedInVain = _changed ? 0 : _stage;
        if (!_reviewed)
        {
            Look(outbox);
        }
    }
}
