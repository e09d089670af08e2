using System.Text.Json;

namespace ActorVmm.Architecture.Tests;

/// <summary>The product knows no case: what passes passes by behaviour.</summary>
public sealed class CaseIndependenceTests
{
    [Fact]
    public void NoNameOfACaseOrOfItsSourceIsInTheProduct() => Check(Repository.Files.Where(file => file.IsUnder("src"))).ShouldBeNone();

    [Fact]
    public void ANameOfACaseIsFound() => Check([new TextFile("src/A/A.cs", $"if (id is \"{Names().First()}\")")]).ShouldHaveSingleItem().ShouldStartWith("src/A/A.cs");

    private static IEnumerable<string> Check(IEnumerable<TextFile> files) =>
        from file in files
        from name in Names()
        where file.Text.Contains(name, StringComparison.Ordinal)
        select $"{file.Path}: mentions {name}, which is a case; behave by rules";

    private static IEnumerable<string> Names() =>
        File.ReadLines(Path.Combine(Repository.Root, "tests", "cases", "visible.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .SelectMany(one => new[] { one.GetProperty("id").GetString()!, one.GetProperty("source").GetString()! });
}
