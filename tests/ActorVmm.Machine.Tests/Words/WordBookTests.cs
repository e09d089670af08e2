using ActorVmm.Machine.Words;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Tests.Words;

/// <summary>Exports and views know every word of the memory manager, each field where it is.</summary>
public sealed class WordBookTests
{
    [Fact]
    public void EveryFactIsEntered() => FactWords.All.Words.Select(word => word.Name).Order().ShouldBe(NamesOf(typeof(IFact)));

    [Fact]
    public void EveryMessageIsEntered() => MessageWords.All.Words.Select(word => word.Name).Order().ShouldBe(NamesOf(typeof(IMessage)));

    [Fact]
    public void AMessageIsDescribedByItsFields()
    {
        var trim = Message.Of(new TrimPage(new Vpn(0x10), new Pfn(0x2a), new Generation(7), 4, true));

        MessageWords.All.Of(trim.Kind).Describe(Message.BodyOf(in trim), new NoNames()).ShouldBe("TrimPage vpn 0x10 pfn 0x2a generation 7 protection 4 dirty yes");
    }

    [Fact]
    public void AFactIsDescribedByItsFields()
    {
        var moved = Fact.Of(new FrameMoved(new Pfn(1), new ActorId(9), new Vpn(0x20), 2, 3, PageLocation.Active, PageLocation.Standby, 5, 0));

        FactWords.All.Of(moved.Kind).Describe(Fact.BodyOf(in moved), new NoNames())
            .ShouldBe("FrameMoved pfn 0x1 owner actor-9 vpn 0x20 referenceCount 2 shareCount 3 from active to standby priority 5");
    }

    [Fact]
    public void ASignIsKept()
    {
        var completed = Fact.Of(new CallCompleted(0, ulong.MaxValue, NtStatus.CommitmentLimit, -1, CallService.Allocate, 0, 0, 0x1000));

        FactWords.All.Of(completed.Kind).Describe(Fact.BodyOf(in completed), new NoNames())
            .ShouldBe("CallCompleted base 0x0 size 18446744073709551615 status 0xC000012D thread -1 call allocate allocationType 0x1000");
    }

    [Fact]
    public void AnUnknownWordIsCalledByItsNumber() => FactWords.All.Of(9_999).Describe([], new NoNames()).ShouldBe("kind9999");

    private static IEnumerable<string> NamesOf(Type contract) =>
        typeof(Pfn).Assembly.GetTypes().Where(type => type.IsValueType && contract.IsAssignableFrom(type)).Select(type => type.Name).Order();

    private sealed class NoNames : IActorNames
    {
        public string NameOf(ActorId id) => FormattableString.Invariant($"actor-{id.Value}");
    }
}
