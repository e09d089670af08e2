using System.Globalization;
using System.Text;
using ActorVmm.Kernel;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.Operators;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Kernel.WorkingSets;
using ActorVmm.Kernel.Writers;
using ActorVmm.Kernel.ZeroPages;

namespace ActorVmm.Akka;

/// <summary>
/// The last part of an actor's path, so that a reader can guess it: <c>modified-page-writer</c>, <c>process-17</c> for the
/// process with serial number 17, <c>paging-file-0</c> for the first paging file.
/// </summary>
internal sealed class PathNames
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Type, int> _made = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>The name of an actor that has been born.</summary>
    public string NameOf(IActor actor)
    {
        lock (_gate)
        {
            return Name(actor);
        }
    }

    private string Name(IActor actor)
    {
        string name = actor switch
        {
            Process process => Numbered(typeof(Process), process.Serial),
            PfnDatabase or WorkingSetManager or ModifiedPageWriter or ZeroPageThread or SystemSpace or Operator => Words(actor.GetType()),
            _ => Next(actor.GetType()),
        };
        return _taken.Add(name) ? name : Unused(name);
    }

    /// <summary><c>ModifiedPageWriter</c> is <c>modified-page-writer</c>.</summary>
    private static string Words(Type type)
    {
        StringBuilder words = new();
        foreach (char letter in type.Name)
        {
            if (char.IsAsciiLetterUpper(letter) && words.Length > 0)
            {
                words.Append('-');
            }

            words.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-');
        }

        return words.ToString();
    }

    private static string Numbered(Type type, int number) => Words(type) + "-" + number.ToString(CultureInfo.InvariantCulture);

    private string Next(Type type)
    {
        int number = _made.GetValueOrDefault(type);
        _made[type] = number + 1;
        return Numbered(type, number);
    }

    private string Unused(string name)
    {
        int again = 2;
        string other;
        do
        {
            other = name + "-again-" + again++.ToString(CultureInfo.InvariantCulture);
        }
        while (!_taken.Add(other));
        return other;
    }
}
