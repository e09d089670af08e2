using System.Text.RegularExpressions;

namespace ActorVmm.Architecture.Tests;

/// <summary>What text alone shows. A rule is a pattern, where it holds, and what to do instead.</summary>
public sealed class StyleTests
{
    private static readonly string[] _text = [".cs", ".csproj", ".props", ".targets", ".globalconfig", ".txt", ".md", ".json", ".yaml", ".yml", ".hocon", ".editorconfig", "run"];

    private static readonly Rule[] _rules =
    [
        new(@"\b(?:TODO|HACK|FIXME|XXX)\b", IsSource, "finish it, or write an issue: a remark in the source has no owner"),
        new(@"\bNotImplementedException\b", IsSource, "finish it, or refuse with a sentence: unfinished work is not in the tree"),
        new(@"\bSkip\s*=", IsTest, "a skipped test is a promise nobody keeps: mend it or remove it"),
        new(@"\bThread\s*\.\s*Sleep\b", IsCode, "wait for the event itself: a sleep makes tests pass by luck"),
        new(@"\bTask\s*\.\s*Delay\b", IsCode, "wait for the event itself: a delay makes tests pass by luck"),
        new(@"^\s*#\s*(?:end)?region\b", IsCode, "a file that needs folding needs dividing"),
        new(@"^namespace [^;]+$", IsCode, "namespace X; saves everyone an indentation"),
        new(@"\t", IsText, "indent with spaces"),
        new(@"\r", IsText, "lines end with LF"),
        new(@"[ ]+$", IsCode, "no blanks at the end of a line"),
    ];

    [Fact]
    public void TheTreeIsTidy() => Repository.Files.SelectMany(Check).ShouldBeNone();

    [Theory]
    [InlineData("src/A/A.cs", "// TO" + "DO: later\n")]
    [InlineData("src/A/A.cs", "throw new NotImplemented" + "Exception();\n")]
    [InlineData("tests/A/A.cs", "[Fact(Ski" + "p = \"flaky\")]\n")]
    [InlineData("tests/A/A.cs", "Thread" + ".Sleep(1);\n")]
    [InlineData("src/A/A.cs", "await Task" + ".Delay(1);\n")]
    [InlineData("src/A/A.cs", "    #" + "region Fields\n")]
    [InlineData("src/A/A.cs", "namespace A\n{\n}\n")]
    [InlineData("src/A/A.csproj", "\t<a />\n")]
    [InlineData("README.md", "line\r\n")]
    [InlineData("src/A/A.cs", "int a; \n")]
    [InlineData("src/A/A.cs", "int a;")]
    [InlineData("src/A/A.cs", "int a;\n\n")]
    public void AnUntidyFileIsFound(string path, string text) => Check(new TextFile(path, text)).ShouldHaveSingleItem().ShouldStartWith(path);

    [Theory]
    [InlineData("src/A/A.cs", "namespace A;\n\nint todo; // Ski" + "p = is a word here, and hackney coaches\n")]
    [InlineData("tests/A/A.cs", "// TO" + "DO is allowed where it is talked about\n")]
    [InlineData("tests/A/picture.png", "\t\r")]
    [InlineData("src/A/A.cs", "")]
    public void ATidyFileIsNot(string path, string text) => Check(new TextFile(path, text)).ShouldBeEmpty();

    private static IEnumerable<string> Check(TextFile file)
    {
        foreach (var rule in _rules.Where(rule => rule.Holds(file)))
        {
            var match = rule.Pattern.Match(file.Text);
            if (match.Success)
            {
                var line = file.Text.AsSpan(0, match.Index).Count('\n') + 1;
                yield return $"{file.Path}:{line}: {rule.Instead}";
            }
        }

        if (IsText(file) && file.Text.Length > 0 && !file.Text.EndsWith('\n'))
        {
            yield return $"{file.Path}: end the last line with a newline, or the next diff shows two lines changed";
        }

        if (IsText(file) && file.Text.EndsWith("\n\n", StringComparison.Ordinal))
        {
            yield return $"{file.Path}: one newline at the end is enough";
        }
    }

    private static bool IsCode(TextFile file) => file.Ends(".cs");

    private static bool IsSource(TextFile file) => IsCode(file) && file.IsUnder("src");

    private static bool IsTest(TextFile file) => IsCode(file) && file.IsUnder("tests");

    private static bool IsText(TextFile file) => _text.Any(file.Ends);

    private sealed class Rule(string pattern, Func<TextFile, bool> holds, string instead)
    {
        public Regex Pattern { get; } = new(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant);

        public Func<TextFile, bool> Holds { get; } = holds;

        public string Instead { get; } = instead;
    }
}
