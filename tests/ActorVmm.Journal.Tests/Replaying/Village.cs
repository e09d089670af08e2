using ActorVmm.Journal.Replaying;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>
/// A small machine that does everything an actor can do: draws, choices, children, timers, stops. Golden journals hold its runs, so it
/// stays as it is.
/// </summary>
internal sealed class Village : IActor
{
    private const int Citizens = 6;

    private int _rounds;
    private long _sum;
    private int _neighbour;
    private TimerId _pending;

    /// <summary>Makes the machine of a recorded run.</summary>
    public static Func<Fingerprint> Machine(RunStarted started, Func<HostOptions, IHost> hostOf)
    {
        IHost host = hostOf(new HostOptions { Seed = started.Seed, Processors = 3 });
        for (int i = 0; i < Citizens; i++)
        {
            host.Create(new Village { _rounds = 40, _neighbour = ((i + 1) % Citizens) + 1 }, i % 3 == 2 ? Role.Device : Role.Thread);
        }

        for (int i = 0; i < Citizens; i++)
        {
            host.Inject(new ActorId(i + 1), new Word(i));
        }

        return () => host.Fingerprint();
    }

    /// <summary>Records a run on two cores, with a checkpoint every hundred turns.</summary>
    public static void Record(IJournalStore store, string stream, bool messages)
    {
        var started = new RunStarted { Host = "parallel", DeliveryModel = "fifo", Seed = 11, Messages = messages, Registry = new MessageRegistry().Add<Word>("Word") };
        using var writer = new JournalWriter(store, stream, Durability.Relaxed, TimeProvider.System);
        writer.Append(started);
        IRunRecorder recorder = RunRecorders.For(writer, started);
        IHost? host = null;
        Func<Fingerprint> fingerprint = Machine(started, options => host = new ParallelHost(
            new ParallelHostOptions(recorder is ITurnListener listener ? options with { TurnListeners = [listener] } : options) { Workers = 2, Recording = !messages }));
        recorder.Attach(host!);
        while (host!.Run(maxTurns: 100) == RunOutcome.TurnsReached)
        {
            recorder.Checkpoint(fingerprint());
        }

        recorder.End(fingerprint(), "finished");
    }

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        Word word = delivery.Read<Word>();
        _sum += word.Value + outbox.Draw(Distribution.Uniform(0, 1_000));
        if (_rounds-- <= 0)
        {
            outbox.Stop();
            return;
        }

        outbox.Send(new ActorId(_neighbour), new Word(_sum % 100));
        if (outbox.Choose(3) == 1)
        {
            ActorId child = outbox.Create(new Village { _rounds = 2, _neighbour = outbox.Self.Value }, Role.Thread);
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

    /// <summary>The only word of the village.</summary>
    internal readonly record struct Word(long Value) : IMessage
    {
        public static int Kind => 7_001;
    }
}
