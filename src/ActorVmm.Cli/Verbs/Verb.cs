using System.CommandLine;
using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary>A verb of the command line: what it takes, and what it does.</summary>
internal abstract class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Does it. Refusals and rejected inputs leave as exceptions.</summary>
    public abstract ExitCode Execute(Session session);

    protected Argument<string> Takes(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        Add(argument);
        return argument;
    }

    protected Argument<string?> MayTake(string name, string description)
    {
        var argument = new Argument<string?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        Add(argument);
        return argument;
    }

    protected Flag<T> Has<T>(string name, string valueName, string description, Func<string, T> read, params string[] aliases)
    {
        var flag = new Flag<T>(name, valueName, description, read);
        Array.ForEach(aliases, flag.Aliases.Add);
        Add(flag);
        return flag;
    }

    protected Switch Has(string name, string description)
    {
        var flag = new Switch(name, description);
        Add(flag);
        return flag;
    }
}

/// <summary>A verb that is promised: it parses, and refuses with one sentence.</summary>
internal abstract class PromisedVerb(string name, string description) : Verb(name, description)
{
    public override ExitCode Execute(Session session)
    {
        var path = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = session.Arguments.CommandResult; at is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } command; at = at.Parent)
        {
            path.Insert(0, command.Command.Name);
        }

        throw Refusal.NotBuilt(string.Join(' ', path));
    }
}
