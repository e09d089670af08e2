using ActorVmm.Runtime;
using ActorVmm.Runtime.Tests;
using ActorVmm.Runtime.Tests.Parallel;

namespace ActorVmm.Akka.Tests;

/// <summary>What only a host with mailboxes of somebody else's making can get wrong: quiescence, time, back-pressure, and the end.</summary>
public sealed class AkkaHostTests
{
    private static readonly TimeSpan _watchdog = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A token goes round, so almost always one thread works and the others are about to find nothing. Quiescence found too early
    /// loses turns; found never, the run does not end.
    /// </summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task QuiescenceIsExact(bool listened, bool timers)
    {
        await Task.Run(() =>
        {
            Listener? listener = listened ? new Listener() : null;
            using AkkaHost host = Systems.Host(new AkkaHostOptions { TurnListeners = listener is null ? [] : [listener] });
            ActorId[] ring = Ring(host, 5, timers);
            long turns = 0;
            for (int run = 0; run < 2_000; run++)
            {
                host.Inject(ring[0], new Word(20 + (run % 7)));
                host.Inject(ring[^1], new Word(run % 11));
                turns += 22 + (run % 7) + (run % 11);
                host.Run().ShouldBe(RunOutcome.Quiescent);
                host.Statistics.Turns.ShouldBe(turns);
                (listener?.Turns.Count ?? turns).ShouldBe(turns);
            }
        }).WaitAsync(_watchdog);
    }

    [Fact]
    public void AFloodEndsExactly()
    {
        using AkkaHost host = Systems.Host(new AkkaHostOptions());
        ActorId[] all = new ActorId[8];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = host.Create(
                new Acting((_, word, outbox) =>
                {
                    for (int other = 0; word.Value > 0 && other < all.Length; other++)
                    {
                        outbox.Send(all[other], new Word(word.Value - 1));
                    }
                }),
                i % 2 == 0 ? Role.Thread : Role.Device);
        }

        host.Inject(all[0], new Word(5));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        host.Statistics.Turns.ShouldBe(1 + 8 + 64 + 512 + 4096 + 32768);
    }

    /// <summary>
    /// Akka's channel executor lets a thread that tells a letter run other actors inside that call; a host that keeps one outbox a
    /// thread would lose the rest of its letters, and wait for them for ever.
    /// </summary>
    [Fact]
    public async Task AThreadThatTellsMayRunOthersBeforeItComesBack()
    {
        string[] kinds = ["system", "process", "device"];
        string channels = string.Concat(kinds.Select(kind => $"actorvmm.dispatchers.{kind} {{ type = Dispatcher, executor = channel-executor }}\n"));
        await Task.Run(() =>
        {
            for (ulong seed = 1; seed <= 10; seed++)
            {
                using AkkaHost host = (AkkaHost)Crowd.Gather(options => AkkaHost.Start(new AkkaHostOptions(options) { Clock = TimeProvider.System, Recording = true }, Overrides.Of("channels", channels)), seed, people: 40);
                host.Run(maxTurns: 500);
                host.Run().ShouldBe(RunOutcome.Quiescent);
                RecordedHost again = (RecordedHost)Crowd.Gather(options => new RecordedHost(options, host.Record.Read()), seed, people: 40);
                again.Run();
                again.Divergence.ShouldBeNull();
                again.Fingerprint().ShouldBe(host.Fingerprint());
                again.Statistics.ShouldBe(host.Statistics);
            }
        }).WaitAsync(_watchdog);
    }

    /// <summary>What this host tells stays in its process and says so, so that nothing keeps users from having Akka check all other messages.</summary>
    [Fact]
    public void AUserMayHaveAkkaVerifySerialization()
    {
        Overrides verified = Overrides.Of("verified", "akka.actor { serialize-messages = on, serialize-creators = on }");
        using AkkaHost host = (AkkaHost)Crowd.Gather(options => AkkaHost.Start(new AkkaHostOptions(options), verified), seed: 3, people: 10);

        host.Run().ShouldBe(RunOutcome.Quiescent);
    }

    /// <summary>Whatever the listener's pace, no more stories wait for it than the ring holds, and what is being told.</summary>
    [Fact]
    public void TurnsWaitForAListenerThatIsSlow()
    {
        const int Turns = 20_000;
        long taken = 0;
        Lagging listener = new(() => Volatile.Read(ref taken));
        using AkkaHost host = Systems.Host(new AkkaHostOptions { TurnListeners = [listener] });
        Acting talker = new((_, word, outbox) =>
        {
            Interlocked.Increment(ref taken);
            if (word.Value > 0)
            {
                outbox.Send(outbox.Self, new Word(word.Value - 1));
            }
        });
        host.Inject(host.Create(talker, Role.Thread), new Word(Turns - 1));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        listener.Told.ShouldBe(Turns);
        listener.FarthestBehind.ShouldBeLessThanOrEqualTo(1_024 + 2);
    }

    [Fact]
    public void AMachineWhoseActorIsStoppedDoesNotLeaveItsRunWaiting()
    {
        AkkaHost? host = null;
        Stopping listener = new(() => host!.Dispose());
        host = Systems.Host(new AkkaHostOptions { TurnListeners = [listener] });
        Acting endless = new((_, word, outbox) => outbox.Send(outbox.Self, word));
        host.Inject(host.Create(endless, Role.Thread), new Word(0));

        Should.Throw<InvalidOperationException>(() => host.Run()).Message.ShouldContain("letters may be lost");
        Should.Throw<InvalidOperationException>(() => host.Run());
    }

    [Fact]
    public void WhatARunLeftOverIsHeardBeforeWhatWasInjectedSince()
    {
        using AkkaHost host = Systems.Host(new AkkaHostOptions());
        Acting hearing = new();
        ActorId id = host.Create(hearing, Role.Thread);
        int[] all = [.. Enumerable.Range(0, 50)];
        foreach (int value in all)
        {
            host.Inject(id, new Word(value));
            if (value % 3 == 0)
            {
                host.Run(maxTurns: 1);
            }
        }

        host.Run().ShouldBe(RunOutcome.Quiescent);

        hearing.Heard.ToArray().ShouldBe(all);
    }

    private static ActorId[] Ring(AkkaHost host, int length, bool timers)
    {
        ActorId[] ring = new ActorId[length];
        for (int i = 0; i < length; i++)
        {
            int next = (i + 1) % length;
            ring[i] = host.Create(
                new Acting((_, word, outbox) =>
                {
                    if (word.Value > 0 && timers && word.Extra == 0)
                    {
                        outbox.StartTimer(new Ticks(100), new Word(word.Value - 1, 1));
                    }
                    else if (word.Value > 0)
                    {
                        outbox.Send(ring[next], new Word(word.Value - 1));
                    }
                }),
                Role.Thread);
        }

        return ring;
    }

    private sealed class Lagging(Func<long> taken) : ITurnListener
    {
        public long Told { get; private set; }

        public long FarthestBehind { get; private set; }

        public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
        {
            Thread.SpinWait(100);
            FarthestBehind = Math.Max(FarthestBehind, taken() - Told);
            Told++;
        }
    }

    private sealed class Stopping(Action stop) : ITurnListener
    {
        public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
        {
            if (turn.Number == 100)
            {
                stop();
            }
        }
    }
}
