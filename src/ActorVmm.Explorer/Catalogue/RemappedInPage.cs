using ActorVmm.Explorer.Catalogue.Cast;
using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>
/// A page is being read in when its address is unmapped and something else is mapped there. The read completes and installs the
/// page of what is gone (fact book §17, R2).
/// </summary>
public sealed class RemappedInPage : RaceModel
{
    private const string Remaps = "remaps";

    public static CatalogueEntry Entry { get; } = new(2, new RemappedInPage())
    {
        Source = "Windows rule: recheck everything after an in-page read (fact book §16.5 step 5, §17 R2)",
        Actors = "T faults; AS is the address space with one page of a view; DISK reads; U unmaps and maps.",
        InWindows =
            "The thread lets all locks go while the disk reads. Afterwards it takes them again and looks whether the PTE is still in the "
            + "same transition form, whether the page was deleted, and whether the protection is the same. If anything has changed, the "
            + "fault is dismissed: the frame is freed and the instruction runs again, against what is mapped now (fact book §16.5 step 5).",
        Repaired = Counts.Clean(bag: 14, fifo: 6, causal: 6, mailbox: 3),
        FoundWithin = 10,
        Rule = KernelRule.DeletedDuringRead,
    };

    public override string Name => "remapped-in-page";

    public override string Title => "An in-page read completes after its address was mapped anew";

    public override string Story =>
        "A thread touches a page of a mapped view. The page is not in memory, so the disk begins to read it, and nobody holds a lock "
        + "meanwhile. Another thread of the process unmaps the view and maps a second object at the same address. Then the read "
        + "completes. The completion knows the address for which it was asked, finds no page there, and installs what it has: a page "
        + "of the first object. From now on the process reads and writes the wrong object.";

    public override string Repair => "A completion looks again; when the address is not mapped as it was, the read is dismissed and the thread faults again.";

    public override string Promise => "what is mapped at an address is a page of the object that is mapped there";

    public override IReadOnlyList<ModelParameter> Parameters { get; } = [ModelParameter.Number(Remaps, 1, 1, "times that the address is mapped anew")];

    public override IReadOnlyList<KnownCount> Known { get; } = Counts.Of(bag: (11, 5), fifo: (5, 2), causal: (5, 2), mailbox: (3, 1));

    public override string WordsOf(int which) => "a page was installed that belongs to an object which is not mapped there any more";

    protected internal override void Build(ModelStage stage, ModelSettings settings)
    {
        AddressSpace space = new(settings.IsFixed);
        ActorId spaceId = stage.Add("AS", space);
        space.Disk = stage.Add("DISK", new Disk());
        space.Thread = stage.AddStarting("T", new FaultingThread(spaceId, stores: false));
        stage.AddStarting("U", new Remapper(spaceId, settings[Remaps]));
    }

    /// <summary>Objects are numbered in the order of their mapping, from 1; 0 is none.</summary>
    private sealed class AddressSpace(bool looksAgain) : IActor
    {
        private int _object = 1;

        public ActorId Disk { get; set; }

        public ActorId Thread { get; set; }

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            switch (delivery.Kind)
            {
                case Fault.Kind when _object == 0: outbox.Send(Thread, new Failed()); break;
                case Fault.Kind: outbox.Send(Disk, new Read(_object)); break;
                case Unmap.Kind: _object = 0; break;
                case Map.Kind: _object = delivery.Read<Map>().Page; break;
                case ReadDone.Kind: Completed(delivery.Read<ReadDone>().Tag, outbox); break;
            }
        }

        public void Encode(StateCodec codec) => codec.Field("object", ref _object);

        private void Completed(int read, Outbox outbox)
        {
            if (looksAgain && read != _object)
            {
                outbox.Send(Thread, new Retry());
                return;
            }

            if (read != _object)
            {
                outbox.State(new PromiseBroken(0));
            }

            outbox.Send(Thread, new Ok());
        }
    }

    private sealed class Remapper(ActorId space, int times) : Stateless
    {
        public override void Receive(in Delivery delivery, Outbox outbox)
        {
            for (int time = 1; time <= times; time++)
            {
                outbox.Send(space, new Unmap());
                outbox.Send(space, new Map(time + 1));
            }
        }
    }
}
