using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Verbs;
using ActorVmm.Workloads;

namespace ActorVmm.Cli.Tests.CommandLine;

/// <summary>Command line beats environment beats scenario beats the user's file.</summary>
public sealed class PrecedenceTests
{
    private static readonly Flag<ulong> _seed = new("--seed", "N", "", Values.Seed);
    private static readonly Switch _quiet = new("--quiet", "", "-q");

    [Theory]
    [InlineData("--seed 1", "2", "seed: 3", 1UL, null)]
    [InlineData("", "2", "seed: 3", 2UL, null)]
    [InlineData("", null, "seed: 3", null, 3UL)]
    [InlineData("", null, "# seed: 3", null, null)]
    public void TheFirstThatSpeaksIsHeard(string arguments, string? variable, string file, ulong? ordered, ulong? preferred)
    {
        Settings settings = SettingsOf(arguments, new() { ["ACTORVMM_SEED"] = variable }, file);

        settings.Ordered(_seed).ShouldBe(ordered);
        settings.Preferred(_seed).ShouldBe(preferred);
        settings.Value(_seed).ShouldBe(ordered ?? preferred);
    }

    [Theory]
    [InlineData("-q", null, "", true)]
    [InlineData("", "1", "", true)]
    [InlineData("", "false", "quiet: true", false)]
    [InlineData("", null, "quiet: true", true)]
    [InlineData("", null, "", false)]
    public void ASwitchToo(string arguments, string? variable, string file, bool on) =>
        SettingsOf(arguments, new() { ["ACTORVMM_QUIET"] = variable }, file).IsOn(_quiet).ShouldBe(on);

    [Fact]
    public void AVariableThatIsNoValueIsWrongUsage() =>
        Should.Throw<Refusal>(() => SettingsOf("", new() { ["ACTORVMM_SEED"] = "many" }, "")).Message.ShouldContain("ACTORVMM_SEED");

    [Theory]
    [InlineData("seed: many", 1, 7)]
    [InlineData("# mine\nsede: 1", 2, 1)]
    [InlineData("seed 1", 1, 1)]
    [InlineData("  seed: 1", 1, 3)]
    [InlineData("seed: 1\nseed: 2", 2, 1)]
    public void ALineOfTheUsersFileThatIsWrongIsNamed(string file, int line, int column)
    {
        InputException error = Should.Throw<InputException>(() => SettingsOf("", [], file));

        error.Place.Line.ShouldBe(line);
        error.Place.Column.ShouldBe(column);
    }

    [Fact]
    public void VariablesAreNamedAfterFlags() =>
        Settings.VariableName(new Flag<int>("--working-set", "N", "", Values.Number(1))).ShouldBe("ACTORVMM_WORKING_SET");

    [Fact]
    public void EveryFlagOfEveryVerbCanStandInTheUsersFile() =>
        Root.FlagNames(Root.Create(new GlobalFlags())).ShouldBeSubsetOf(
            ["json", "plain", "quiet", "verbose", "color", "host", "seed", "processes", "frames", "working-set", "replacement", "format", "for", "specifications",
             "journal", "durability", "journal-messages", "keep", "workers", "time-scale", "schedule", "to", "to-time", "verify", "fixed", "strategy", "depth", "delivery",
             "schedules", "exhaustive", "stop-on-first", "timers", "checkpoint", "seeds", "nodes", "output", "port", "trace-format", "seed-b", "progress", "resume", "only", "twice", "distinct-states", "without", "certificate", "kernel", "listen", "no-coverage", "schedule-only"]);

    private static Settings SettingsOf(string arguments, Dictionary<string, string?> environment, string file)
    {
        using var folder = new TemporaryFolder();
        var root = new System.CommandLine.RootCommand { _seed, _quiet };
        return new Settings(
            root.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            name => environment.GetValueOrDefault(name),
            UserFile.Read(folder.Write("config.yaml", file), ["seed", "quiet"]));
    }
}
