using ActorVmm.Runtime;
using ActorVmm.Runtime.Tests;
using Akka.Actor;
using Akka.TestKit;

namespace ActorVmm.Akka.Tests;

/// <summary>The protocol of one shell, with probes in place of its neighbours.</summary>
public sealed class ShellTests : global::Akka.TestKit.Xunit2.TestKit
{
    private static readonly AkkaHostOptions _options = new();

    private readonly Registry _registry = new();
    private readonly Conductor _conductor;
    private readonly TestProbe _neighbour;
    private readonly Resident _neighbourResident;

    public ShellTests()
        : base(HostConfiguration.Reference)
    {
        _conductor = new Conductor(_registry, _options, chronicle: null);
        _neighbour = CreateTestProbe();
        _neighbourResident = Bear(new Acting());
        _neighbourResident.Settle(_neighbour.Ref);
    }

    [Fact]
    public void WhatATurnSendsIsToldInItsOrderAndUnderItsName()
    {
        IActorRef shell = Shell((_, word, outbox) =>
        {
            outbox.Send(_neighbourResident.Id, new Word(word.Value));
            outbox.Send(_neighbourResident.Id, new Word(word.Value + 1));
        });
        _conductor.Begin(long.MaxValue, long.MaxValue);

        shell.Tell(Letter(7));

        _neighbour.ExpectMsg<Letter>(letter => WordIn(letter).ShouldBe(7));
        _neighbour.ExpectMsg<Letter>(letter =>
        {
            WordIn(letter).ShouldBe(8);
            letter.SenderCount.ShouldBe(2);
        });
        _neighbour.Sender.ShouldBe(shell);
    }

    [Fact]
    public void WhileNoTurnsAreTakenLettersAreLaidByAndLaterHeardInTheirOrder()
    {
        IActorRef shell = Shell((_, word, outbox) => outbox.Send(_neighbourResident.Id, word));
        _conductor.Begin(long.MaxValue, maxTurns: 1);

        shell.Tell(Letter(1));
        shell.Tell(Letter(2));
        shell.Tell(Letter(3));

        _neighbour.ExpectMsg<Letter>(letter => WordIn(letter).ShouldBe(1));
        shell.Tell(new Identify(1));
        ExpectMsg<global::Akka.Actor.ActorIdentity>();
        _neighbour.HasMessages.ShouldBeFalse();

        _conductor.Begin(long.MaxValue, long.MaxValue);
        _conductor.Start();
        _neighbour.ExpectMsg<Letter>(letter => WordIn(letter).ShouldBe(2));
        _neighbour.ExpectMsg<Letter>(letter => WordIn(letter).ShouldBe(3));
    }

    [Fact]
    public void AnActorThatStoppedHearsNothingMore()
    {
        int heard = 0;
        IActorRef shell = Shell((_, _, outbox) =>
        {
            heard++;
            outbox.Stop();
        });
        _conductor.Begin(long.MaxValue, long.MaxValue);

        shell.Tell(Letter(1));
        shell.Tell(Letter(2));
        shell.Tell(new Identify(1));

        ExpectMsg<global::Akka.Actor.ActorIdentity>();
        heard.ShouldBe(1);
    }

    private IActorRef Shell(Action<Acting, Word, Outbox> turn)
    {
        Resident resident = Bear(new Acting(turn));
        var desks = new Desks(() => new Desk(_options, _registry, _conductor, null, _ => { }));
        IActorRef shell = Sys.ActorOf(ActorShell.Props(resident, _conductor, desks));
        resident.Settle(shell);
        return shell;
    }

    private Resident Bear(IActor actor) => _registry.Bear(_registry.Reserve(), actor, Role.Thread, ActorVmm.Actors.ActorIdentity.Outside.Child(_registry.Born));

    private Letter Letter(int value)
    {
        Message message = Message.Of(new Word(value));
        _conductor.Expect(1);
        return new Letter(in message, ActorId.Outside, default, value, place: 0);
    }

    private static int WordIn(Letter letter) => letter.ToDelivery().Read<Word>().Value;
}
