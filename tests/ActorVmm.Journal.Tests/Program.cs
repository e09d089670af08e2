namespace ActorVmm.Journal.Tests;

/// <summary>What the kill tests start: a process that writes a journal until it is killed, and says what is durable.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is ["golden", var golden])
        {
            // How Golden/format-1.db was made; once a version is out, its file stays as it is.
            using SqliteStore file = SqliteStore.Open(golden, create: true);
            Written.Run(file, batches: 4, rows: 200);
            file.MakePortable();
            return 0;
        }

        if (arguments is ["golden-parallel", var parallel])
        {
            // And Golden/parallel-1.db: a run by its boundaries, and one by its deliveries and messages.
            using SqliteStore file = SqliteStore.Open(parallel, create: true);
            Replaying.Village.Record(file, Written.Stream, messages: false);
            Replaying.Village.Record(file, Written.Stream[..^1] + "2", messages: true);
            file.MakePortable();
            return 0;
        }

        if (arguments is not ["write", var path, var stream, var seed])
        {
            Console.Error.WriteLine("usage: write PATH STREAM SEED | golden PATH | golden-parallel PATH");
            return 2;
        }

        using IJournalStore store = JournalStores.OpenOrCreate(path);
        using var writer = new JournalWriter(store, stream, Durability.Relaxed, TimeProvider.System);
        writer.Append(Written.Beginning());
        long told = 0;
        var random = new Random(int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture));
        for (long first = 1; ;)
        {
            DeliveryBatch batch = Written.Batch(first, random.Next(1, 400), random);
            writer.Append(batch);
            first = batch.LastDelivery + 1;
            if (writer.DurableThrough > told)
            {
                told = writer.DurableThrough;
                Console.Out.WriteLine(told);
                Console.Out.Flush();
            }
        }
    }
}
