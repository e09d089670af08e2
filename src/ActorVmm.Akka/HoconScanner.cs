using ActorVmm.Workloads;

namespace ActorVmm.Akka;

/// <summary>A key of a HOCON file with everything that it lies in, and where it stands.</summary>
internal readonly record struct HoconKey(string Path, Place Place);

/// <summary>
/// Finds the keys of a HOCON file and their lines, which Akka's own parser does not tell, and refuses what does not close or has
/// no value. What the values mean is that parser's affair.
/// </summary>
internal sealed class HoconScanner
{
    private readonly string _file;
    private readonly string _text;
    private readonly List<HoconKey> _keys = [];
    private readonly Stack<(string Prefix, Place Opened)> _objects = new();
    private int _at;
    private int _line = 1;

    private HoconScanner(string file, string text) => (_file, _text) = (file, text);

    private Place Here => new(_file, _line);

    private string Prefix => _objects.Count == 0 ? "" : _objects.Peek().Prefix;

    /// <summary>All keys, in their order.</summary>
    /// <exception cref="InputException">It is no HOCON; names the line.</exception>
    public static IReadOnlyList<HoconKey> KeysOf(string file, string text)
    {
        var scanner = new HoconScanner(file, text);
        scanner.ReadMembers();
        return scanner._keys;
    }

    private void ReadMembers()
    {
        while (SkipTo(static letter => !char.IsWhiteSpace(letter) && letter != ','))
        {
            if (_text[_at] == '}')
            {
                if (!_objects.TryPop(out _))
                {
                    throw new InputException(Here, "this brace closes nothing");
                }

                Step();
            }
            else if (_text[_at] == '{' && _objects.Count == 0 && _keys.Count == 0)
            {
                Open("");
            }
            else
            {
                ReadMember();
            }
        }

        if (_objects.TryPeek(out (string Prefix, Place Opened) open))
        {
            throw new InputException(open.Opened, "this brace is never closed");
        }
    }

    private void ReadMember()
    {
        Place place = Here;
        string path = Prefix + ReadKey();
        _keys.Add(new HoconKey(path, place));
        while (_at < _text.Length && _text[_at] is '+' or ':' or '=')
        {
            Step();
        }

        if (!SkipTo(static letter => letter is not (' ' or '\t')) || _text[_at] is '\n' or '}' or ',')
        {
            throw new InputException(place, $"`{path}` has no value");
        }

        ReadValue(path);
    }

    /// <summary>Reads up to the sign that ends a key, which it leaves.</summary>
    private string ReadKey()
    {
        Place place = Here;
        int start = _at;
        while (_at < _text.Length && _text[_at] is not ('{' or '=' or ':' or '+'))
        {
            if (_text[_at] is '\n' or '}' or '#' or '[' or ']' or ',')
            {
                break;
            }

            if (_text[_at] == '"')
            {
                SkipString();
            }
            else
            {
                Step();
            }
        }

        string key = _text[start.._at].Trim().Replace("\"", "", StringComparison.Ordinal);
        return _at < _text.Length && _text[_at] is '{' or '=' or ':' or '+' && key.Length > 0
            ? key
            : throw new InputException(place, "here should be a key with its value, such as throughput = 8", InputException.Clip(key));
    }

    /// <summary>Reads to the end of a value, or into an object.</summary>
    private void ReadValue(string path)
    {
        while (_at < _text.Length && _text[_at] is not ('\n' or ',' or '}') && !IsComment())
        {
            switch (_text[_at])
            {
                case '{':
                    Open(path + ".");
                    return;
                case '[':
                    SkipNested('[', ']');
                    break;
                case '$' when _at + 1 < _text.Length && _text[_at + 1] == '{':
                    Step();
                    SkipNested('{', '}');
                    break;
                case '"':
                    SkipString();
                    break;
                default:
                    Step();
                    break;
            }
        }
    }

    private void Open(string prefix)
    {
        _objects.Push((prefix, Here));
        Step();
    }

    private void SkipNested(char open, char close)
    {
        Place opened = Here;
        int depth = 0;
        do
        {
            if (_at == _text.Length)
            {
                throw new InputException(opened, $"this {open} is never closed");
            }

            char letter = _text[_at];
            depth += letter == open ? 1 : letter == close ? -1 : 0;
            if (letter == '"')
            {
                SkipString();
            }
            else if (IsComment())
            {
                SkipLine();
            }
            else
            {
                Step();
            }
        }
        while (depth > 0);
    }

    private void SkipString()
    {
        Place opened = Here;
        string quote = _text.AsSpan(_at).StartsWith("\"\"\"", StringComparison.Ordinal) ? "\"\"\"" : "\"";
        int end = _at + quote.Length;
        while (end < _text.Length && !_text.AsSpan(end).StartsWith(quote, StringComparison.Ordinal) && (quote.Length == 3 || _text[end] != '\n'))
        {
            end += quote.Length == 1 && _text[end] == '\\' ? 2 : 1;
        }

        if (end >= _text.Length || _text[end] != '"')
        {
            throw new InputException(opened, "this string is never closed");
        }

        for (end += quote.Length; _at < end;)
        {
            Step();
        }
    }

    /// <summary>Goes on to such a letter outside comments; false at the end.</summary>
    private bool SkipTo(Func<char, bool> isWanted)
    {
        while (_at < _text.Length)
        {
            if (IsComment())
            {
                SkipLine();
            }
            else if (isWanted(_text[_at]))
            {
                return true;
            }
            else
            {
                Step();
            }
        }

        return false;
    }

    private bool IsComment() => _text[_at] == '#' || _text.AsSpan(_at).StartsWith("//", StringComparison.Ordinal);

    private void SkipLine()
    {
        while (_at < _text.Length && _text[_at] != '\n')
        {
            Step();
        }
    }

    private void Step() => _line += _text[_at++] == '\n' ? 1 : 0;
}
