using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ActorVmm.Actors;

namespace ActorVmm.Architecture.Tests;

/// <summary>
/// What may be a message or a fact: a readonly record struct of whole numbers without padding, at most 32 bytes, with a number of
/// its own. So its bytes are the same on every system, and nothing in it points into an actor's state.
/// </summary>
public sealed class WordTests
{
    private const int BodyBytes = 32;

    [Fact]
    public void EveryMessageIsAWord() => WordsOf(typeof(IMessage)).SelectMany(Check).ShouldBeNone();

    [Fact]
    public void EveryFactIsAWord() => WordsOf(typeof(IFact)).SelectMany(Check).ShouldBeNone();

    [Fact]
    public void NoTwoMessagesShareANumber() => CheckKinds(WordsOf(typeof(IMessage)).Select(type => (type, KindOf(type, nameof(MessageKind))))).ShouldBeNone();

    [Fact]
    public void NoTwoFactsShareANumber() => CheckKinds(WordsOf(typeof(IFact)).Select(type => (type, KindOf(type, nameof(FactKind))))).ShouldBeNone();

    [Fact]
    public void ABodyIsAsLargeAsTheContractSays()
    {
        Message.BodySize.ShouldBe(BodyBytes);
        Fact.BodySize.ShouldBe(BodyBytes);
        Unsafe.SizeOf<Message>().ShouldBe(40);
        Unsafe.SizeOf<Fact>().ShouldBe(40);
    }

    [Theory]
    [InlineData(typeof(Good))]
    [InlineData(typeof(Nested))]
    [InlineData(typeof(Empty))]
    public void AWordPasses(Type type) => Check(type).ShouldBeEmpty();

    [Theory]
    [InlineData(typeof(Padded), "padding")]
    [InlineData(typeof(Trailing), "padding")]
    [InlineData(typeof(PaddedInside), "padding")]
    [InlineData(typeof(Large), "40 bytes")]
    [InlineData(typeof(Writable), "readonly")]
    [InlineData(typeof(NoRecord), "record")]
    [InlineData(typeof(Pointing), "reference")]
    [InlineData(typeof(Fractional), "Double")]
    [InlineData(typeof(Native), "IntPtr")]
    [InlineData(typeof(Overlapping), "layout")]
    [InlineData(typeof(AClass), "struct")]
    public void WhatIsNoWordIsFound(Type type, string because) => Check(type).ShouldContain(line => line.Contains(because, StringComparison.Ordinal));

    [Fact]
    public void ASharedNumberIsFound() =>
        CheckKinds([(typeof(Good), 7), (typeof(Nested), 8), (typeof(Empty), 7)]).ShouldHaveSingleItem().ShouldContain("7");

    [Fact]
    public void TheNumberIsRead() => KindOf(typeof(Good), nameof(MessageKind)).ShouldBe(7);

    private static IEnumerable<Type> WordsOf(Type contract) =>
        from project in Rooms.Projects
        from type in Rooms.Load(project).GetTypes()
        where contract.IsAssignableFrom(type) && !type.IsInterface
        select type;

    private static IEnumerable<string> Check(Type type)
    {
        if (!type.IsValueType)
        {
            yield return $"{type}: a message or fact is a readonly record struct";
            yield break;
        }

        if (type.IsGenericTypeDefinition)
        {
            yield return $"{type}: a message or fact has one shape and one number; make one type per meaning instead of a generic one";
            yield break;
        }

        if (!type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false))
        {
            yield return $"{type}: not readonly; what has been said does not change";
        }

        if (type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic, [typeof(StringBuilder)]) is null)
        {
            yield return $"{type}: not a record; transcripts print its fields";
        }

        if (HoldsReferences(type))
        {
            yield return $"{type}: holds a reference; send an index or a number, or several messages";
            yield break;
        }

        var complaints = new List<string>();
        var content = ContentBytes(type, type, complaints);
        foreach (var complaint in complaints)
        {
            yield return complaint;
        }

        var size = SizeOf(type);
        if (size > BodyBytes)
        {
            yield return $"{type}: {size} bytes, and a body has {BodyBytes}; leave a list head in the owner's array, or send several messages";
        }

        if (content != 0 && content != size)
        {
            yield return $"{type}: {size} bytes with {content} bytes of content, so {size - content} of padding whose value nobody sets; order the fields by size, widen one, or add a named spare field";
        }
    }

    /// <summary>The bytes of all fields, fields of fields included.</summary>
    private static int ContentBytes(Type type, Type word, List<string> complaints)
    {
        if (type.IsEnum)
        {
            type = Enum.GetUnderlyingType(type);
        }

        if (type.IsPrimitive)
        {
            if (type == typeof(nint) || type == typeof(nuint) || type == typeof(float) || type == typeof(double))
            {
                complaints.Add($"{word}: holds a {type.Name}; a word is made of whole numbers of fixed width");
            }

            return SizeOf(type);
        }

        if (type.IsExplicitLayout)
        {
            complaints.Add($"{word}: {type.Name} has an explicit layout; one meaning per byte");
            return SizeOf(type);
        }

        var sum = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Sum(field => ContentBytes(field.FieldType, word, complaints));
        return sum * (type.GetCustomAttribute<InlineArrayAttribute>()?.Length ?? 1);
    }

    private static IEnumerable<string> CheckKinds(IEnumerable<(Type Type, int Kind)> words) =>
        words.GroupBy(word => word.Kind)
            .Where(group => group.Count() > 1)
            .Select(group => $"number {group.Key} is used by {string.Join(" and ", group.Select(word => word.Type.Name))}; give the newer one a number of its own");

    private static int SizeOf(Type type) => (int)Call(nameof(Size), type);

    private static bool HoldsReferences(Type type) => (bool)Call(nameof(References), type);

    private static int KindOf(Type type, string reader) => (int)Call(reader, type);

    private static object Call(string method, Type type) =>
        typeof(WordTests).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int Size<T>() => Unsafe.SizeOf<T>();

    private static bool References<T>() => RuntimeHelpers.IsReferenceOrContainsReferences<T>();

    private static int MessageKind<T>()
        where T : IMessage => T.Kind;

    private static int FactKind<T>()
        where T : IFact => T.Kind;

    private readonly record struct Unit(uint Value);

    private readonly record struct Pair(ulong Wide, uint Narrow);

    private readonly record struct Good(ulong Wide, Unit Unit, ushort Short, byte Byte, bool Flag) : IMessage
    {
        public static int Kind => 7;
    }

    private readonly record struct Nested(Good Good, Unit Unit, uint Spare);

    private readonly record struct Empty;

    private readonly record struct Padded(uint Narrow, ulong Wide);

    private readonly record struct Trailing(ulong Wide, byte Narrow);

    private readonly record struct PaddedInside(Pair Pair, Unit First, Unit Second);

    private readonly record struct Large(ulong A, ulong B, ulong C, ulong D, ulong E);

    private record struct Writable(uint Value);

    private readonly struct NoRecord(uint value)
    {
        public readonly uint Value = value;
    }

    private readonly record struct Pointing(string Text);

    private readonly record struct Fractional(double Value);

    private readonly record struct Native(nint Value);

    [StructLayout(LayoutKind.Explicit)]
    private readonly record struct Overlapping([field: FieldOffset(0)] uint Value, [field: FieldOffset(0)] uint Again);

    private sealed record AClass;
}
