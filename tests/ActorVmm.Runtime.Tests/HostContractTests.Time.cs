using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

public abstract partial class HostContractTests
{
    /// <summary>A host whose virtual time runs at a multiple of a clock's; null where none ever does.</summary>
    protected virtual IHost? BuildPaced(TimeProvider clock, double timeScale) => null;

    [Fact]
    public void TimeJumpsWhenNothingIsDeliverable()
    {
        if (!HasTime)
        {
            return;
        }

        IHost host = Build(new HostOptions());
        Acting sleeper = new((_, word, outbox) =>
        {
            if (word.Value > 0)
            {
                outbox.StartTimer(Ticks.FromSeconds(3600), new Word(word.Value - 1));
            }
        });
        host.Inject(host.Create(sleeper, Role.Thread), new Word(24));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        host.Now.ShouldBeGreaterThanOrEqualTo(Ticks.FromSeconds(24 * 3600));
        sleeper.Times.ShouldBe(sleeper.Times.Order());
    }

    /// <summary>While one actor works, another's timer fires when its time has come by the clock, not at the end.</summary>
    [Fact]
    public void TimeFollowsTheClockWhileThereIsWork()
    {
        HandMovedClock clock = new();
        if (BuildPaced(clock, timeScale: 10) is not { } host)
        {
            return;
        }

        bool rung = false;
        ActorId sleeper = host.Create(
            new Acting((_, word, outbox) =>
            {
                if (word.Value == 0)
                {
                    outbox.StartTimer(Ticks.FromMicroseconds(500), new Word(1));
                }
                else
                {
                    Volatile.Write(ref rung, true);
                }
            }),
            Role.Thread);
        ActorId busy = host.Create(
            new Acting((_, word, outbox) =>
            {
                clock.Pass(TimeSpan.FromMicroseconds(1));
                if (!Volatile.Read(ref rung))
                {
                    outbox.Send(outbox.Self, word);
                }
            }),
            Role.Thread);
        host.Inject(sleeper, new Word(0));
        host.Inject(busy, new Word(0));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        rung.ShouldBeTrue();
        host.Now.ShouldBeGreaterThanOrEqualTo(Ticks.FromMicroseconds(500));
    }

    [Fact]
    public void EveryActorFailingAtOnceIsOneStop()
    {
        for (int run = 0; run < 100; run++)
        {
            IHost host = Build(new HostOptions());
            for (int i = 0; i < 8; i++)
            {
                host.Inject(host.Create(new Acting((_, _, _) => throw new BugCheckException(0x1A, "down")), Role.Thread), new Word(1));
            }

            MachineStoppedException stop = Should.Throw<MachineStoppedException>(() => host.Run());
            stop.Turn.ShouldBe(host.Statistics.Turns);
            stop.Code.ShouldBe(0x1Au);
            (host as IDisposable)?.Dispose();
        }
    }
}
