using ActorVmm.Akka.Recording;
using ActorVmm.Journal.Tests;
using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;
using Akka.TestKit;

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>The protocol of one recorder, with a probe in place of its supervisor, and a journal in memory.</summary>
public sealed class RecorderProtocolTests : global::Akka.TestKit.Xunit2.TestKit
{
    private static readonly Config _inMemory = ConfigurationFactory.ParseString(
        """
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        akka.actor { serialize-messages = on, serialize-creators = on }
        """);

    private readonly DurableTail _tail = new();
    private readonly TestProbe _supervisor;

    public RecorderProtocolTests()
        : base(_inMemory.WithFallback(HostConfiguration.Reference)) => _supervisor = CreateTestProbe();

    [Fact]
    public void ItTellsItsSupervisorThatItGetsOnWithItsFirstRowAndThenNoMore()
    {
        IActorRef recorder = Recorder();
        _supervisor.HasMessages.ShouldBeFalse();

        Hand(recorder, Written.Beginning());
        Hand(recorder, Written.Batch(1, 10, new Random(1)));
        _tail.Flush();

        _supervisor.ExpectMsg<BackoffSupervisor.Reset>();
        _supervisor.HasMessages.ShouldBeFalse();
    }

    /// <summary>What was handed over while there was no recorder is recorded by the next one, which nobody tells that there is more.</summary>
    [Fact]
    public void TheNextOneGoesOnBehindTheLastRow()
    {
        IActorRef first = Recorder();
        Hand(first, Written.Beginning());
        _supervisor.ExpectMsg<BackoffSupervisor.Reset>();
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);

        _tail.Hand(Written.Batch(1, 100, new Random(1)));
        _tail.Hand(Written.End(100));
        Recorder();
        _tail.Flush();

        _tail.Delivery.ShouldBe(100);
    }

    /// <summary>Several may have told it of the same event.</summary>
    [Fact]
    public void ItRecordsAnEventOnce()
    {
        IActorRef recorder = Recorder();
        for (int i = 0; i < 5; i++)
        {
            recorder.Tell(RecorderActor.More.Instance);
            Hand(recorder, i == 0 ? Written.Beginning() : Written.Batch(1 + ((i - 1) * 10), 10, new Random(i)));
            recorder.Tell(RecorderActor.More.Instance);
        }

        _tail.Flush();

        _tail.Delivery.ShouldBe(40);
        _tail.After(5).ShouldBeNull();
    }

    private IActorRef Recorder()
    {
        IActorRef recorder = _supervisor.ChildActorOf(RecorderActor.Props(Written.Stream, TimeProvider.System, _tail, _ => { }));
        _tail.WaitUntilOpened();
        return recorder;
    }

    private void Hand(IActorRef recorder, JournalEvent next)
    {
        _tail.Hand(next);
        recorder.Tell(RecorderActor.More.Instance);
    }
}
