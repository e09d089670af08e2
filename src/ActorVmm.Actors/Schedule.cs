using System.Text;

namespace ActorVmm.Actors;

/// <summary>
/// Which way a run went, as a value: at each step the index of the delivery among those that were possible, and the answers to
/// the actor's choices in that turn. It prints as a short string that is safe in a URL and a shell, and the string parses back.
/// <para>
/// <c>s1.BODY.CHECK</c>: version 1; one digit of <c>0-9a-zA-Z-_</c> per step worth 0 to 31, more for larger ones (digits from
/// 32 on carry five bits and go on, lowest first); <c>~</c> and a number stand for that many zeros; two digits of checksum.
/// </para>
/// </summary>
public sealed class Schedule : IEquatable<Schedule>
{
    /// <summary>The longest schedule that is read: a bound for texts from strangers.</summary>
    public const int MostSteps = 10_000_000;

    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    private const string Prefix = "s1.";
    private const int GoesOn = 32;
    private const int CheckDigits = 2;
    private const int ShortestRun = 4;

    private readonly int[] _steps;

    public Schedule(ReadOnlySpan<int> steps)
    {
        foreach (int step in steps)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(step, nameof(steps));
        }

        _steps = steps.ToArray();
    }

    public static Schedule Empty { get; } = new([]);

    /// <summary>Indices and answers, in the order in which they were needed.</summary>
    public ReadOnlySpan<int> Steps => _steps;

    public bool Equals(Schedule? other) => other is not null && Steps.SequenceEqual(other.Steps);

    public override bool Equals(object? obj) => Equals(obj as Schedule);

    public override int GetHashCode() => unchecked((int)Checksum(_steps));

    public override string ToString()
    {
        StringBuilder text = new(Prefix, Prefix.Length + _steps.Length + 1 + CheckDigits);
        for (int at = 0; at < _steps.Length;)
        {
            int zeros = ZerosFrom(at);
            if (zeros >= ShortestRun)
            {
                text.Append('~');
                Write(text, zeros);
                at += zeros;
            }
            else
            {
                Write(text, _steps[at++]);
            }
        }

        return text.Append('.').Append(CheckOf(_steps)).ToString();
    }

    /// <exception cref="FormatException">The text is no schedule; the message says where it goes wrong.</exception>
    public static Schedule Parse(string text) =>
        TryParse(text, out Schedule schedule, out string error) ? schedule : throw new FormatException(error);

    /// <summary>Reads what <see cref="ToString"/> prints.</summary>
    /// <param name="text">The text.</param>
    /// <param name="schedule">The schedule; empty when there is an error.</param>
    /// <param name="error">What is wrong, for people; empty when nothing is.</param>
    public static bool TryParse(string? text, out Schedule schedule, out string error)
    {
        schedule = Empty;
        error = Parse(text ?? "", out List<int> steps);
        if (error.Length > 0)
        {
            return false;
        }

        schedule = new Schedule(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(steps));
        return true;
    }

    private static string Parse(string text, out List<int> steps)
    {
        steps = [];
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return text.Length > 1 && text[0] == 's' && char.IsAsciiDigit(text[1])
                ? $"schedule '{text}' is of another version than s1, the one this program reads"
                : $"'{text}' is no schedule: one begins with {Prefix}";
        }

        int end = text.LastIndexOf('.');
        if (end < Prefix.Length)
        {
            return $"schedule '{text}' is cut off: its checksum is missing";
        }

        for (int at = Prefix.Length; at < end;)
        {
            bool run = text[at] == '~';
            int start = at;
            at += run ? 1 : 0;
            if (!TryRead(text, ref at, end, out int value))
            {
                return FormattableString.Invariant($"schedule '{text}' makes no sense at character {start + 1}");
            }

            if (run && value > MostSteps - steps.Count)
            {
                return FormattableString.Invariant($"schedule '{text}' is longer than {MostSteps} steps");
            }

            steps.AddRange(run ? Enumerable.Repeat(0, value) : [value]);
        }

        return string.Equals(text[(end + 1)..], CheckOf([.. steps]), StringComparison.Ordinal)
            ? ""
            : $"schedule '{text}' is damaged: its checksum does not fit";
    }

    private int ZerosFrom(int at)
    {
        int zeros = 0;
        while (at + zeros < _steps.Length && _steps[at + zeros] == 0)
        {
            zeros++;
        }

        return zeros;
    }

    private static void Write(StringBuilder text, int value)
    {
        for (; value >= GoesOn; value >>= 5)
        {
            text.Append(Digits[GoesOn + (value & (GoesOn - 1))]);
        }

        text.Append(Digits[value]);
    }

    private static bool TryRead(string text, ref int at, int end, out int value)
    {
        long result = 0;
        for (int shift = 0; at < end && shift <= 30; shift += 5)
        {
            int digit = Digits.IndexOf(text[at++], StringComparison.Ordinal);
            result |= (long)(digit & (GoesOn - 1)) << shift;
            if (digit < GoesOn)
            {
                value = unchecked((int)result);
                return digit >= 0 && result <= int.MaxValue;
            }
        }

        value = 0;
        return false;
    }

    private static string CheckOf(ReadOnlySpan<int> steps)
    {
        ulong sum = Checksum(steps);
        return new string([Digits[(int)(sum & 63)], Digits[(int)((sum >> 6) & 63)]]);
    }

    private static ulong Checksum(ReadOnlySpan<int> steps)
    {
        ulong sum = (ulong)(uint)steps.Length;
        foreach (int step in steps)
        {
            sum = Mix.Fold(sum, (ulong)(uint)step);
        }

        return Mix.Spread(sum);
    }
}
