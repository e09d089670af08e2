using ActorVmm.Actors;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Runtime.Tests.Parallel;

/// <summary>
/// Chatty actors that do at random whatever an actor can do, with messages that carry actors' ids: strangers talk to each other.
/// The run ends by itself, because every actor has only so many words.
/// </summary>
internal sealed class Crowd : IActor
{
    private int _words;
    private long _sum;
    private int[] _friends = new int[4];
    private int _friendCount;
    private TimerId _pending;

    private Crowd(int words, params ReadOnlySpan<int> friends)
    {
        _words = words;
        foreach (int friend in friends)
        {
            Meet(friend);
        }
    }

    /// <summary>One to be given its state by a snapshot.</summary>
    public static Crowd Blank() => new(0);

    public static IHost Gather(Func<HostOptions, IHost> build, ulong seed, HostOptions? options = null, int people = 12, int words = 40)
    {
        IHost host = build((options ?? new HostOptions()) with { Seed = seed });
        for (int i = 0; i < people; i++)
        {
            host.Create(new Crowd(words, ((i + 1) % people) + 1, ((i + 5) % people) + 1), i % 4 == 3 ? Role.Device : new Role((byte)(i % 32), Placement.Processor));
        }

        for (int i = 0; i < people; i++)
        {
            host.Inject(new ActorId(i + 1), new Word(i, i + 1));
        }

        return host;
    }

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        Word word = delivery.Read<Word>();
        _sum += word.Value + delivery.Now.Value;
        outbox.State(new Noted(word.Value));
        if (word.Extra > 0)
        {
            Meet(word.Extra);
        }

        if (--_words < 0)
        {
            return;
        }

        int says = (int)outbox.Draw(Distribution.Uniform(1, 3));
        for (int i = 0; i < says; i++)
        {
            int to = _friends[outbox.Draw(Distribution.Uniform(0, _friendCount - 1))];
            int about = _friends[outbox.Draw(Distribution.Uniform(0, _friendCount - 1))];
            outbox.Send(new ActorId(to), new Word((int)(_sum % 1000), about));
        }

        Whim(outbox);
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("words", ref _words);
        codec.Field("sum", ref _sum);
        codec.Values("friends", ref _friends, ref _friendCount);
        codec.Field("pending", ref _pending);
    }

    private void Whim(Outbox outbox)
    {
        switch (outbox.Choose(8))
        {
            case 0:
                ActorId child = outbox.Create(new Crowd(_words / 2, outbox.Self.Value, _friends[0]), Role.Thread);
                outbox.Send(child, new Word(1));

                // A stranger may hear of the child, and speak to it, before the child is there.
                outbox.Send(new ActorId(_friends[_friendCount - 1]), new Word(2, child.Value));
                break;
            case 1:
                _pending = outbox.StartTimer(new Ticks(_sum & 0xFFF), new Word(3));
                break;
            case 2:
                outbox.CancelTimer(_pending);
                break;
            case 3:
                outbox.StartTimer(new Ticks(50_000 + (_sum & 0xFFFFF)), new Word(4));
                break;
            case 4:
                outbox.Send(ActorId.Outside, new Word((int)(_sum & 0xFF)));
                break;
            case 5 when _words % 5 == 0:
                outbox.Stop();
                break;
        }
    }

    private void Meet(int friend)
    {
        if (_friendCount == _friends.Length)
        {
            _friends[_words & 3] = friend;
            return;
        }

        _friends[_friendCount++] = friend;
    }
}
