using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// Builds a node tree from the parser's events and nothing else: YamlDotNet's own loaders recurse without a limit and end the
/// process on a few hundred unclosed brackets. Limits: 1 MiB, depth 64, 100,000 nodes, one document; no anchors, aliases, tags.
/// </summary>
internal sealed class ScenarioNodeReader
{
    public const int MostBytes = 1 << 20;
    public const int MostDepth = 64;
    public const int MostNodes = 100_000;

    private readonly string _file;
    private readonly Parser _parser;
    private int _nodes;
    private Place _last;

    private ScenarioNodeReader(string text, string file)
    {
        _file = file;
        _last = new Place(file, 1, 1);
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>The tree of a whole file.</summary>
    public static ScenarioNode Read(string text, string file)
    {
        var reader = new ScenarioNodeReader(text, file);
        try
        {
            return reader.Document();
        }
        catch (YamlException error)
        {
            throw new InputException(reader.PlaceOf(error.Start), "not YAML: " + Sentence(error.Message), cause: error);
        }
    }

    private static string Sentence(string message)
    {
        // "(Line: 1, Col: 2, Idx: 1) - (…): While parsing …, did not find expected key." — the place is said already.
        int start = message.LastIndexOf("): ", StringComparison.Ordinal);
        string sentence = (start < 0 ? message : message[(start + 3)..]).TrimEnd('.');
        return sentence.Length == 0 ? "the parser gives up" : char.ToLowerInvariant(sentence[0]) + sentence[1..];
    }

    private ScenarioNode Document()
    {
        Next<StreamStart>();
        if (Next() is not DocumentStart)
        {
            throw new InputException(new Place(_file, 1, 1), "the file is empty");
        }

        ScenarioNode node = Node(Next(), 1);
        Next<DocumentEnd>();
        return Next() is StreamEnd
            ? node
            : throw new InputException(PlaceOf(_parser.Current!.Start), "a second document in one file");
    }

    private ScenarioNode Node(ParsingEvent start, int depth)
    {
        Place place = PlaceOf(start.Start);
        if (++_nodes > MostNodes)
        {
            throw new InputException(place, string.Create(CultureInfo.InvariantCulture, $"more than {MostNodes} nodes"));
        }

        if (depth > MostDepth)
        {
            throw new InputException(place, string.Create(CultureInfo.InvariantCulture, $"nested deeper than {MostDepth} levels"));
        }

        if (start is AnchorAlias)
        {
            throw new InputException(place, "aliases are not taken");
        }

        if (start is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new InputException(place, "anchors are not taken");
        }

        if (start is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw new InputException(place, "tags are not taken");
        }

        return start switch
        {
            Scalar scalar => new ScalarNode(place, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)),
            SequenceStart => Sequence(place, depth),
            MappingStart => Mapping(place, depth),
            _ => throw new InputException(place, "not YAML as scenarios use it"),
        };
    }

    private SequenceNode Sequence(Place place, int depth)
    {
        var items = new List<ScenarioNode>();
        while (Next() is var next and not SequenceEnd)
        {
            ScenarioNode item = Node(next, depth + 1);
            if (items is [.., ScalarNode before] && item is ScalarNode rest && Continues(before, rest))
            {
                items[^1] = Join(before, rest);
                continue;
            }

            items.Add(item);
        }

        return new SequenceNode(place, items);
    }

    private MappingNode Mapping(Place place, int depth)
    {
        var entries = new List<MappingEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (Next() is var next and not MappingEnd)
        {
            ScenarioNode key = Node(next, depth + 1);
            if (key is not ScalarNode name)
            {
                throw key.Error("a key is one word, not " + key.Kind);
            }

            ScenarioNode value = Node(Next(), depth + 1);
            if (value is ScalarNode { Text: "", Quoted: false } && entries is [.., { Value: ScalarNode before } entry] && Continues(before, name))
            {
                entries[^1] = entry with { Value = Join(before, name) };
                continue;
            }

            if (!keys.Add(name.Text))
            {
                throw key.Error($"{key.Kind} stands here twice");
            }

            entries.Add(new MappingEntry(name, value));
        }

        return new MappingNode(place, entries);
    }

    // Between { } and [ ] YAML ends a word at a comma, and `{ latency: normal(4ms, 1ms) }` is two entries, the second a key
    // without a value. An open bracket tells that they belong together, so that distributions need no quotes.
    private static bool Continues(ScalarNode before, ScalarNode rest) =>
        !before.Quoted && !rest.Quoted && before.Text.AsSpan().Count('(') > before.Text.AsSpan().Count(')');

    private static ScalarNode Join(ScalarNode before, ScalarNode rest) => before with { Text = before.Text + ", " + rest.Text };

    private ParsingEvent Next()
    {
        try
        {
            return _parser.MoveNext()
                ? _parser.Current!
                : throw new InputException(_last, "the file ends too early");
        }
        catch (Exception error) when (error is not (YamlException or InputException))
        {
            // On some rubbish YamlDotNet's scanner throws whatever its own state leads to, such as InvalidOperationException.
            throw new InputException(_last, "not YAML: the parser gives up after this place", cause: error);
        }
        finally
        {
            _last = _parser.Current is { } current ? PlaceOf(current.Start) : _last;
        }
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (Next() is not T)
        {
            throw new InputException(PlaceOf(_parser.Current!.Start), "not YAML as scenarios use it");
        }
    }

    private Place PlaceOf(Mark mark) => new(_file, mark.Line, mark.Column);
}
