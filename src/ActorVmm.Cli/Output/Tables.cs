using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorVmm.Cli.Output;

/// <summary>The one look of all tables.</summary>
internal static class Tables
{
    /// <summary>A table with a title line above it; columns whose header starts with &gt; hold numbers and stand on the right.</summary>
    public static Table New(params string[] headers)
    {
        var table = new Table { Border = TableBorder.Simple, ShowHeaders = true, UseSafeBorder = true };
        foreach (string header in headers)
        {
            bool number = header.StartsWith('>');
            var column = new TableColumn(new Text(number ? header[1..] : header, new Style(decoration: Decoration.Bold))) { NoWrap = number };
            table.AddColumn(number ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>Adds a row of plain text: nothing in it is markup.</summary>
    public static Table Row(this Table table, params string[] cells)
    {
        table.AddRow(cells.Select(cell => (IRenderable)new Text(cell)));
        return table;
    }

    public static void Print(this IAnsiConsole console, Table table) => console.Write(table);

    public static void Line(this IAnsiConsole console, string text, Color? colour = null) =>
        console.Write(new Text(text + "\n", colour is { } set ? new Style(set) : Style.Plain));
}
