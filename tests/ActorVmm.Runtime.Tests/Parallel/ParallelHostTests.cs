using ActorVmm.Actors;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Runtime.Tests.Parallel;

/// <summary>What only a host with threads can get wrong: quiescence, wake-ups, overload, and time that passes by itself.</summary>
public sealed class ParallelHostTests
{
    private static readonly TimeSpan _watchdog = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A token goes round a number of times through actors on all cores, so almost always one core works and all others park or
    /// are about to. A quiescence found too early loses turns; a wake-up lost never ends.
    /// </summary>
    [Theory]
    [InlineData(2, 3000)]
    [InlineData(8, 1000)]
    public void QuiescenceIsExactAndNoWakeUpIsLost(int workers, int runs)
    {
        Action body = () =>
        {
            for (int run = 0; run < runs; run++)
            {
                ParallelHost host = new(new ParallelHostOptions { Workers = workers, Looks = run % 3, Recording = false });
                ActorId[] ring = Ring(host, workers + (run % 2), timers: run % 5 == 0);
                host.Inject(ring[0], new Word(20 + (run % 7)));
                host.Inject(ring[^1], new Word(run % 11));
                host.Run().ShouldBe(RunOutcome.Quiescent);
                host.Statistics.Turns.ShouldBe(22 + (run % 7) + (run % 11));
            }
        };
        Caught(body).ShouldBeNull();
    }

    [Fact]
    public void AProducerThatOutrunsItsConsumerWaits()
    {
        // The consumer is slow because it says a lot to a third actor at home; the producer would be done long before.
        const int Messages = 200_000;
        ParallelHost host = new(new ParallelHostOptions { Workers = 2, BatchesInFlight = 4, MailLimit = 256, TurnsPerStep = 64 });
        long behind = 0;
        long produced = 0;
        long consumed = 0;
        ActorId consumer = host.Create(
            new Acting((_, _, outbox) =>
            {
                consumed++;
                behind = Math.Max(behind, Volatile.Read(ref produced) - consumed);
                Thread.SpinWait(5);
            }),
            Role.Thread);
        ActorId producer = host.Create(
            new Acting((_, word, outbox) =>
            {
                Volatile.Write(ref produced, produced + 1);
                outbox.Send(consumer, word);
                if (word.Value > 0)
                {
                    outbox.Send(outbox.Self, new Word(word.Value - 1));
                }
            }),
            Role.Thread);
        host.HomeOf(consumer).ShouldNotBe(host.HomeOf(producer));
        host.Inject(producer, new Word(Messages - 1));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        consumed.ShouldBe(Messages);

        // Four batches on their way, one being written, one held back, and what the consumer's core has taken in.
        behind.ShouldBeLessThanOrEqualTo((6 * 64) + 256 + (2 * 64));
    }

    [Fact]
    public void CoresThatFloodEachOtherDoNotWaitForEachOther()
    {
        Action body = () =>
        {
            for (int run = 0; run < 20; run++)
            {
                ParallelHost host = new(new ParallelHostOptions { Workers = 4, BatchesInFlight = 1, MailLimit = 4, TurnsPerStep = 4 });
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
                        Role.Thread);
                }

                host.Inject(all[0], new Word(5));
                host.Run().ShouldBe(RunOutcome.Quiescent);
                host.Statistics.Turns.ShouldBe(1 + 8 + 64 + 512 + 4096 + 32768);
            }
        };
        Caught(body).ShouldBeNull();
    }

    [Fact]
    public void HomesAreWhereThePolicySaysAndCanBeChanged()
    {
        ParallelHost host = new(new ParallelHostOptions { Workers = 3, HomeOf = (_, role, cores) => role.Placement == Placement.Device ? cores - 1 : 0 });
        Acting timed = new((_, word, outbox) => outbox.StartTimer(word.Value == 0 ? new Ticks(100) : Ticks.Never, new Word(word.Value + 1)));
        ActorId thread = host.Create(timed, Role.Thread);
        ActorId device = host.Create(new Acting(), Role.Device);
        (host.HomeOf(thread), host.HomeOf(device)).ShouldBe((0, 2));
        host.Inject(thread, new Word(0));
        host.Run(until: new Ticks(50)).ShouldBe(RunOutcome.TimeReached);
        host.Inject(thread, new Word(7));

        host.Move(thread, 1);

        host.HomeOf(thread).ShouldBe(1);
        host.Run().ShouldBe(RunOutcome.Quiescent);
        timed.Heard.ToArray().ShouldBe([0, 7, 1]);
    }

    private static ActorId[] Ring(ParallelHost host, int length, bool timers)
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

    /// <summary>Runs a thread to its end; a run that hangs is a failure with a name, not a test run that never ends.</summary>
    private static Exception? Caught(Action body)
    {
        Exception? caught = null;
        using var done = new ManualResetEventSlim();
        var guarded = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception exception)
            {
                caught = exception;
            }

            done.Set();
        })
        { IsBackground = true };
        guarded.Start();
        return done.Wait(_watchdog) ? caught : new TimeoutException("a run never ended: a wake-up was lost");
    }
}
