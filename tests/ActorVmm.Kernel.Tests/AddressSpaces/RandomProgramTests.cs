using System.Globalization;
using ActorVmm.Kernel.Tests.Bench;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>
/// Random programs against a flat model of memory. ACTORVMM_LONG=1 runs ten times as many.
/// </summary>
public sealed class RandomProgramTests
{
    private const int Groups = 8;
    private const int Operations = 500;

    private static readonly int _seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") == "1" ? 2_400 : 240;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void EveryAnswerIsThatOfAFlatMemory(int group)
    {
        for (int seed = group; seed < _seeds; seed += Groups)
        {
            Run(seed);
        }
    }

    // A check that never saw its situation is a failed check: together the machines have seen them all.
    [Fact]
    public void EverySituationOccurs()
    {
        Dictionary<string, long> seen = [];
        SortedSet<NtStatus> statuses = [];
        for (int seed = 1_000_000; seed < 1_000_060; seed++)
        {
            var machine = Run(seed);
            statuses.UnionWith(machine.Statuses.Keys);
            foreach (var situation in machine.Machine.Suite.Sometimes)
            {
                string name = $"{situation.Specification}: {situation.Name}";
                seen[name] = seen.GetValueOrDefault(name) + situation.Count;
            }
        }

        // R14 has tests of its own, as it is rare; a page-table fault is never the fault itself, it is extra.
        seen.Where(situation => situation.Value == 0 && !Situations.IsOfSharersOrDevices(situation.Key)).Select(situation => situation.Key)
            .Where(situation => !situation.EndsWith("meanwhile (R14)", StringComparison.Ordinal)).ShouldBe(
            Enumerable.Select([FaultKind.CopyOnWrite, FaultKind.Prototype, FaultKind.PageTable], kind => $"EveryFaultIsAnswered: a fault was {kind}"), true);
        statuses.ShouldBe(
        [
            NtStatus.Success, NtStatus.GuardPageViolation, NtStatus.AccessViolation, NtStatus.InPageError, NtStatus.InvalidParameter,
            NtStatus.ConflictingAddresses, NtStatus.UnableToFreeVm, NtStatus.NotCommitted, NtStatus.InvalidPageProtection,
            NtStatus.FreeVmNotAtBase, NtStatus.MemoryNotAllocated, NtStatus.InvalidParameter2, NtStatus.InvalidParameter3, NtStatus.InvalidParameter4,
            NtStatus.ProcessIsTerminating, NtStatus.PagefileQuotaExceeded, NtStatus.CommitmentLimit,
        ],
        true);
    }

    private static RandomMachine Run(int seed)
    {
        var machine = new RandomMachine(seed);
        try
        {
            machine.Run(Operations);
            return machine;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{machine}: {failure.Message}"), failure);
        }
    }
}
