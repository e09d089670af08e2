namespace ActorVmm.Kernel.PagingFiles;

/// <summary>
/// What becomes of the file as a whole: the scenario disturbs its device, and the ledger of commitment has it extended (fact book §21, R20).
/// An extension takes its time and can fail: the file is as large as it may be, its volume cannot give more, or its device is gone. Who was
/// refused for such a reason is told when it has passed.
/// </summary>
public sealed partial class PagingFile
{
    private uint MaximumPages => Math.Max(_plan.MaximumPages, Pages);

    private void Disturb(Disturb order, Outbox outbox)
    {
        bool wasOffline = _disturbances.IsOffline;
        int number = _disturbances.Begin(order.Injection, order.Factor);
        if (order.Duration > Ticks.Zero)
        {
            outbox.StartTimer(order.Duration, new DisturbanceEnds(order.Injection, number));
        }

        if (_disturbances.IsOffline && !wasOffline)
        {
            outbox.State(new DeviceConnection((int)_file, 0));
        }
    }

    private void DisturbanceEnds(DisturbanceEnds end, Outbox outbox)
    {
        bool wasOffline = _disturbances.IsOffline;
        _disturbances.End(end.Injection, end.Number);
        if (wasOffline && !_disturbances.IsOffline)
        {
            outbox.State(new DeviceConnection((int)_file, 1));
            TellWhoWasRefused(outbox);
        }

        if (!_disturbances.CannotExtend && !_disturbances.RefusedExtension.IsOutside)
        {
            outbox.Send(_disturbances.RefusedExtension, new ExtensionPossible(MaximumPages));
            _disturbances.RefusedExtension = ActorId.Outside;
        }
    }

    private void GrowPagingFile(ActorId asker, GrowPagingFile wish, Outbox outbox)
    {
        outbox.Spend(_operation);
        if (_plan.ExtensionTicks > 0)
        {
            outbox.StartTimer(new Ticks(_plan.ExtensionTicks) * _disturbances.Slowness, new ExtensionDone(asker, wish.Pages));
        }
        else
        {
            Extend(asker, wish.Pages, outbox);
        }
    }

    private void ExtensionDone(ExtensionDone done, Outbox outbox) => Extend(done.Asker, done.Pages, outbox);

    private void Extend(ActorId asker, uint pages, Outbox outbox)
    {
        uint added = _disturbances.CannotExtend ? 0 : Math.Min(pages, MaximumPages - Pages);
        _slots.Grow(added);
        if (added == 0)
        {
            _disturbances.RefusedExtension = asker;
            outbox.State(new PagingFileExtensionFailed((int)_file, pages, Pages));
        }

        outbox.Send(asker, new PagingFileGrown(added, Pages));
        TellWhoWasRefused(outbox);
    }
}
