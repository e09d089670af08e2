using System.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm check</c>: conformance cases.</summary>
internal sealed class CheckVerb : PromisedVerb
{
    public CheckVerb()
        : base("check", "Run conformance cases: operation, expected NTSTATUS, expected state.") =>
        Add(new Argument<string[]>("cases.jsonl") { Description = "Files of cases.", Arity = ArgumentArity.OneOrMore });
}
