using System.Text;
using System.Text.Json;

namespace ActorVmm.Machine.Views;

/// <summary>
/// What a view shows, once: as text in the debugger's layout, and as fields of a JSON object. Whatever people see, programs get.
/// </summary>
public sealed class Sheet
{
    private const int Indent = 4;
    private readonly List<IPart> _parts = [];

    private interface IPart
    {
        void Write(StringBuilder text);

        void Write(Utf8JsonWriter json);
    }

    /// <summary>A line for people only.</summary>
    public Sheet Line(string text)
    {
        _parts.Add(new Remark(text));
        return this;
    }

    /// <summary>A value with its label; neighbours are aligned.</summary>
    public Sheet Field(string key, string label, Cell value)
    {
        if (_parts.Count == 0 || _parts[^1] is not Fields fields)
        {
            _parts.Add(fields = new Fields());
        }

        fields.Add(key, label, value);
        return this;
    }

    /// <summary>A table; <paramref name="columns"/> are key and header, and numbers stand on the right.</summary>
    public Sheet Table(string key, IReadOnlyList<(string Key, string Header)> columns, IEnumerable<Cell[]> rows)
    {
        _parts.Add(new Rows(key, columns, [.. rows]));
        return this;
    }

    public string Text()
    {
        var text = new StringBuilder();
        foreach (IPart part in _parts)
        {
            part.Write(text);
        }

        return text.ToString();
    }

    /// <summary>All values as properties of the object being written.</summary>
    public void WriteFields(Utf8JsonWriter json)
    {
        foreach (IPart part in _parts)
        {
            part.Write(json);
        }
    }

    private sealed record Remark(string Text) : IPart
    {
        public void Write(StringBuilder text) => text.Append(Text).Append('\n');

        public void Write(Utf8JsonWriter json)
        {
        }
    }

    private sealed class Fields : IPart
    {
        private readonly List<(string Key, string Label, Cell Value)> _fields = [];

        public void Add(string key, string label, Cell value) => _fields.Add((key, label, value));

        public void Write(StringBuilder text)
        {
            int width = _fields.Max(field => field.Label.Length);
            foreach ((_, string label, Cell value) in _fields)
            {
                text.Append(' ', Indent).Append(label).Append(':').Append(' ', width - label.Length + 1).Append(value.Text).Append('\n');
            }
        }

        public void Write(Utf8JsonWriter json)
        {
            foreach ((string key, _, Cell value) in _fields)
            {
                json.WritePropertyName(key);
                value.Write(json);
            }
        }
    }

    private sealed record Rows(string Key, IReadOnlyList<(string Key, string Header)> Columns, IReadOnlyList<Cell[]> Cells) : IPart
    {
        public void Write(StringBuilder text)
        {
            int[] widths = [.. Columns.Select((column, at) => Cells.Select(row => row[at].Text.Length).Append(column.Header.Length).Max())];
            bool[] right = [.. Columns.Select((_, at) => Cells.Any(row => row[at].IsNumber))];
            WriteRow(text, [.. Columns.Select(column => column.Header)], widths, right);
            foreach (Cell[] row in Cells)
            {
                WriteRow(text, [.. row.Select(cell => cell.Text)], widths, right);
            }
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartArray(Key);
            foreach (Cell[] row in Cells)
            {
                json.WriteStartObject();
                for (int at = 0; at < row.Length; at++)
                {
                    json.WritePropertyName(Columns[at].Key);
                    row[at].Write(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private static void WriteRow(StringBuilder text, string[] cells, int[] widths, bool[] right)
        {
            var line = new StringBuilder(" ");
            for (int at = 0; at < cells.Length; at++)
            {
                line.Append("  ", 0, at == 0 ? 0 : 2).Append(right[at] ? cells[at].PadLeft(widths[at]) : cells[at].PadRight(widths[at]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }
}
