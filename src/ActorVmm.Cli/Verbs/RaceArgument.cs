using ActorVmm.Cli.CommandLine;
using ActorVmm.Explorer.Catalogue;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Cli.Verbs;

/// <summary>Reads <c>race:NAME</c> with its parameters.</summary>
internal static class RaceArgument
{
    private const string Prefix = "race:";

    public static bool IsRace(string argument) => argument.StartsWith(Prefix, StringComparison.Ordinal);

    /// <exception cref="Refusal">There is no such race, or it has no such parameter.</exception>
    public static ModelSubject Read(string argument, IReadOnlyList<string> parameters, bool isFixed)
    {
        RaceModel model = Find(argument[Prefix.Length..]).Model;
        try
        {
            return new ModelSubject(ModelSettings.Parse(model, isFixed, parameters));
        }
        catch (FormatException error)
        {
            throw Refusal.WrongUsage("--param: " + error.Message);
        }
    }

    /// <summary>The kernel without the rule that excludes this race.</summary>
    /// <exception cref="Refusal">That is no race, or the kernel has no rule for it.</exception>
    public static KernelVariant KernelOf(string argument)
    {
        if (!IsRace(argument))
        {
            throw Refusal.WrongUsage("--kernel is for races: explore race:NAME --kernel; a scenario takes --without RULE");
        }

        CatalogueEntry entry = Find(argument[Prefix.Length..]);
        return entry.Kernel ?? throw Refusal.WrongUsage(
            $"--kernel: the kernel does not contain what {entry.Name} is about; it has rules for {Spelling.List(RaceCatalogue.All.Where(race => race.Kernel is not null).Select(race => race.Name))}");
    }

    /// <summary>Reads what <see cref="ModelSubject.Command"/> says.</summary>
    /// <exception cref="Refusal">There is no such race, or it has no such parameter.</exception>
    public static ModelSubject OfCommand(string command)
    {
        string[] words = command.Split(' ');
        string[] parameters = [.. words.Index().Where(word => word.Index > 0 && words[word.Index - 1] is "--param").Select(word => word.Item)];
        return Read(words[0], parameters, words.Contains("--fixed", StringComparer.Ordinal));
    }

    /// <summary>The race of that name.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public static CatalogueEntry Find(string name) =>
        RaceCatalogue.Find(name) ?? throw Refusal.WrongUsage($"there is no race {name}; there are {Spelling.List(RaceCatalogue.All.Select(entry => entry.Name))}");
}
