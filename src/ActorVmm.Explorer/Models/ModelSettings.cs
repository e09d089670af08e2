namespace ActorVmm.Explorer.Models;

/// <summary>A model's parameters and which of its variants is meant.</summary>
public sealed class ModelSettings
{
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);

    private ModelSettings(RaceModel model, bool isFixed)
    {
        Model = model;
        IsFixed = isFixed;
        foreach (ModelParameter parameter in model.Parameters)
        {
            _values[parameter.Name] = parameter.Usual;
        }
    }

    public RaceModel Model { get; }

    /// <summary>The repaired variant.</summary>
    public bool IsFixed { get; }

    public int this[string parameter] => _values[parameter];

    /// <summary>Whether a switch is on.</summary>
    public bool Is(string parameter) => _values[parameter] != 0;

    /// <summary>Reads assignments <c>name=value</c>.</summary>
    /// <exception cref="FormatException">One of them is none, or names no parameter, or a value that makes no sense.</exception>
    public static ModelSettings Parse(RaceModel model, bool isFixed, IEnumerable<string> assignments)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(assignments);
        ModelSettings settings = new(model, isFixed);
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException($"expected name=value, not \"{assignment}\"");
            }

            string name = assignment[..equals];
            ModelParameter parameter = model.Parameters.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.Ordinal))
                ?? throw new FormatException($"race {model.Name} has no parameter {name}; it has {string.Join(", ", model.Parameters.Select(known => known.Name))}");
            settings._values[name] = parameter.Read(assignment[(equals + 1)..]);
        }

        return settings;
    }

    /// <summary>The flags that give these settings, for commands to paste.</summary>
    public string Flags() =>
        string.Concat(Model.Parameters
            .Where(parameter => this[parameter.Name] != parameter.Usual)
            .Select(parameter => FormattableString.Invariant($" --param {parameter.Name}={(parameter.IsSwitch ? "true" : this[parameter.Name])}")))
        + (IsFixed ? " --fixed" : "");
}
