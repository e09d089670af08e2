using ActorVmm.Journal.Campaigns;
using ActorVmm.Workloads;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorVmm.Akka.Campaigns;

/// <summary>
/// One lease of seeds, on whichever node its shard lies.
/// <para>
/// 1. It is asked to run its seeds, hands them to the threads of its node, and says that it has them. 2. It tells what they came
/// to. 3. When that is counted it goes. Asked again before, because a word was lost or its shard has moved, it says again what it
/// said last; on another node it begins anew, and whose result comes first counts.
/// </para>
/// </summary>
internal sealed class LeaseActor : ReceiveActor
{
    private readonly Bench _bench;
    private Word? _answer;
    private IActorRef _asker = ActorRefs.Nobody;

    public LeaseActor(Bench bench)
    {
        _bench = bench;
        Receive<RunSeeds>(Run);
        Receive<Ended>(ended =>
        {
            _answer = ended.Answer;
            _asker.Tell(_answer);
        });
        Receive<SeedsCounted>(_ => Context.Parent.Tell(new Passivate(PoisonPill.Instance)));
    }

    private void Run(RunSeeds asked)
    {
        _asker = Sender;
        if (_answer is not null)
        {
            _asker.Tell(_answer);
            return;
        }

        _answer = new SeedsTaken(asked.Lease);
        _asker.Tell(_answer);
        IActorRef self = Self;
        _bench.Run(
            asked.Seeds,
            results => self.Tell(new Ended(new SeedsRun(asked.Lease, results))),
            (seed, error) => self.Tell(new Ended(new SeedsFailed(asked.Lease, seed, error is InputException, error is InputException ? error.Message : $"{error.GetType().Name}: {error.Message}"))));
    }

    /// <summary>The threads have come to an end with it.</summary>
    private sealed record Ended(Word Answer) : INoSerializationVerificationNeeded;
}
