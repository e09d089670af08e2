namespace ActorVmm.Actors.Tests;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(new int[0], "s1..LS")]
    [InlineData(new[] { 0 }, "s1.0.PH")]
    [InlineData(new[] { 0, 1, 2, 31 }, "s1.012v.Ko")]
    [InlineData(new[] { 3, 0, 0, 0, 0, 0, 0, 1 }, "s1.3~61.md")]
    [InlineData(new[] { 32, 1_000 }, "s1.w1Ev.GJ")]
    public void ASchedulePrintsAsAShortString(int[] steps, string text) => new Schedule(steps).ToString().ShouldBe(text);

    [Fact]
    public void WhatIsPrintedParsesBack()
    {
        ulong random = 1;
        for (int round = 0; round < 500; round++)
        {
            int[] steps = new int[round % 40];
            for (int i = 0; i < steps.Length; i++)
            {
                random = Mix.Spread(random);
                steps[i] = (random & 3) == 0 ? 0 : (int)((random >> 8) & int.MaxValue) >> (int)((random >> 50) % 31);
            }

            Schedule schedule = new(steps);
            string text = schedule.ToString();

            Schedule.Parse(text).ShouldBe(schedule);
            text.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_' || c == '.' || c == '~');
        }
    }

    [Theory]
    [InlineData(null, "is no schedule: one begins with s1.")]
    [InlineData("", "is no schedule: one begins with s1.")]
    [InlineData("0123", "is no schedule: one begins with s1.")]
    [InlineData("s2.0.aa", "is of another version than s1")]
    [InlineData("s1.0123", "is cut off: its checksum is missing")]
    [InlineData("s1.01 3.aa", "makes no sense at character 6")]
    [InlineData("s1.0w.aa", "makes no sense at character 5")]
    [InlineData("s1.0~.aa", "makes no sense at character 5")]
    [InlineData("s1.________v.aa", "makes no sense at character 4")]
    [InlineData("s1.~_____v.aa", "is longer than 10000000 steps")]
    [InlineData("s1.0.aa", "is damaged: its checksum does not fit")]
    [InlineData("s1.013v.Ko", "is damaged: its checksum does not fit")]
    public void WhatIsNoScheduleIsRefusedWithTheReason(string? text, string because)
    {
        Schedule.TryParse(text, out Schedule schedule, out string error).ShouldBeFalse();

        error.ShouldContain(because);
        schedule.ShouldBe(Schedule.Empty);
        Should.Throw<FormatException>(() => Schedule.Parse(text!)).Message.ShouldBe(error);
    }

    [Fact]
    public void AStepIsNeverNegative() => Should.Throw<ArgumentOutOfRangeException>(() => new Schedule([0, -1]));

    [Fact]
    public void SchedulesAreEqualWhenTheirStepsAre()
    {
        new Schedule([1, 2]).ShouldBe(new Schedule([1, 2]));
        new Schedule([1, 2]).ShouldNotBe(new Schedule([2, 1]));
        new Schedule([1]).ShouldNotBe(new Schedule([1, 0]));
    }
}
