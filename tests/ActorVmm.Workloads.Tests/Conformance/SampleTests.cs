using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Workloads.Tests.Conformance;

/// <summary>What holds of every case in the tree.</summary>
public sealed class SampleTests
{
    [Fact]
    public void EveryCaseParses()
    {
        Cases.Sample.Count.ShouldBe(201);
        Cases.Sample.Sum(one => one.Steps.Count).ShouldBe(1010);
        Cases.Sample.ShouldContain(one => one.Version == WindowsVersion.Windows7, "old behaviour is asked for");
        Cases.Sample.ShouldContain(one => one.KernelCaller);
        Cases.Sample.ShouldContain(one => !one.DataExecutionPrevention);
        Cases.Sample.ShouldContain(one => one.Architectures.Count == 2);
    }

    [Fact]
    public void EveryStepBecomesACall()
    {
        foreach ((ConformanceCase one, CaseStep step, Symbols symbols) in Steps())
        {
            Should.NotThrow(() => CallBinder.Bind(step, symbols), $"{one.Id}: {step.Operation}");
        }
    }

    [Fact]
    public void WhatIsExpectedPasses()
    {
        foreach ((ConformanceCase one, CaseStep step, Symbols symbols) in Steps())
        {
            Judge.Check(step.Expected, Obedient(step, symbols), symbols).ShouldBeNull($"{one.Id}: {step.Operation} at {step.Place}");
        }
    }

    [Fact]
    public void WhatIsNotExpectedFails()
    {
        int mutants = 0;
        foreach ((ConformanceCase one, CaseStep step, Symbols symbols) in Steps())
        {
            foreach (CallAnswer mutant in Mutants(step, Obedient(step, symbols)))
            {
                Judge.Check(step.Expected, mutant, symbols).ShouldNotBeNull($"{one.Id}: {step.Operation} at {step.Place}");
                mutants++;
            }
        }

        mutants.ShouldBeGreaterThan(2_000);
    }

    /// <summary>Every step, with all symbols of its case bound to something.</summary>
    private static IEnumerable<(ConformanceCase Case, CaseStep Step, Symbols Symbols)> Steps()
    {
        foreach (ConformanceCase one in Cases.Sample)
        {
            var symbols = new Symbols(one.Architectures[0], new FixedSession());
            foreach ((int index, CaseStep step) in one.Steps.Index())
            {
                foreach (string argument in new[] { "out", "remember" })
                {
                    if (step.SymbolOf(argument) is { } symbol && !symbols.IsBound(symbol))
                    {
                        symbols.Bind(symbol, 0x3000_0000 + ((ulong)index << 20));
                    }
                }
            }

            foreach (CaseStep step in one.Steps)
            {
                yield return (one, step, symbols);
            }
        }
    }

    /// <summary>An answer that gives all that a step expects.</summary>
    private static CallAnswer Obedient(CaseStep step, Symbols symbols)
    {
        var outputs = new Dictionary<string, Output>(StringComparer.Ordinal);
        foreach (ExpectedOutput expected in step.Expected.Values.Concat(step.Expected.Alternatives is [var first, ..] ? first : []))
        {
            (string name, Output value) = expected switch
            {
                { Value.List: { } list } => (expected.Name, Output.Of([.. list.Select(symbols.Evaluate)])),
                { Value.Word: { } word } => (expected.Name, word),
                { Name: "end_at_most" } => ("size", (Output)0x1000UL),
                { Name: "base_align" or "base_below" or "base_ne" } => ("base", (Output)AlignedBase(step, symbols)),
                { Name: "size_at_least" } => ("size", (Output)symbols.Evaluate(expected.Value.Number!)),
                _ => (expected.Name, (Output)symbols.Evaluate(expected.Value.Number!)),
            };
            outputs.TryAdd(name, value);
        }

        if (step.Expected.Values.Any(value => value.Name is "end_at_most"))
        {
            outputs.TryAdd("base", (Output)0x1_0000UL);
        }

        // An exact base wins over one made for a constraint.
        if (step.Expected.Values.FirstOrDefault(value => value.Name is "base") is { } exact)
        {
            outputs["base"] = symbols.Evaluate(exact.Value.Number!);
        }

        NtStatus status = Enum.GetValues<NtStatus>().Single(one => StatusNames.NameOf(one) == step.Expected.Statuses[0]);
        return CallAnswer.Of(status, outputs.Select(output => (output.Key, output.Value)));
    }

    private static ulong AlignedBase(CaseStep step, Symbols symbols) =>
        step.Expected.Values.FirstOrDefault(value => value.Name is "base_align") is { } align ? symbols.Evaluate(align.Value.Number!) : 0x1_0000;

    private static IEnumerable<CallAnswer> Mutants(CaseStep step, CallAnswer good)
    {
        yield return CallAnswer.Of(NtStatus.PrivilegeNotHeld, good.Outputs.Select(output => (output.Key, output.Value)));
        foreach (ExpectedOutput expected in step.Expected.Values)
        {
            string name = expected.Name.Split('_')[0] is "base" or "end" or "size" && !good.Outputs.ContainsKey(expected.Name) ? expected.Name.Split('_')[0] : expected.Name;
            string changed = name is "end" ? "size" : name;
            yield return With(good, changed, null);
            yield return With(good, changed, Worse(expected, good.Outputs[changed]));
        }
    }

    /// <summary>Something that does not keep what is expected.</summary>
    private static Output Worse(ExpectedOutput expected, Output good) => expected switch
    {
        { Value.List: not null } => Output.Of([.. good.List!, 0xBAD]),
        { Value.Word: not null } => "nonsense",
        { Name: "base_below" or "end_at_most" } => ulong.MaxValue,
        { Name: "size_at_least" or "base_at_least" } => 0UL,
        { Name: "base_ne" } => new Output(good.Number) with { Word = "nonsense" },
        _ => new Output(good.Number + 1),
    };

    private static CallAnswer With(CallAnswer answer, string name, Output? value) =>
        CallAnswer.Of(answer.Status, answer.Outputs.Where(output => output.Key != name).Select(output => (output.Key, output.Value)).Concat(value is null ? [] : [(name, value)]));
}
