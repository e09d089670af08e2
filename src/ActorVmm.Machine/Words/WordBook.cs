using System.Runtime.CompilerServices;
using ActorVmm.Actors;

namespace ActorVmm.Machine.Words;

/// <summary>
/// Words by their number. Each is entered with its name and its fields in the order of its bytes: <c>name:unit</c>, and <c>-2</c>
/// for two spare bytes.
/// </summary>
public sealed class WordBook
{
    private readonly SortedDictionary<int, Word> _words = [];

    public IReadOnlyCollection<Word> Words => _words.Values;

    /// <summary>The word of a number; one that nobody has entered is called by its number and says nothing.</summary>
    public Word Of(int kind) => _words.TryGetValue(kind, out Word? word) ? word : new Word(kind, FormattableString.Invariant($"kind{kind}"), []);

    public WordBook Fact<T>(string name, string fields)
        where T : unmanaged, IFact => Add(T.Kind, name, fields, Unsafe.SizeOf<T>());

    public WordBook Message<T>(string name, string fields)
        where T : unmanaged, IMessage => Add(T.Kind, name, fields, Unsafe.SizeOf<T>());

    private WordBook Add(int kind, string name, string specification, int size)
    {
        var fields = new List<WordField>();
        int offset = 0;
        foreach (string part in specification.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part[0] == '-')
            {
                offset += part[1] - '0';
                continue;
            }

            int colon = part.IndexOf(':', StringComparison.Ordinal);
            var field = new WordField(part[..colon], offset, WordUnit.Named(part[(colon + 1)..]));
            fields.Add(field);
            offset += field.Unit.Width;
        }

        // A word without fields is one byte long for the runtime.
        Invariant.Holds(offset == size || (offset == 0 && size == 1), name + " is its fields, one after the other");
        _words.Add(kind, new Word(kind, name, fields));
        return this;
    }
}
