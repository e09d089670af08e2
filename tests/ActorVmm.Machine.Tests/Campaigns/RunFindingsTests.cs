using ActorVmm.Machine.Campaigns;

namespace ActorVmm.Machine.Tests.Campaigns;

/// <summary>What is left of a finding's words when everything that differs from seed to seed is taken out.</summary>
public sealed class RunFindingsTests
{
    [Theory]
    [InlineData("frame 1f moved from Standby to where it was", "frame # moved from Standby to where it was")]
    [InlineData("frame be moved from Standby to where it was", "frame # moved from Standby to where it was")]
    [InlineData("actor 9 exited with 1 open reads", "actor # exited with # open reads")]
    [InlineData("page 100a0 of actor 12 was mapped to frame fade, and page cafe is in it", "page # of actor # was mapped to frame #, and page # is in it")]
    [InlineData("slot 0:3bd was freed while a transfer uses it", "slot # was freed while a transfer uses it")]
    [InlineData("the VAD at page abc is added for a deed", "the VAD at page # is added for a deed")]
    [InlineData("nothing is left to happen", "nothing is left to happen")]
    public void NumbersAreTakenOut(string words, string shape) => RunFindings.ShapeOf(words).ShouldBe(shape);
}
