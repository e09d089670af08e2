namespace ActorVmm.Workloads.Conformance.Calls;

/// <summary>What an …Ex call is given beside its arguments.</summary>
/// <param name="Array">Null for a NULL array.</param>
/// <param name="Count">The count that is passed.</param>
public sealed record ExtendedParameters(IReadOnlyList<ExtendedParameter>? Array, ulong Count);

/// <summary>One element of the array.</summary>
public abstract record ExtendedParameter;

/// <summary>Where the result must lie; 0 makes no demand.</summary>
/// <param name="Lowest">Lowest starting address.</param>
/// <param name="Highest">Highest ending address, inclusive.</param>
/// <param name="Alignment">Of the start.</param>
public sealed record AddressRequirements(ulong Lowest, ulong Highest, ulong Alignment) : ExtendedParameter;

/// <summary>Attribute bits.</summary>
public sealed record AttributeFlags(ulong Bits) : ExtendedParameter;

/// <summary>A type code that means nothing: 0, or the first one past the defined ones.</summary>
public sealed record UnknownParameter(bool PastTheLast) : ExtendedParameter;
