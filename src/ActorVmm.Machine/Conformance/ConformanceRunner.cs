using ActorVmm.Runtime;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>Runs cases, each on a fresh machine for each of its architectures, step by step until one does not pass.</summary>
/// <param name="open">Makes the machine that a case asks for.</param>
public sealed class ConformanceRunner(Func<SessionPlan, IConformanceSession> open)
{
    /// <summary>Runs a case on all its architectures.</summary>
    public CaseResult Run(ConformanceCase asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return new CaseResult(asked, [.. asked.Architectures.Select(architecture => Run(asked, architecture))]);
    }

    /// <summary>Runs a case on one architecture.</summary>
    public CaseRun Run(ConformanceCase asked, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(asked);
        using IConformanceSession session = open(asked.PlanFor(architecture));
        var symbols = new Symbols(architecture, session);
        foreach ((int index, CaseStep step) in asked.Steps.Index())
        {
            bool left = step.SymbolOf("only_if") is { } condition && !symbols.IsBound(condition);
            CaseRun? ended = left ? null : Run(step, session, symbols, new CaseRun(architecture, CaseOutcome.Failed, index + 1, step.Operation));
            if (ended is not null)
            {
                return ended;
            }
        }

        return new CaseRun(architecture, CaseOutcome.Passed);
    }

    /// <returns>Null when the step passes.</returns>
    private static CaseRun? Run(CaseStep step, IConformanceSession session, Symbols symbols, CaseRun failure)
    {
        try
        {
            ConformanceCall call = CallBinder.Bind(step, symbols);
            CallAnswer answer = session.Carry(call);
            if (answer.Unsupported is { } needs)
            {
                return failure with { Outcome = CaseOutcome.Unsupported, Expected = needs };
            }

            if (answer.Broken is { } promise)
            {
                return failure with { Expected = "every promise of the machine holds", Actual = promise };
            }

            if (StatusNames.IsSuccess(StatusNames.NameOf(answer.Status)))
            {
                Bind(step, call, answer, symbols);
            }

            return Judge.Check(step.Expected, answer, symbols) is { } wrong ? failure with { Expected = wrong.Expected, Actual = wrong.Actual } : null;
        }
        catch (SymbolException unknown)
        {
            return unknown.MachineLacksIt
                ? failure with { Outcome = CaseOutcome.Unsupported, Expected = unknown.Message }
                : failure with { Expected = "a step before this one binds every symbol", Actual = unknown.Message };
        }
        catch (MachineStoppedException stop)
        {
            return failure with { Expected = string.Join(" or ", step.Expected.Statuses), Actual = "the machine stopped: " + stop.Message };
        }
    }

    private static void Bind(CaseStep step, ConformanceCall call, CallAnswer answer, Symbols symbols)
    {
        if (step.SymbolOf("out") is { } symbol && answer.Bound is { } bound)
        {
            symbols.Bind(symbol, bound);
        }

        ulong? remembered = call is ProtectCall protect ? protect.Base : answer.Bound;
        if (step.SymbolOf("remember") is { } kept && remembered is { } value)
        {
            symbols.Bind(kept, value);
        }
    }
}
