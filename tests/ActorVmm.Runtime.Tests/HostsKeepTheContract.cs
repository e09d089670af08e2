namespace ActorVmm.Runtime.Tests;

public sealed class DeterministicHostKeepsTheContract : RestorableHostContractTests
{
    protected override bool HasTime => true;

    protected override IRestorableHost BuildRestorable(HostOptions options) => new DeterministicHost(options);
}

public abstract class SteppedHostKeepsTheContract(DeliveryModel model) : RestorableHostContractTests
{
    protected override bool HasTime => false;

    protected override IRestorableHost BuildRestorable(HostOptions options) => new SteppedHost(new SteppedOptions
    {
        Seed = options.Seed,
        Chooser = options.Chooser,
        FactListeners = options.FactListeners,
        TurnListeners = options.TurnListeners,
        Outside = options.Outside,
        Model = model,
        TimerFirings = int.MaxValue,
    });
}

public sealed class FifoSteppedHostKeepsTheContract() : SteppedHostKeepsTheContract(DeliveryModel.Fifo);

public sealed class CausalSteppedHostKeepsTheContract() : SteppedHostKeepsTheContract(DeliveryModel.Causal);

public sealed class MailboxSteppedHostKeepsTheContract() : SteppedHostKeepsTheContract(DeliveryModel.Mailbox);

public sealed class BagSteppedHostKeepsTheContract() : SteppedHostKeepsTheContract(DeliveryModel.Bag);
