using System.Reflection;
using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests;

/// <summary>Prints messages and facts by name, as their records do.</summary>
public static class BenchWords
{
    private static readonly Dictionary<int, Func<Message, string>> _messages = Readers<Func<Message, string>>(typeof(IMessage), nameof(MessageKind), nameof(PrintMessage));
    private static readonly Dictionary<int, Func<Fact, string>> _facts = Readers<Func<Fact, string>>(typeof(IFact), nameof(FactKind), nameof(PrintFact));

    public static string Print(Message message) =>
        _messages.TryGetValue(message.Kind, out var print) ? print(message) : $"message of kind {message.Kind}";

    public static string Print(Fact fact) => _facts.TryGetValue(fact.Kind, out var print) ? print(fact) : $"fact of kind {fact.Kind}";

    private static Dictionary<int, T> Readers<T>(Type contract, string kind, string printer)
        where T : Delegate =>
        typeof(TakeFrames).Assembly.GetTypes().Where(type => type.IsValueType && contract.IsAssignableFrom(type)).ToDictionary(
            type => (int)For(type, kind).Invoke(null, null)!,
            type => For(type, printer).CreateDelegate<T>());

    private static MethodInfo For(Type type, string method) =>
        typeof(BenchWords).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);

    private static int MessageKind<T>()
        where T : unmanaged, IMessage => T.Kind;

    private static int FactKind<T>()
        where T : unmanaged, IFact => T.Kind;

    private static string PrintMessage<T>(Message message)
        where T : unmanaged, IMessage => $"{message.Read<T>()}";

    private static string PrintFact<T>(Fact fact)
        where T : unmanaged, IFact => $"{fact.Read<T>()}";
}
