using ActorVmm.Explorer.Shrinking;
using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Explorer.Tests;

/// <summary>A scenario is as small as it can be when no number of it can be smaller.</summary>
public sealed class ScenarioShrinkTests
{
    private const string Large = """
        version: 1
        name: large
        machine: { ram: 16MiB, cpus: 1, pagingFiles: [ { size: 16MiB } ] }
        processes:
          team:
            count: 7
            threads: 4
            phases:
              - reserve: { name: heap, size: 1MiB }
              - commit:  { region: heap }
              - touch:   { region: heap, count: 1000 }
        """;

    [Fact]
    public void NumbersShrinkWhileThePromiseBreaks()
    {
        // What is explored stands for the scenario: the last of as many messages as there are processes must not come first.
        var shrinker = new ScenarioShrinker(Load, scenario => Racing(scenario.Operator.Processes.Count), new ExecutionSetting());

        ShrunkScenario shrunk = shrinker.Shrink(Large, "the program holds").ShouldNotBeNull();

        shrunk.Text.ShouldBe(Large.Replace("count: 7", "count: 3", StringComparison.Ordinal).Replace("threads: 4", "threads: 1", StringComparison.Ordinal)
            .Replace("size: 1MiB", "size: 4KiB", StringComparison.Ordinal).Replace("count: 1000", "count: 1", StringComparison.Ordinal));
        new Shrinker(Racing(3), new ExecutionSetting()).Shrink(shrunk.Finding).Violation.Specification.ShouldBe("the program holds");
    }

    [Fact]
    public void WhatCannotBeSmallerStaysAsItIs()
    {
        new ScenarioShrinker(Load, _ => Racing(2), new ExecutionSetting()).Shrink(Large, "the program holds").ShouldBeNull();
        new ScenarioShrinker(_ => throw new InputException(new Place("x"), "no"), _ => Racing(5), new ExecutionSetting()).Shrink(Large, "the program holds").ShouldBeNull();
        new ScenarioShrinker(Load, _ => Racing(5), new ExecutionSetting()).Shrink(Large, "another promise").ShouldBeNull();
    }

    private static Scenario Load(string text) => ScenarioFile.Load(System.Text.Encoding.UTF8.GetBytes(text), "large.yaml");

    /// <summary>Breaks when the last sender's message comes first; with fewer than three senders it never does.</summary>
    private static Program Racing(int senders) => new(FormattableString.Invariant($"{senders} race"), stage =>
    {
        ActorId receiver = stage.Add((self, delivery, outbox) =>
        {
            if (self.Memory[0]++ == 0 && senders >= 3 && delivery.Read<Word>().Value == senders - 1)
            {
                outbox.State(new Broken());
            }
        });
        for (int i = 0; i < senders; i++)
        {
            int number = i;
            stage.AddStarting((_, _, outbox) => outbox.Send(receiver, new Word(number)));
        }
    });

    private readonly record struct Broken : IFact
    {
        public static int Kind => 9_102;
    }
}
