using System.Text;
using ActorVmm.Actors;

namespace ActorVmm.Kernel.Tests;

/// <summary>What one turn heard, asked, stated and started. Prints as a few lines of a transcript.</summary>
public sealed class BenchTurn
{
    private readonly Outbox.Sent[] _sent;
    private readonly Fact[] _facts;
    private readonly Outbox.TimerStart[] _timers;

    internal BenchTurn(in Delivery delivery, Outbox outbox)
    {
        Delivery = delivery;
        _sent = outbox.SentMessages.ToArray();
        _facts = outbox.Facts.ToArray();
        _timers = outbox.TimerStarts.ToArray();
        Cancelled = outbox.TimerCancels.ToArray();
        Births = outbox.Births.ToArray();
        Spent = outbox.Spent;
        Stopped = outbox.Stopped;
    }

    public Delivery Delivery { get; }

    public IReadOnlyList<TimerId> Cancelled { get; }

    public IReadOnlyList<Outbox.Birth> Births { get; }

    public Ticks Spent { get; }

    public bool Stopped { get; }

    /// <summary>How many messages were sent, of any kind.</summary>
    public int SentCount => _sent.Length;

    /// <summary>How many facts were stated, of any kind.</summary>
    public int FactCount => _facts.Length;

    /// <summary>All messages of one kind, to whomever.</summary>
    public IReadOnlyList<T> Sent<T>()
        where T : unmanaged, IMessage => [.. _sent.Where(sent => sent.Message.Kind == T.Kind).Select(sent => sent.Message.Read<T>())];

    /// <summary>All messages of one kind to one actor.</summary>
    public IReadOnlyList<T> SentTo<T>(ActorId to)
        where T : unmanaged, IMessage =>
        [.. _sent.Where(sent => sent.To == to && sent.Message.Kind == T.Kind).Select(sent => sent.Message.Read<T>())];

    /// <summary>To whom messages of one kind went, in order.</summary>
    public IReadOnlyList<ActorId> AskedBy<T>()
        where T : unmanaged, IMessage => [.. _sent.Where(sent => sent.Message.Kind == T.Kind).Select(sent => sent.To)];

    /// <summary>The one message of its kind in this turn, which went to <paramref name="to"/>.</summary>
    public T Asks<T>(ActorId to)
        where T : unmanaged, IMessage
    {
        Sent<T>().Count.ShouldBe(1, $"one {typeof(T).Name} expected in{Environment.NewLine}{this}");
        return SentTo<T>(to).ShouldHaveSingleItem($"{typeof(T).Name} went to somebody else than {BenchCast.NameOf(to)} in{Environment.NewLine}{this}");
    }

    /// <summary>Nobody was asked anything of this kind.</summary>
    public void AsksNo<T>()
        where T : unmanaged, IMessage => Sent<T>().ShouldBeEmpty(ToString());

    /// <summary>Nobody was asked anything.</summary>
    public void AsksNothing() => _sent.ShouldBeEmpty(ToString());

    /// <summary>All facts of one kind.</summary>
    public IReadOnlyList<T> Stated<T>()
        where T : unmanaged, IFact => [.. _facts.Where(fact => fact.Kind == T.Kind).Select(fact => fact.Read<T>())];

    /// <summary>The one fact of its kind in this turn.</summary>
    public T States<T>()
        where T : unmanaged, IFact => Stated<T>().ShouldHaveSingleItem(ToString());

    /// <summary>No fact of this kind was stated.</summary>
    public void StatesNo<T>()
        where T : unmanaged, IFact => Stated<T>().ShouldBeEmpty(ToString());

    /// <summary>The delay of the one timer that was started with a message of this kind.</summary>
    public Ticks Starts<T>()
        where T : unmanaged, IMessage =>
        _timers.Where(timer => timer.Message.Kind == T.Kind).ToList().ShouldHaveSingleItem(ToString()).Delay;

    public void StartsNoTimer() => _timers.ShouldBeEmpty(ToString());

    public override string ToString()
    {
        var text = new StringBuilder();
        Line("hears", BenchCast.NameOf(Delivery.Sender), BenchWords.Print(Delivery.Message));
        foreach (var fact in _facts)
        {
            Line("states", "", BenchWords.Print(fact));
        }

        foreach (var sent in _sent)
        {
            Line("asks", BenchCast.NameOf(sent.To), BenchWords.Print(sent.Message));
        }

        foreach (var timer in _timers)
        {
            Line("timer", $"{timer.Delay}", BenchWords.Print(timer.Message));
        }

        foreach (var timer in Cancelled)
        {
            Line("cancels", "", $"timer {timer.Value}");
        }

        foreach (var birth in Births)
        {
            Line("creates", BenchCast.NameOf(birth.Id), birth.Actor.GetType().Name);
        }

        Line(Stopped ? "stops" : "spends", "", $"{Spent}");
        return text.ToString();

        void Line(string verb, string who, string what) => text.Append($"  {verb,-8}{who,-20} {what}").Append('\n');
    }
}
