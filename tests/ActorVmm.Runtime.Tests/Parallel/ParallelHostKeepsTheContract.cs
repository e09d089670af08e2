using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Runtime.Tests.Parallel;

public abstract class ParallelHostKeepsTheContract(int workers) : HostContractTests
{
    protected override bool HasTime => true;

    protected override IHost Build(HostOptions options) =>
        new ParallelHost(new ParallelHostOptions(options) { Workers = workers, Clock = TimeProvider.System });

    protected override IHost BuildPaced(TimeProvider clock, double timeScale) =>
        new ParallelHost(new ParallelHostOptions { Workers = workers, Clock = clock, TimeScale = timeScale, TurnsPerStep = 4 });

    protected override IHost Again(IHost run, Func<Func<HostOptions, IHost>, IHost> populate)
    {
        ParallelRecord record = ((ParallelHost)run).TakeRecord();
        return populate(options => new ReplayHost(record, new ReplayOptions(options)));
    }
}

public sealed class OneWorkerKeepsTheContract() : ParallelHostKeepsTheContract(1);

public sealed class TwoWorkersKeepTheContract() : ParallelHostKeepsTheContract(2);

public sealed class FourWorkersKeepTheContract() : ParallelHostKeepsTheContract(4);

public sealed class EightWorkersKeepTheContract() : ParallelHostKeepsTheContract(8);
