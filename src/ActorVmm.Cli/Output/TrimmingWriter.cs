using System.Text;

namespace ActorVmm.Cli.Output;

/// <summary>Spectre.Console pads every line of a table; in a file nobody wants those blanks, nor two empty lines in a row.</summary>
internal sealed class TrimmingWriter(TextWriter inner) : TextWriter(System.Globalization.CultureInfo.InvariantCulture)
{
    private readonly StringBuilder _line = new();
    private bool _afterEmpty = true;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value != '\n')
        {
            _line.Append(value);
            return;
        }

        string line = _line.ToString().TrimEnd();
        _line.Clear();
        if (line.Length > 0 || !_afterEmpty)
        {
            inner.Write(line);
            inner.Write('\n');
        }

        _afterEmpty = line.Length == 0;
    }

    public override void Flush()
    {
        // What comes before the end of a line waits for it.
        inner.Flush();
    }
}
