using ActorVmm.Runtime;
using ActorVmm.Runtime.Tests;
using ActorVmm.Runtime.Tests.Parallel;

namespace ActorVmm.Akka.Tests;

/// <summary>What is told is a linear extension of happens-before: done again, one turn after the other, it is the same run.</summary>
public sealed class AkkaRecordTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(40, 0)]
    [InlineData(40, 100)]
    public void EverySeedOfACrowdIsTheSameRunAgain(int seeds, double scale)
    {
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
        {
            AkkaHost host = (AkkaHost)Crowd.Gather(
                options => Systems.Host(new AkkaHostOptions(options) { Clock = TimeProvider.System, TimeScale = scale, Recording = true }), seed);
            host.Run().ShouldBe(RunOutcome.Quiescent);

            RecordedHost again = (RecordedHost)Crowd.Gather(options => new RecordedHost(options, host.Record.Read()), seed);
            again.Run();

            again.Divergence.ShouldBeNull();
            again.Fingerprint().ShouldBe(host.Fingerprint());
            again.Statistics.ShouldBe(host.Statistics);
            host.Statistics.Turns.ShouldBe(host.Record.Turns);
        }
    }
}
