namespace ActorVmm.Workloads.Conformance;

/// <summary>What symbols stand for in one run of a case: what steps have bound, what the format fixes, and what only the machine knows.</summary>
public sealed class Symbols(Architecture architecture, IConformanceSession session)
{
    private readonly Dictionary<string, ulong> _bound = new(StringComparer.Ordinal);

    /// <summary>The file that the step at hand names: what <c>$file_size</c> is about.</summary>
    public ulong? File { get; set; }

    /// <summary>Binds a symbol; a later binding replaces an earlier one.</summary>
    public void Bind(string symbol, ulong value) => _bound[symbol] = value;

    public bool IsBound(string symbol) => _bound.ContainsKey(symbol);

    /// <summary>What an expression comes to now; 0 for null.</summary>
    /// <exception cref="SymbolException">A symbol in it stands for nothing.</exception>
    public ulong Evaluate(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        if (expression.IsPlain)
        {
            return expression.Offset;
        }

        ulong value = expression.Member.Length == 0 ? ValueOf(expression.Symbol) : MemberOf(expression);
        return unchecked(value + expression.Offset);
    }

    private ulong ValueOf(string symbol)
    {
        if (_bound.TryGetValue(symbol, out ulong bound))
        {
            return bound;
        }

        bool wide = architecture == Architecture.X64;
        ulong? value = symbol switch
        {
            "$min_user" => 0x1_0000UL,
            "$max_user" => wide ? 0x7FFF_FFFE_FFFFUL : 0x7FFE_FFFF,
            "$max_user_page" => wide ? 0x7FFF_FFFE_F000UL : 0x7FFE_F000,
            "$sys" => wide ? 0xFFFF_8000_0000_0000 : 0x8000_0000,
            "$max_pointer" => wide ? ulong.MaxValue : uint.MaxValue,
            "$file_size" => File is { } file ? session.LengthOf(file) : null,
            _ => session.ValueOf(symbol),
        };
        return value ?? throw new SymbolException(symbol, IsBuiltIn(symbol));
    }

    private ulong MemberOf(Expression expression) =>
        session.MemberOf(ValueOf(expression.Symbol), expression.Member) ?? throw new SymbolException($"{expression.Symbol}.{expression.Member}", machineLacksIt: true);

    private static bool IsBuiltIn(string symbol) => symbol is "$self" or "$image_stack_commit" or "$image_stack_reserve" or "$occupied" or "$free" or "$file_size";
}

/// <summary>A symbol stands for nothing.</summary>
/// <param name="symbol">Which.</param>
/// <param name="machineLacksIt">It is one that the machine should know; otherwise no step has bound it.</param>
public sealed class SymbolException(string symbol, bool machineLacksIt)
    : Exception(machineLacksIt ? $"{symbol}, which the machine does not know" : $"{symbol} is bound to nothing")
{
    public bool MachineLacksIt { get; } = machineLacksIt;
}
