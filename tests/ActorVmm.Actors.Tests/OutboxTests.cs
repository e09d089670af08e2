namespace ActorVmm.Actors.Tests;

public sealed class OutboxTests
{
    private readonly FakeHost _host = new();
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox(_host) { Listening = true };

    [Fact]
    public void ATurnStartsWithAnEmptyOutboxAndItsActorsCounts()
    {
        Begin(new ActorCounts(1, 2, 3));
        _outbox.Send(new ActorId(2), new Word(1));
        _outbox.State(new Happened(1));
        _outbox.StartTimer(new Ticks(1), new Word(1));
        _outbox.CancelTimer(new TimerId(1));
        _outbox.Create(new Nobody(), Role.Thread);
        _outbox.Spend(new Ticks(5));
        _outbox.Draw(Distribution.Constant(1));
        _outbox.Stop();
        _outbox.HasRareEffects.ShouldBeTrue();
        (_outbox.DrawCount, _outbox.TimersStarted, _outbox.ChildCount).ShouldBe((2, 3, 4));

        Begin(new ActorCounts(7, 8, 9));

        _outbox.SentMessages.Length.ShouldBe(0);
        _outbox.Facts.Length.ShouldBe(0);
        _outbox.TimerStarts.Length.ShouldBe(0);
        _outbox.TimerCancels.Length.ShouldBe(0);
        _outbox.Births.Length.ShouldBe(0);
        _outbox.Spent.ShouldBe(Ticks.Zero);
        _outbox.Stopped.ShouldBeFalse();
        _outbox.HasRareEffects.ShouldBeFalse();
        (_outbox.DrawCount, _outbox.TimersStarted, _outbox.ChildCount).ShouldBe((7, 8, 9));
    }

    [Fact]
    public void WhatWasSentIsHeldInOrderHoweverMuchItIs()
    {
        Begin(default);
        for (int i = 0; i < 1_000; i++)
        {
            _outbox.Send(new ActorId(i), new Word(i * 2));
            _outbox.State(new Happened(i));
        }

        for (int i = 0; i < 1_000; i++)
        {
            _outbox.SentMessages[i].To.ShouldBe(new ActorId(i));
            _outbox.SentMessages[i].Message.Read<Word>().ShouldBe(new Word(i * 2));
            _outbox.Facts[i].Read<Happened>().ShouldBe(new Happened(i));
        }
    }

    [Fact]
    public void NoFactIsKeptWhenNobodyListens()
    {
        _outbox.Listening = false;
        Begin(default);

        _outbox.State(new Happened(1));

        _outbox.Facts.Length.ShouldBe(0);
    }

    [Fact]
    public void DrawsFollowFromTheSeedAndHowManyThereWere()
    {
        long[] Draws(ulong seed, int before)
        {
            _outbox.Begin(new ActorId(1), seed, new ActorCounts(before, 0, 0));
            return [.. Enumerable.Range(0, 5).Select(_ => _outbox.Draw(Distribution.Uniform(0, long.MaxValue - 1)))];
        }

        Draws(1, 0).ShouldBe(Draws(1, 0));
        Draws(1, 0)[1..].ShouldBe(Draws(1, 1)[..4]);
        Draws(1, 0).ShouldNotBe(Draws(2, 0));
        Draws(1, 0).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void OnlyARealBranchIsAskedOfTheHost()
    {
        Begin(default);

        _outbox.Choose(1).ShouldBe(0);
        _outbox.Choose(3).ShouldBe(2);

        _host.Asked.ShouldBe([3]);
        Should.Throw<ArgumentOutOfRangeException>(() => _outbox.Choose(0));
    }

    [Fact]
    public void TimeIsNeitherNegativeNorWrapsAround()
    {
        Begin(default);
        _outbox.Spend(Ticks.Never);

        Should.Throw<OverflowException>(() => _outbox.Spend(new Ticks(1)));
        Should.Throw<ArgumentOutOfRangeException>(() => _outbox.StartTimer(new Ticks(-1), new Word(0)));
    }

    [Fact]
    public void AMessageReadAsAnotherKindIsABugAndNamesBoth()
    {
        Message message = Message.Of(new Word(1));

        Should.Throw<InvalidOperationException>(() => message.Read<OtherWord>())
            .Message.ShouldBe("message of kind 1 read as OtherWord (kind 2)");
    }

    [Fact]
    public void AnOutboxCanBeSavedAndRestored()
    {
        Begin(new ActorCounts(0, 4, 0));
        IActor child = new Nobody();
        _outbox.Send(new ActorId(2), new Word(11));
        _outbox.StartTimer(new Ticks(12), new Word(13));
        _outbox.CancelTimer(new TimerId(14));
        ActorId id = _outbox.Create(child, Role.Device);
        _outbox.Stop();
        IActor?[] actors = new IActor?[id.Value + 1];
        SnapshotWriter writer = new();
        _outbox.Encode(writer, actors);
        SnapshotReader reader = new();
        reader.Open(writer.WrittenMemory);

        Outbox restored = new(_host);
        restored.Encode(reader, actors);

        restored.Self.ShouldBe(new ActorId(1));
        restored.Stopped.ShouldBeTrue();
        restored.SentMessages[0].Message.Read<Word>().ShouldBe(new Word(11));
        restored.TimerStarts.ToArray().ShouldBe(_outbox.TimerStarts.ToArray());
        restored.TimerCancels.ToArray().ShouldBe([new TimerId(14)]);
        restored.Births.ToArray().ShouldBe([new Outbox.Birth(id, child, Role.Device, 0)]);
    }

    private void Begin(ActorCounts counts) => _outbox.Begin(new ActorId(1), 5, in counts);

    private readonly record struct Word(int Value) : IMessage
    {
        public static int Kind => 1;
    }

    private readonly record struct OtherWord(int Value) : IMessage
    {
        public static int Kind => 2;
    }

    private readonly record struct Happened(int Value) : IFact
    {
        public static int Kind => 1;
    }

    private sealed class Nobody : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox) => throw new NotSupportedException();

        public void Encode(StateCodec codec)
        {
        }
    }

    private sealed class FakeHost : IOutboxHost
    {
        private int _last = 10;

        public List<int> Asked { get; } = [];

        public ActorId ReserveId() => new(++_last);

        public int Choose(ActorId chooser, int alternatives)
        {
            Asked.Add(alternatives);
            return alternatives - 1;
        }
    }
}
