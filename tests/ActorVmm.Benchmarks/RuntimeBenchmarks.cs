using ActorVmm.Actors;
using ActorVmm.Runtime;

namespace ActorVmm.Benchmarks;

/// <summary>What a turn costs when the actor does nothing but send one message on: the host itself.</summary>
internal static class RuntimeBenchmarks
{
    private const long Turns = 20_000_000;
    private const int Repetitions = 5;

    public static int Run(string[] arguments)
    {
        string only = arguments.Length > 0 ? arguments[0] : "";
        Console.WriteLine("case                              M turns per second of processor time (median of 5)   bytes/turn");
        foreach (int processors in new[] { 1, 4 })
        {
            foreach (int actors in new[] { 64, 1_000, 100_000 })
            {
                Report(FormattableString.Invariant($"ping-pong {actors} on {processors}"), only, () => PingPong(actors, processors));
                int tokens = Math.Min(actors, 64);
                Report(FormattableString.Invariant($"ring {actors} on {processors}"), only, () => Ring(actors, tokens, processors));
            }
        }

        Report("timers 1000 on 1", only, () => Timers(1_000));
        IdleActors(only);
        foreach (DeliveryModel model in Enum.GetValues<DeliveryModel>())
        {
            Walks(FormattableString.Invariant($"walks {model}"), only, model);
        }

        return 0;
    }

    /// <summary>Processor time, not wall time: the figures mean the same on a machine that does other things too.</summary>
    private static TimeSpan Used() => Environment.CpuUsage.TotalTime;

    private static DeterministicHost PingPong(int actors, int processors)
    {
        DeterministicHost host = new(new HostOptions { Processors = processors });
        for (int i = 0; i < actors; i += 2)
        {
            Relay left = new();
            Relay right = new();
            ActorId leftId = host.Create(left, Role.Thread);
            ActorId rightId = host.Create(right, Role.Thread);
            left.Next = rightId;
            right.Next = leftId;
            host.Inject(leftId, new Token(i));
        }

        return host;
    }

    private static DeterministicHost Ring(int actors, int tokens, int processors)
    {
        DeterministicHost host = new(new HostOptions { Processors = processors });
        Relay[] ring = new Relay[actors];
        for (int i = 0; i < actors; i++)
        {
            ring[i] = new Relay { Next = new ActorId(((i + 1) % actors) + 1) };
            host.Create(ring[i], Role.Thread);
        }

        for (int i = 0; i < tokens; i++)
        {
            host.Inject(new ActorId((int)((long)i * actors / tokens) + 1), new Token(i));
        }

        return host;
    }

    private static DeterministicHost Timers(int actors)
    {
        DeterministicHost host = new();
        for (int i = 0; i < actors; i++)
        {
            host.Inject(host.Create(new Sleeper { Delay = 1_000 + i }, Role.Thread), new Token(i));
        }

        return host;
    }

    private static void Report(string name, string only, Func<DeterministicHost> build)
    {
        if (!name.Contains(only, StringComparison.Ordinal))
        {
            return;
        }

        double[] rates = new double[Repetitions];
        double bytes = 0;
        for (int i = 0; i < Repetitions; i++)
        {
            DeterministicHost host = build();
            host.Run(maxTurns: 1_000_000);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Used();
            host.Run(maxTurns: Turns);
            rates[i] = Turns / (Used() - start).TotalSeconds / 1e6;
            bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / Turns;
        }

        Array.Sort(rates);
        Console.WriteLine(FormattableString.Invariant($"{name,-32}  {rates[Repetitions / 2],6:F1}   {bytes,10:F4}"));
    }

    private static void IdleActors(string only)
    {
        if (!"idle".Contains(only, StringComparison.Ordinal))
        {
            return;
        }

        const int Count = 1_000_000;
        Relay shared = new();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        DeterministicHost host = new();
        for (int i = 0; i < Count; i++)
        {
            host.Create(shared, Role.Thread);
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        double each = (double)(after - before) / Count;
        Console.WriteLine(FormattableString.Invariant($"one million idle actors: {each:F1} bytes each beside the actor itself"));
        GC.KeepAlive(host);
    }

    /// <summary>Random walks through a machine of five actors and ten messages, each from the restored beginning.</summary>
    private static void Walks(string name, string only, DeliveryModel model)
    {
        if (!name.Contains(only, StringComparison.Ordinal))
        {
            return;
        }

        SteppedHost host = new(new SteppedOptions { Model = model });
        ActorId server = host.Create(new Server(), Role.Thread);
        for (int client = 0; client < 4; client++)
        {
            host.Inject(host.Create(new Relay { Next = server }, Role.Thread), new Token(client));
        }

        MachineSnapshot start = new();
        host.Save(start);
        const int Count = 300_000;
        double[] rates = new double[Repetitions];
        uint random = 1;
        long allocated = 0;
        long steps = 0;
        for (int i = 0; i < Repetitions; i++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            steps = 0;
            TimeSpan begin = Used();
            for (int walk = 0; walk < Count; walk++)
            {
                host.Restore(start);
                for (int deliverable = host.DeliverableCount; deliverable > 0; deliverable = host.DeliverableCount)
                {
                    random = unchecked((random * 1664525) + 1013904223);
                    host.Deliver((int)(((ulong)random * (uint)deliverable) >> 32));
                    steps++;
                }
            }

            rates[i] = Count / (Used() - begin).TotalSeconds / 1e6;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Array.Sort(rates);
        double median = rates[Repetitions / 2];
        double turns = (double)steps / Count;
        double bytes = (double)allocated / steps;
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-20} {median:F2} M schedules/s of {turns:F0} turns, {1_000 / median / turns:F0} ns/turn, {bytes:F4} bytes/turn"));
    }

    private readonly record struct Token(long Value) : IMessage
    {
        public static int Kind => 1;
    }

    private sealed class Relay : IActor
    {
        public ActorId Next;
        private long _seen;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            _seen++;
            outbox.Send(Next, delivery.Read<Token>());
        }

        public void Encode(StateCodec codec) => codec.Field("seen", ref _seen);
    }

    /// <summary>Answers the first two messages it hears.</summary>
    private sealed class Server : IActor
    {
        private int _heard;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            if (_heard++ < 2)
            {
                outbox.Send(delivery.Sender, delivery.Read<Token>());
            }
        }

        public void Encode(StateCodec codec) => codec.Field("heard", ref _heard);
    }

    private sealed class Sleeper : IActor
    {
        public long Delay;

        public void Receive(in Delivery delivery, Outbox outbox) => outbox.StartTimer(new Ticks(Delay), delivery.Read<Token>());

        public void Encode(StateCodec codec) => codec.Field("delay", ref Delay);
    }
}
