using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Runtime.Tests.Parallel;

/// <summary>With one worker and no clock a parallel host does the same every time, so the contract fits it as it stands.</summary>
public sealed class OneWorkerIsTakenBack : RestorableHostContractTests
{
    protected override IRestorableHost Begin(Func<Func<HostOptions, IHost>, IHost> populate) =>
        (IRestorableHost)populate(options => new ParallelHost(new ParallelHostOptions(options) { TurnsPerStep = 5 }));
}

/// <summary>A replay is taken back within the run that was recorded.</summary>
public abstract class ReplayIsTakenBack(int workers) : RestorableHostContractTests
{
    private readonly Dictionary<ulong, ParallelRecord> _records = [];

    protected override IRestorableHost Begin(Func<Func<HostOptions, IHost>, IHost> populate)
    {
        ulong seed = 0;
        IHost recorded = populate(options =>
        {
            seed = options.Seed;
            return new ParallelHost(new ParallelHostOptions(options) { Workers = workers, Clock = TimeProvider.System, TurnsPerStep = 5 });
        });
        if (!_records.TryGetValue(seed, out ParallelRecord? record))
        {
            recorded.Run();
            record = ((ParallelHost)recorded).TakeRecord();
            _records.Add(seed, record);
        }

        return (IRestorableHost)populate(options => new ReplayHost(record, new ReplayOptions(options)));
    }
}

public sealed class ReplayOfOneWorkerIsTakenBack() : ReplayIsTakenBack(1);

public sealed class ReplayOfTwoWorkersIsTakenBack() : ReplayIsTakenBack(2);

public sealed class ReplayOfEightWorkersIsTakenBack() : ReplayIsTakenBack(8);
