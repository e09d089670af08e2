using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace ActorVmm.Architecture.Tests;

/// <summary>
/// Same state, same inputs: same turn. What could break that is absent from the compiled code, whatever pragmas the source has.
/// The analyzers say the same earlier, at the line (config/build/BannedSymbols.*.txt).
/// </summary>
public sealed class PurityTests
{
    /// <summary>Namespaces, ending in a dot, and types that a turn must not reach, each with the way that is open instead.</summary>
    private static readonly (string Name, string Instead)[] _banned =
    [
        ("System.Threading.", "an actor owns its state alone; only a host has threads, and only timers wait"),
        ("System.Runtime.CompilerServices.AsyncStateMachineAttribute", "a turn runs to its end; what comes later is a message"),
        ("System.Runtime.CompilerServices.IAsyncStateMachine", "a turn runs to its end; what comes later is a message"),
        ("System.ThreadStaticAttribute", "state belongs to an actor"),
        ("System.IO.", "files are opened outside turns, by Workloads, Journal and Cli"),
        ("System.Net.", "nothing in a turn talks to a network"),
        ("System.Security.Cryptography.", "draws come from the outbox; fingerprints are our own"),
        ("System.Collections.Concurrent.", "an actor owns its state alone"),
        ("System.Console", "printing belongs to the Cli"),
        ("System.Environment", "the machine underneath is no input of a turn"),
        ("System.GC", "the memory of the host is no input of a turn"),
        ("System.Diagnostics.Process", "the machine underneath is no input of a turn"),
        ("System.Diagnostics.Stopwatch", "time is an input of the turn"),
        ("System.DateTime", "time is an input of the turn"),
        ("System.DateTimeOffset", "time is an input of the turn"),
        ("System.TimeProvider", "time is an input of the turn"),
        ("System.TimeZoneInfo", "time is an input of the turn"),
        ("System.Random", "draw from the outbox"),
        ("System.HashCode", "it differs per process; use the explicit encoder"),
        ("System.MathF", "its last bit differs between systems; use an integer table"),
    ];

    private static readonly HashSet<string> _bannedMembers =
    [
        "System.String.GetHashCode", "System.Object.GetHashCode", "System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        .. from type in new[] { "System.Math", "System.Double", "System.Single" }
           from function in new[]
           {
               "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atan2", "Atanh", "Cbrt", "Cos", "Cosh", "Exp", "Exp2", "Exp10", "ExpM1", "Hypot",
               "Log", "Log2", "Log10", "LogP1", "Pow", "Sin", "SinCos", "Sinh", "Tan", "Tanh",
           }
           select type + "." + function,
    ];

    public static TheoryData<string> PureRooms => [.. Rooms.Pure];

    [Theory]
    [MemberData(nameof(PureRooms))]
    public void ATurnReachesNothingButItsInputs(string room) =>
        Uses(Rooms.PathOf(Rooms.Projects.Single(project => project.Name == room)))
            .Select(use => Check(room, use)).OfType<string>().Distinct().ShouldBeNone();

    [Theory]
    [MemberData(nameof(PureRooms))]
    public void StateBelongsToActorsAndNotToStatics(string room) =>
        CheckStatics(Assembly.Load(room).GetTypes()).ShouldBeNone();

    [Theory]
    [InlineData("System.Threading.Tasks.Task")]
    [InlineData("System.Threading.Interlocked.Increment")]
    [InlineData("System.IO.File.ReadAllText")]
    [InlineData("System.DateTime.get_UtcNow")]
    [InlineData("System.Random..ctor")]
    [InlineData("System.Math.Log")]
    [InlineData("System.String.GetHashCode")]
    public void AForbiddenUseIsFound(string use) => Check("ActorVmm.Kernel", use).ShouldNotBeNull().ShouldContain(use);

    [Theory]
    [InlineData("System.IO.InvalidDataException..ctor")]
    [InlineData("System.Math.BigMul")]
    [InlineData("System.Random1")]
    [InlineData("System.UInt32.GetHashCode")]
    public void AHarmlessUseIsNot(string use) => Check("ActorVmm.Kernel", use).ShouldBeNull();

    [Fact]
    public void UsesAreReadFromCompiledCode()
    {
        var uses = Uses(typeof(PurityTests).Assembly.Location).ToHashSet();
        uses.ShouldContain("System.IO.File.ReadAllText", "Repository.cs reads files");
        uses.ShouldContain("System.String.CompareOrdinal");
    }

    [Fact]
    public void MutableStaticsAreFound()
    {
        var complaints = CheckStatics([typeof(Impure)]).ToList();
        complaints.Count.ShouldBe(4);
        complaints.ShouldContain(line => line.Contains("Counter", StringComparison.Ordinal));
        complaints.ShouldContain(line => line.Contains("Property", StringComparison.Ordinal));
        complaints.ShouldContain(line => line.Contains("Cache", StringComparison.Ordinal));
        complaints.ShouldContain(line => line.Contains("Table", StringComparison.Ordinal));
    }

    private static string? Check(string room, string use)
    {
        if (use.StartsWith("System.IO.", StringComparison.Ordinal) && use.Split('.')[2].EndsWith("Exception", StringComparison.Ordinal))
        {
            return null;
        }

        if (_bannedMembers.Contains(use))
        {
            return $"src/{room}: its code uses {use}, which differs between runs or systems; use Draw, an integer table or the explicit encoder";
        }

        foreach (var (name, instead) in _banned)
        {
            var hit = name.EndsWith('.')
                ? use.StartsWith(name, StringComparison.Ordinal)
                : use == name || use.StartsWith(name + ".", StringComparison.Ordinal);
            if (hit)
            {
                return $"src/{room}: its code uses {use}: {instead}";
            }
        }

        return null;
    }

    /// <summary>Every type and member of other assemblies that an assembly's code mentions, as Namespace.Type or Namespace.Type.Member.</summary>
    private static IEnumerable<string> Uses(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.TypeReferences)
        {
            yield return NameOf(metadata, handle);
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference)
            {
                yield return NameOf(metadata, (TypeReferenceHandle)member.Parent) + "." + metadata.GetString(member.Name);
            }
        }
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            return NameOf(metadata, (TypeReferenceHandle)type.ResolutionScope) + "." + name;
        }

        var space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : space + "." + name;
    }

    private static IEnumerable<string> CheckStatics(IEnumerable<Type> types)
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var field in types.Where(type => !IsMadeByTheCompiler(type)).SelectMany(type => type.GetFields(Statics)))
        {
            var name = $"{field.DeclaringType}.{field.Name}";
            if (field.IsLiteral)
            {
                continue;
            }

            if (!field.IsInitOnly)
            {
                yield return $"{name}: a static that can be assigned, so two machines in one process would share it; put it into the actor's state";
            }
            else if (field.FieldType.IsArray && !field.IsPrivate)
            {
                yield return $"{name}: a static array that others can write to; make it private, or hand out a ReadOnlySpan";
            }
            else if (!field.FieldType.IsArray && !IsImmutable(field.FieldType, []))
            {
                yield return $"{name}: a static {field.FieldType.Name} that can change; put it into the actor's state, or use a frozen or immutable type";
            }
        }
    }

    /// <summary>Caches of lambdas and tables of literals.</summary>
    private static bool IsMadeByTheCompiler(Type type) =>
        type.Name.StartsWith('<') || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static bool IsImmutable(Type type, HashSet<Type> seen)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(UInt128) || type == typeof(Int128) || !seen.Add(type))
        {
            return true;
        }

        if (type.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen" or "System.Buffers")
        {
            return true;
        }

        if (typeof(Delegate).IsAssignableFrom(type) || type == typeof(Type))
        {
            return true;
        }

        // A class of ours is immutable when its fields are; a private array in it is its own business.
        return type.Namespace?.StartsWith("ActorVmm", StringComparison.Ordinal) == true
            && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .All(field => (field.IsInitOnly || type.IsValueType)
                    && (IsImmutable(field.FieldType, seen) || (field.FieldType.IsArray && field.IsPrivate)));
    }

    private static class Impure
    {
        public static readonly Dictionary<int, int> Cache = [];

        public static readonly int[] Table = [1];

        public static readonly string Name = "fine";

        public static readonly TextFile File = new("fine", "");

        public static int Counter = 1;

        public static int Property { get; set; }
    }
}
