using ActorVmm.Protocol;

namespace ActorVmm.Journal.Tests;

/// <summary>Streams as tests write them: deliveries that look like a machine's, from a seed.</summary>
internal static class Written
{
    public const string Stream = "run/01JD0000000000000000000001";

    public static RunStarted Beginning() => new()
    {
        Host = "deterministic", DeliveryModel = "fifo", KernelVersion = "test", Seed = 42, InputPath = "small.yaml", InputSha256 = new string('a', 64),
        Machine = "256 frames", Policy = "windows", Input = new byte[] { 1, 2, 3 }, Settings = [new("--frames", "256")], Registry = ProtocolMessages.Create(),
    };

    public static DeliveryBatch Batch(long first, int count, Random random, bool messages = false)
    {
        var batch = new DeliveryBatch(count) { Registry = ProtocolMessages.Create() };
        batch.Reset(first);
        long now = first * 100;
        for (int i = 0; i < count; i++)
        {
            ref DeliveryRow row = ref batch.Add();
            now += random.Next(3) == 0 ? random.Next(1000) : 0;
            row = new DeliveryRow
            {
                Receiver = random.Next(1, 40), Sender = random.Next(0, 40), SenderCount = (int)first + i, Now = now, Check = (uint)random.Next(16),
            };
            if (messages || row.Sender == 0)
            {
                batch.AddMessage(Message.Of(new TakeFrames(random.Next(1, 8), random.Next(1, 8), random.Next(8))));
            }

            if (random.Next(50) == 0)
            {
                batch.AddBirth(new ActorId(random.Next(1, 1 << 20)));
            }

            if (random.Next(20) == 0)
            {
                batch.AddChoices([new Choice(3, random.Next(3)), new Choice(2, 1)]);
            }
        }

        return batch;
    }

    public static RunEnded End(long deliveries) => new()
    {
        End = "finished", Now = new Ticks(1_000_000), Fingerprint = new Fingerprint(1, 2), Statistics = new HostStatistics(deliveries, deliveries, 0, 0, 0, 5, 5),
    };

    public static Checkpoint CheckpointAt(long delivery) => new()
    {
        Delivery = delivery, Now = new Ticks(5), Fingerprint = new Fingerprint(3, 4), UnderWay = [delivery - 1], OnTheirWay = [new ActorId(12)],
        Actors = [new ActorCheck(new ActorId(1), 7, 0xABCD), new ActorCheck(new ActorId(9), 1, ulong.MaxValue)],
    };

    /// <summary>Writes a whole run of small batches, with a checkpoint and two snapshots in its middle.</summary>
    public static void Run(IJournalStore store, string stream = Stream, int batches = 6, int rows = 300, bool ended = true, Durability durability = Durability.Relaxed)
    {
        var random = new Random(stream[^1]);
        using var writer = new JournalWriter(store, stream, durability, TimeProvider.System);
        writer.Append(Beginning());
        long first = 1;
        byte[] state = new byte[5_000];
        random.NextBytes(state);
        for (int i = 0; i < batches; i++)
        {
            DeliveryBatch batch = Batch(first, rows, random, messages: i % 2 == 1);
            first = batch.LastDelivery + 1;
            writer.Append(batch);
            if (i is 2 or 3)
            {
                writer.Append(CheckpointAt(first - 1));
                writer.Append(new Journal.Snapshots.MachineStateTaken { Delivery = first - 1, Cast = "cast"u8.ToArray(), State = state });
                state = [.. state];
                state[100]++;
            }
        }

        if (ended)
        {
            writer.Append(End(first - 1));
        }

        writer.Flush();
        writer.DurableThrough.ShouldBe(first - 1);
    }
}
