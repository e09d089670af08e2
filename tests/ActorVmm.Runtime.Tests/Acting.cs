using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>The one word of these tests.</summary>
internal readonly record struct Word(int Value, int Extra = 0, int More = 0) : IMessage
{
    public static int Kind => 9001;
}

/// <summary>The one fact of these tests.</summary>
internal readonly record struct Noted(int Value) : IFact
{
    public static int Kind => 9001;
}

/// <summary>An actor that remembers the values it hears and does what a test tells it to.</summary>
internal sealed class Acting(Action<Acting, Word, Outbox>? turn = null) : IActor
{
    /// <summary>Of how many turns senders and times are kept; they are no state, and an actor may live through millions.</summary>
    private const int Noted = 1_000;

    private int[] _heard = new int[4];
    private int _count;

    public ReadOnlySpan<int> Heard => _heard.AsSpan(0, _count);

    /// <summary>A few numbers for the test to use: part of the state.</summary>
    public int[] Memory { get; } = new int[4];

    public List<ActorId> Senders { get; } = [];

    public List<Ticks> Times { get; } = [];

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        Word word = delivery.Read<Word>();
        Remember(word.Value);
        if (Senders.Count < Noted)
        {
            Senders.Add(delivery.Sender);
            Times.Add(delivery.Now);
        }

        turn?.Invoke(this, word, outbox);
    }

    /// <summary>Adds to what the actor remembers: part of its state.</summary>
    public void Remember(int value)
    {
        if (_count == _heard.Length)
        {
            Array.Resize(ref _heard, _count * 2);
        }

        _heard[_count++] = value;
    }

    public void Encode(StateCodec codec)
    {
        codec.Values("heard", ref _heard, ref _count);
        codec.Values("memory", Memory);
    }
}

/// <summary>Writes down everything a host tells.</summary>
internal sealed class Listener : IFactListener, ITurnListener, IOutsideListener
{
    public List<(ActorId Actor, long Turn, int Fact)> Facts { get; } = [];

    public List<(ActorId Receiver, ActorId Sender, int Count)> Turns { get; } = [];

    public List<Choice> Choices { get; } = [];

    public List<(ActorId Sender, int Value)> Left { get; } = [];

    void IFactListener.Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        foreach (Fact fact in facts)
        {
            Facts.Add((turn.Actor, turn.Number, fact.Read<Noted>().Value));
        }
    }

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        Turns.Add((turn.Actor, delivery.Sender, delivery.SenderCount));
        Choices.AddRange(choices);
    }

    void IOutsideListener.Left(in Delivery delivery) => Left.Add((delivery.Sender, delivery.Read<Word>().Value));
}
