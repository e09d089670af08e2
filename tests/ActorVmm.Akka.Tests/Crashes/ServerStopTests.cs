using ActorVmm.Journal.Tests;
using ActorVmm.Journal.Tests.Crashes;
using ActorVmm.Journal.Tests.Stores;

namespace ActorVmm.Akka.Tests.Crashes;

/// <summary>The journal's database goes away in the middle of a run on Akka.NET.</summary>
public sealed class ServerStopTests : IDisposable
{
    private const int Storage = 7;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheRunStopsAndSaysSoAndNothingAcknowledgedIsLost()
    {
        using var server = new PrivateServer();
        string journal = server.NewDatabase();
        Victim victim = Victim.OnAkka(_folder, rounds: 10);
        int stopped = 0;

        Actorvmm.Ended ended = Actorvmm.RunCommand(victim.Run(journal), acknowledged: (_, _) =>
        {
            if (Interlocked.Exchange(ref stopped, 1) == 0)
            {
                server.Stop();
            }
        });

        ended.Code.ShouldBe(Storage, ended.Error);
        ended.Error.ShouldStartWith("actorvmm: ");
        ended.Error.ShouldContain("the journal cannot be written: ");
        ended.Error.TrimEnd('\n').ShouldNotContain('\n');
        ended.Output.ShouldNotContain("\"summary\"");
        ended.DurableThrough.ShouldBeGreaterThan(0);
        server.Start();
        StreamVerdict verdict = victim.Judge(journal, ended.DurableThrough).ShouldNotBeNull();
        verdict.Condition.ShouldBe(StreamCondition.CutOff);
        victim.ShouldGoOn(journal, verdict);
    }
}
