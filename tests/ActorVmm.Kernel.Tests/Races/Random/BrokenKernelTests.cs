using ActorVmm.Actors;
using ActorVmm.Runtime;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// Specifications that cannot fail prove nothing. Each of these kernels has one rule broken; random schedules must find it soon, and a
/// promise, or the kernel's own invariants, must name it.
/// </summary>
public sealed class BrokenKernelTests
{
    private const int SeedsMost = 100;

    [Theory]
    [InlineData(nameof(ForgetsThatPagesAreDirty), "NoFrameIsDirtyAndStandby")]
    [InlineData(nameof(SaysThatEveryPageIsStillThere), "AValidPteHoldsAShare")]
    [InlineData(nameof(IgnoresWriteErrors), "DirtyDataSurvives")]
    [InlineData(nameof(DoesNotCheckAgainAfterARead), "ASlotHasOneOwner")]
    [InlineData(nameof(DoesNotZero), "BugCheck")]
    [InlineData(nameof(FreesSlotsDuringTheirWrite), "ASlotHasOneOwner")]
    [InlineData(nameof(AnswersBeforeItHasRead), "PagesInFlightAreReferenced")]
    [InlineData(nameof(GrantsAFrameTwice), "AFrameServesOnePage")]
    [InlineData(nameof(LosesAnswers), "EveryFaultIsAnswered")]
    [InlineData(nameof(ReturnsTooLittle), "CommitIsExact")]
    [InlineData(nameof(WakesNobody), "NobodyWaitsForEver")]
    public void ABrokenRuleIsFoundAndNamed(string broken, string by)
    {
        var found = new HashSet<string>();
        for (ulong seed = 1; seed <= SeedsMost && !found.Contains(by); seed++)
        {
            found.UnionWith(new RandomRun(seed, DeliveryModel.Fifo, (cast, id, actor) => Break(broken, cast, id, actor)).Go().Broken);
        }

        found.ShouldContain(by);
    }

    private static Breakage? Break(string broken, Cast cast, ActorId id, IActor actor) => broken switch
    {
        nameof(ForgetsThatPagesAreDirty) when id == cast.PfnDatabase => new ForgetsThatPagesAreDirty(actor),
        nameof(SaysThatEveryPageIsStillThere) when id == cast.PfnDatabase => new SaysThatEveryPageIsStillThere(actor),
        nameof(IgnoresWriteErrors) when id == cast.PfnDatabase => new IgnoresWriteErrors(actor),
        nameof(DoesNotCheckAgainAfterARead) when id == cast.PfnDatabase => new DoesNotCheckAgainAfterARead(actor),
        nameof(DoesNotZero) when id == cast.ZeroPageThread => new DoesNotZero(actor),
        nameof(FreesSlotsDuringTheirWrite) when id == cast.PfnDatabase => new FreesSlotsDuringTheirWrite(actor, cast),
        nameof(AnswersBeforeItHasRead) when cast.PagingFiles.Contains(id) => new AnswersBeforeItHasRead(actor),
        nameof(GrantsAFrameTwice) when id == cast.PfnDatabase => new GrantsAFrameTwice(actor),
        nameof(LosesAnswers) when id == cast.PfnDatabase => new LosesAnswers(actor),
        nameof(ReturnsTooLittle) when id == cast.SystemSpace => new ReturnsTooLittle(actor),
        nameof(WakesNobody) when id == cast.PfnDatabase => new WakesNobody(actor),
        _ => null,
    };
}
