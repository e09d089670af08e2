using ActorVmm.Explorer.Catalogue;

namespace ActorVmm.Explorer.Tests.Catalogue;

/// <summary>Thirty races, each told so that a student can follow.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void ThereAreThirtyInOrder() => RaceCatalogue.All.Select(entry => entry.Number).ShouldBe(Enumerable.Range(1, 30));

    [Fact]
    public void EachHasANameOfItsOwn()
    {
        string[] names = [.. RaceCatalogue.All.Select(entry => entry.Name)];

        names.Distinct().Count().ShouldBe(names.Length);
        names.ShouldAllBe(name => name.All(letter => char.IsAsciiLetterLower(letter) || letter == '-'));
    }

    [Fact]
    public void TheCountedModelsAreAmongThem() =>
        CountedModels.All.Select(model => model.Name).Except(RaceCatalogue.All.Select(entry => entry.Name)).ShouldBeEmpty();

    [Fact]
    public void NobodyElseIs() => RaceCatalogue.Find("no-such-race").ShouldBeNull();

    [Theory]
    [MemberData(nameof(Entries.Names), MemberType = typeof(Entries))]
    public void EachIsTold(string name)
    {
        CatalogueEntry entry = Entries.Find(name);

        LessonText.Wrap(entry.Model.Story, 80).Count.ShouldBeInRange(5, 12);
        entry.InWindows.ShouldContain("fact book §");
        foreach (string text in new[] { entry.Source, entry.Actors, entry.Model.Title, entry.Model.Repair, entry.Model.Promise, entry.Model.WordsOf(0) })
        {
            text.ShouldNotBeNullOrWhiteSpace();
        }
    }

    [Theory]
    [MemberData(nameof(Entries.Names), MemberType = typeof(Entries))]
    public void ActorsAreNamedAsInTheTranscript(string name)
    {
        CatalogueEntry entry = Entries.Find(name);
        string[] told = entry.Actors.Split(' ', ',', ';', '.', ':');

        SubjectMachine machine = entry.Subject(isFixed: false).Build(new SteppedOptions());
        for (int id = 1; id < machine.Host.Actors.Count; id++)
        {
            string actor = machine.NameOf(new ActorId(id));
            told.Any(word => Names(word, actor)).ShouldBeTrue(actor);
        }
    }

    /// <summary>T_i stands for T_1, T_2 and so on.</summary>
    private static bool Names(string word, string actor) =>
        word == actor || ((word.EndsWith("_i", StringComparison.Ordinal) || word.EndsWith("_j", StringComparison.Ordinal)) && actor.StartsWith(word[..^1], StringComparison.Ordinal));
}
