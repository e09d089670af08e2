namespace ActorVmm.Runtime.Tests;

public sealed class DeterministicHostKeepsTheContract : HostContractTests
{
    protected override bool HasTime => true;

    protected override IHost Build(HostOptions options) => new DeterministicHost(options);
}

public sealed class DeterministicHostIsTakenBack : RestorableHostContractTests
{
    protected override IRestorableHost Begin(Func<Func<HostOptions, IHost>, IHost> populate) =>
        (IRestorableHost)populate(options => new DeterministicHost(options));
}

public abstract class SteppedHostKeepsTheContract(DeliveryModel model) : HostContractTests
{
    protected override bool HasTime => false;

    protected override IHost Build(HostOptions options) => SteppedHosts.Build(options, model);
}

public sealed class FifoSteppedHostKeepsTheContract() : SteppedHostKeepsTheContract(DeliveryModel.Fifo);

public sealed class CausalSteppedHostKeepsTheContract() : SteppedHostKeepsTheContract(DeliveryModel.Causal);

public sealed class MailboxSteppedHostKeepsTheContract() : SteppedHostKeepsTheContract(DeliveryModel.Mailbox);

public sealed class BagSteppedHostKeepsTheContract() : SteppedHostKeepsTheContract(DeliveryModel.Bag);

public abstract class SteppedHostIsTakenBack(DeliveryModel model) : RestorableHostContractTests
{
    protected override IRestorableHost Begin(Func<Func<HostOptions, IHost>, IHost> populate) =>
        (IRestorableHost)populate(options => SteppedHosts.Build(options, model));
}

public sealed class FifoSteppedHostIsTakenBack() : SteppedHostIsTakenBack(DeliveryModel.Fifo);

public sealed class CausalSteppedHostIsTakenBack() : SteppedHostIsTakenBack(DeliveryModel.Causal);

public sealed class MailboxSteppedHostIsTakenBack() : SteppedHostIsTakenBack(DeliveryModel.Mailbox);

public sealed class BagSteppedHostIsTakenBack() : SteppedHostIsTakenBack(DeliveryModel.Bag);

internal static class SteppedHosts
{
    public static SteppedHost Build(HostOptions options, DeliveryModel model) => new(new SteppedOptions
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
