using ActorVmm.Runtime;
using ActorVmm.Runtime.Tests;

namespace ActorVmm.Akka.Tests;

public abstract class AkkaHostKeepsTheContract(TimeProvider? clock) : HostContractTests
{
    protected override bool HasTime => true;

    protected override IHost Build(HostOptions options) => Systems.Host(new AkkaHostOptions(options) { Clock = clock, Recording = true });

    protected override IHost BuildPaced(TimeProvider paced, double timeScale) => Systems.Host(new AkkaHostOptions { Clock = paced, TimeScale = timeScale });

    protected override IHost Again(IHost run, Func<Func<HostOptions, IHost>, IHost> populate) =>
        populate(options => new RecordedHost(options, ((AkkaHost)run).Record.Read()));
}

public sealed class AkkaHostWithAClockKeepsTheContract() : AkkaHostKeepsTheContract(TimeProvider.System);

public sealed class AkkaHostWithoutAClockKeepsTheContract() : AkkaHostKeepsTheContract(null);
