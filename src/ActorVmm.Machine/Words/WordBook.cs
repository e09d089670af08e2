using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ActorVmm.Actors;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Machine.Words;

/// <summary>
/// Words by their number. Each is entered with its name and its fields in the order of its bytes: <c>name:unit</c>, and <c>-2</c>
/// for two spare bytes.
/// </summary>
public sealed class WordBook
{
    private readonly SortedDictionary<int, Word> _words = [];
    private readonly ConcurrentDictionary<int, Word> _learned = [];

    public IReadOnlyCollection<Word> Words => _words.Values;

    /// <summary>The word of a number; one that nobody has entered is called by its number and says nothing.</summary>
    public Word Of(int kind) => _words.TryGetValue(kind, out Word? word) || _learned.TryGetValue(kind, out word) ? word : new Word(kind, FormattableString.Invariant($"kind{kind}"), []);

    public WordBook Fact<T>(string name, string fields)
        where T : unmanaged, IFact => Add(T.Kind, name, fields, Unsafe.SizeOf<T>());

    public WordBook Message<T>(string name, string fields)
        where T : unmanaged, IMessage => Add(T.Kind, name, fields, Unsafe.SizeOf<T>());

    /// <summary>
    /// Takes in words that are not the memory manager's, such as those of a race, as a journal says how they are written; numbers
    /// that are known stay what they are.
    /// </summary>
    /// <param name="kind">The word's number.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="fields">Its fields in the order of its bytes.</param>
    public void Learn(int kind, string name, IReadOnlyList<MessageField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var known = new List<WordField>();
        int offset = 0;
        foreach (MessageField field in fields)
        {
            known.Add(new WordField(field.Name, offset, WordUnit.NumberOf(field.Width, field.Signed)));
            offset += field.Width;
        }

        _learned.TryAdd(kind, new Word(kind, name, known));
    }

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
