using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary>0 when two runs are the same, 1 where they part.</summary>
public sealed class DiffTests
{
    [Fact]
    public void TheSameRunIsTheSame()
    {
        Actorvmm.Ended ended = Actorvmm.Run("diff", "demand-zero", "demand-zero", "--for", "100us");

        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        ended.Output.ShouldContain("The runs are the same");
        ended.Error.ShouldBeEmpty();
    }

    [Fact]
    public void RunsThatPartAreShownSideBySide()
    {
        using var folder = new TemporaryFolder();
        string a = folder.Write("a", "1,2,3");
        string b = folder.Write("b", "1,2w,3");

        Actorvmm.Ended text = Actorvmm.Run("diff", a, b);
        text.Code.ShouldBe(ExitCode.Found, text.Error);
        text.Output.ShouldContain("The runs part at turn");
        text.Output.ShouldContain("access read");
        text.Output.ShouldContain("access write");

        Actorvmm.Ended json = Actorvmm.Run("diff", a, b, "--json", "--seed-b", "9");
        json.Code.ShouldBe(ExitCode.Found);
        JsonElement summary = JsonDocument.Parse(json.Output).RootElement;
        summary.GetProperty("equal").GetBoolean().ShouldBeFalse();
        summary.GetProperty("seedB").GetInt32().ShouldBe(9);
        summary.GetProperty("deliveryA").GetInt64().ShouldBe(summary.GetProperty("deliveryB").GetInt64());
        summary.GetProperty("turns").GetArrayLength().ShouldBeGreaterThan(3);
    }
}
