using System.CommandLine;

namespace ActorVmm.Cli.CommandLine;

/// <summary>An option that can also come from the environment or from the user's file; its text is read in one place.</summary>
internal interface IFlag
{
    /// <summary>The option's name, with its dashes.</summary>
    string Name { get; }

    /// <summary>Says why a text is no value of this flag, or null when it is one.</summary>
    string? Check(string text);
}

/// <summary>An option that takes a value.</summary>
internal sealed class Flag<T> : Option<string?>, IFlag
{
    private readonly Func<string, T> _read;

    /// <param name="name">With its dashes.</param>
    /// <param name="valueName">What help calls the value.</param>
    /// <param name="description">One line.</param>
    /// <param name="read">Makes a value of a text, or throws a <see cref="FormatException"/> that says what is expected.</param>
    public Flag(string name, string valueName, string description, Func<string, T> read)
        : base(name)
    {
        Description = description;
        HelpName = valueName;
        _read = read;
        Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && Check(token.Value) is { } complaint)
            {
                result.AddError($"{name}: {complaint}");
            }
        });
    }

    public string? Check(string text)
    {
        try
        {
            _read(text);
            return null;
        }
        catch (FormatException error)
        {
            return $"{error.Message}, not \"{text}\"";
        }
    }

    public T Read(string text) => _read(text);
}

/// <summary>An option that is there or not.</summary>
internal sealed class Switch : Option<bool>, IFlag
{
    public Switch(string name, string description, params string[] aliases)
        : base(name, aliases)
    {
        Description = description;
        Arity = ArgumentArity.Zero;
    }

    public static bool? Parse(string text) => text.ToLowerInvariant() switch
    {
        "1" or "true" or "yes" or "on" => true,
        "" or "0" or "false" or "no" or "off" => false,
        _ => null,
    };

    public string? Check(string text) => Parse(text) is null ? $"expected true or false, not \"{text}\"" : null;
}
