using ActorVmm.Explorer.Sharing;

namespace ActorVmm.Explorer.Dpor;

/// <summary>What an execution leads to: for each of its races, the sequence that has the later turn first.</summary>
public sealed partial class DporStrategy
{
    /// <summary>As many summaries of sequences as are kept; told twice, one does no harm.</summary>
    private const int MostTold = 1 << 20;

    private readonly HashSet<Fingerprint> _told = [];
    private List<FoundRace> _outward = [];

    /// <summary>Sequences for places that belong to others, found since the last call.</summary>
    internal IReadOnlyList<FoundRace> TakeOutward()
    {
        List<FoundRace> taken = _outward;
        _outward = [];
        return taken;
    }

    private void ReverseRaces(bool threw)
    {
        int count = _record.Count;
        if (threw)
        {
            PlanInstead(_machine.Host);
        }
        else if (count > 0)
        {
            _frames[count - 1].Taken = _reversal.StepOf(_record, count - 1, everyAnswer: false);
        }

        _order.Compute(_record);
        for (int later = 1; later < count; later++)
        {
            int races = _order.RacesOf(later, ref _races);
            for (int race = 0; race < races; race++)
            {
                _reversal.Collect(_record, _order, _races[race], later);
                Plan(_races[race]);
            }
        }

        PlanUnheard(_record.Sends);
        if (!_record.AllStartsHeard)
        {
            PlanUnheard(_record.Starts);
        }
    }

    private void PlanUnheard(ReadOnlySpan<RecordedSend> sends)
    {
        for (int send = 0; send < sends.Length; send++)
        {
            int keeper = _unheard.KeptBy(_record, sends, send);
            if (keeper >= 0)
            {
                _reversal.CollectUnheard(_record, _order, keeper, in sends[send]);
                Plan(keeper);
            }
        }
    }

    /// <summary>Plans the collected sequence at a place, or tells whose place it is.</summary>
    private void Plan(int place)
    {
        ref Frame frame = ref _frames[place];
        ReadOnlySpan<Step> sleeping = _sleeping.Of(in frame);
        if (place >= Shared)
        {
            Planner.Plan(_reversal, sleeping, _tree, ref frame.Pending);
        }
        else if (!Planner.IsCovered(_reversal, sleeping))
        {
            if (_told.Count == MostTold)
            {
                _told.Clear();
            }

            if (_told.Add(_reversal.Summary(place)))
            {
                _outward.Add(_reversal.Save(place));
            }
        }
    }

    /// <summary>
    /// A turn threw, which ended the execution before everything was heard: whatever else was possible there is to be taken
    /// before it.
    /// </summary>
    private void PlanInstead(SteppedHost host)
    {
        int place = _record.Count;
        ref Frame frame = ref _frames[place];
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            if (index == frame.Index)
            {
                continue;
            }

            Step step = StepOf(host, index, all: _machine.Setting.Model != DeliveryModel.Mailbox);
            if (place >= Shared)
            {
                Planner.PlanByName(in step, _sleeping.Of(in frame), _tree, ref frame.Pending);
            }
            else
            {
                _outward.Add(new FoundRace(place, [PathStore.Of(in step)], [[]]) { IsByName = true });
            }
        }

        frame.Taken = StepOf(host, frame.Index, all: true);
    }

    private static Step StepOf(SteppedHost host, int index, bool all)
    {
        ref readonly PendingMessage message = ref host.Deliverable(index);
        return new Step { Name = NameOf(host, index), Receiver = host.Actors[message.To].Identity.Value, IsTimer = message.IsTimer, All = all };
    }
}
