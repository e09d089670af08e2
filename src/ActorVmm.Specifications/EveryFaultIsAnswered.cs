using System.Runtime.CompilerServices;

namespace ActorVmm.Specifications;

/// <summary>
/// Liveness, and the rule of counting (fact book §16): every fault that is opened is counted once, by its kind, and answered; a
/// thread has one fault at a time. A page-table fault is counted inside the fault that met it. A fault that is open when its process
/// exits needs no answer. In flight: faults opened and not answered; none at quiescence.
/// </summary>
public sealed class EveryFaultIsAnswered : Specification, IHear<FaultOpened>, IHear<FaultCounted>, IHear<FaultAnswered>
{
    private readonly FlatMap<OpenFault> _open = new();
    private readonly FlatMap<int> _perProcess = new();
    private readonly Situation[] _kinds;
    private int _last;

    public EveryFaultIsAnswered()
        : base(nameof(EveryFaultIsAnswered), "every fault is counted once and answered") =>
        _kinds = [.. Enum.GetNames<FaultKind>().Select(kind => Sometimes("a fault was " + kind))];

    public void Hear(in FaultOpened fact)
    {
        _last = Math.Max(_last, Actor.Value);
        ref OpenFault open = ref _open.Find(Actor.Value, Key(fact.Thread));
        if (!Unsafe.IsNullRef(ref open))
        {
            Violated($"thread {fact.Thread} of {Actor} faulted on page {fact.Vpn}, and its fault on page {open.Vpn} has no answer");
        }
        else
        {
            _perProcess.Put(Actor.Value, 0)++;
        }

        _open.Put(Actor.Value, Key(fact.Thread)) = new OpenFault { Vpn = fact.Vpn };
    }

    public void Hear(in FaultCounted fact)
    {
        if ((int)fact.FaultKind < _kinds.Length)
        {
            _kinds[(int)fact.FaultKind].Seen();
        }

        ref OpenFault open = ref _open.Find(Actor.Value, Key(fact.Thread));
        if (Unsafe.IsNullRef(ref open))
        {
            Violated($"a {fact.FaultKind} fault of thread {fact.Thread} of {Actor} on page {fact.Vpn} was counted, and none is open");
        }
        else if (fact.FaultKind != FaultKind.PageTable)
        {
            if (open.Vpn != fact.Vpn || open.Counted)
            {
                Violated($"a {fact.FaultKind} fault of thread {fact.Thread} of {Actor} on page {fact.Vpn} was counted; open is the one on page {open.Vpn}{(open.Counted ? ", counted already" : "")}");
            }

            open.Counted = true;
        }
    }

    public void Hear(in FaultAnswered fact)
    {
        ref OpenFault open = ref _open.Find(Actor.Value, Key(fact.Thread));
        if (Unsafe.IsNullRef(ref open))
        {
            Violated($"a fault of thread {fact.Thread} of {Actor} on page {fact.Vpn} was answered, and none is open");
            return;
        }

        if (open.Vpn != fact.Vpn)
        {
            Violated($"a fault of thread {fact.Thread} of {Actor} on page {fact.Vpn} was answered, and the open one is on page {open.Vpn}");
        }

        // A thread that dies may do so before the kind of its fault is known.
        if (!open.Counted && fact.Status != NtStatus.ProcessIsTerminating)
        {
            Violated($"a fault of thread {fact.Thread} of {Actor} on page {fact.Vpn} was answered and never counted");
        }

        _open.Remove(Actor.Value, Key(fact.Thread));
        _perProcess.Put(Actor.Value, 0)--;
    }

    public override void AtQuiescence()
    {
        for (int actor = 0; actor <= _last; actor++)
        {
            ref int open = ref _perProcess.Find(actor, 0);
            if (!Unsafe.IsNullRef(ref open) && open != 0 && Known.Processes[new ActorId(actor)].ExitedIn == 0)
            {
                Violated($"nothing is in flight, and {open} faults of {new ActorId(actor)} have no answer");
            }
        }
    }

    private static ulong Key(int thread) => (uint)thread;

    private struct OpenFault
    {
        public Vpn Vpn;
        public bool Counted;
    }
}
