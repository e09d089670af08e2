namespace ActorVmm.Explorer.Models;

/// <summary>A parameter of a model. Switches are numbers too: 0 is false and 1 is true.</summary>
/// <param name="Name">As after <c>--param</c>.</param>
/// <param name="Usual">Its value when nothing is said.</param>
/// <param name="Least">The least value it may have.</param>
/// <param name="Most">The greatest.</param>
/// <param name="Meaning">What it counts, for people.</param>
public sealed record ModelParameter(string Name, int Usual, int Least, int Most, string Meaning)
{
    /// <summary>It is false or true.</summary>
    public bool IsSwitch { get; init; }

    public static ModelParameter Number(string name, int usual, int least, string meaning) => new(name, usual, least, 1_000, meaning);

    public static ModelParameter Switch(string name, string meaning) => new(name, 0, 0, 1, meaning) { IsSwitch = true };

    /// <summary>Reads a value.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public int Read(string text)
    {
        if (IsSwitch && text is "true" or "false")
        {
            return text is "true" ? 1 : 0;
        }

        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int value) && value >= Least && value <= Most
            ? value
            : throw new FormatException(IsSwitch
                ? $"{Name} is true or false, not \"{text}\""
                : FormattableString.Invariant($"{Name} is a whole number from {Least} to {Most}, not \"{text}\""));
    }
}
