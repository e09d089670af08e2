using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>
/// A machine that does everything an actor can do: draws, choices, children, timers and cancelled ones, stops, devices,
/// priorities and costs. Its run ends by itself.
/// </summary>
internal sealed class Town : IActor
{
    private const int Citizens = 6;

    private int _rounds;
    private long _sum;
    private int _neighbour;
    private TimerId _pending;

    public static IHost Populate(Func<HostOptions, IHost> build, ulong seed, IFactListener? listener = null)
    {
        IHost host = build(new HostOptions { Seed = seed, Processors = 3, FactListeners = listener is null ? [] : [listener] });
        for (int i = 0; i < Citizens; i++)
        {
            Role role = i % 3 == 2 ? Role.Device : new Role((byte)(4 + i), Placement.Processor);
            host.Create(new Town { _rounds = 12, _neighbour = (i + 1) % Citizens + 1 }, role);
        }

        for (int i = 0; i < Citizens; i++)
        {
            host.Inject(new ActorId(i + 1), new Word(i));
        }

        return host;
    }

    public static (Fingerprint Fingerprint, HostStatistics Statistics) Run(Func<HostOptions, IHost> build, ulong seed)
    {
        IHost host = Populate(build, seed);
        host.Run().ShouldBe(RunOutcome.Quiescent);
        return (host.Fingerprint(), host.Statistics);
    }

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        Word word = delivery.Read<Word>();
        _sum += word.Value + outbox.Draw(Distribution.Uniform(0, 1_000));
        outbox.Spend(new Ticks(_sum % 5));
        outbox.State(new Noted(word.Value));
        if (_rounds-- <= 0)
        {
            outbox.Stop();
            return;
        }

        outbox.Send(new ActorId(_neighbour), new Word((int)(_sum % 100)));
        if (outbox.Choose(3) == 1)
        {
            ActorId child = outbox.Create(new Town { _rounds = 2, _neighbour = outbox.Self.Value }, Role.Thread);
            outbox.Send(child, new Word(1));
        }

        outbox.CancelTimer(_pending);
        _pending = outbox.StartTimer(new Ticks(3 + (_sum % 20)), new Word(-1));
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("rounds", ref _rounds);
        codec.Field("sum", ref _sum);
        codec.Field("neighbour", ref _neighbour);
        codec.Field("pending", ref _pending);
    }
}
