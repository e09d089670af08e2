using System.Collections.Frozen;

namespace ActorVmm.Explorer.Explaining;

/// <summary>Names of messages and facts for people: the names of their types.</summary>
public static class MessageWords
{
    private static readonly FrozenDictionary<int, string> _messages = NamesOf(typeof(IMessage));

    public static string NameOf(int kind) => _messages.TryGetValue(kind, out string? name) ? name : FormattableString.Invariant($"message {kind}");

    private static FrozenDictionary<int, string> NamesOf(Type contract)
    {
        System.Reflection.Assembly[] rooms = [typeof(MessageWords).Assembly, typeof(Protocol.RunThreads).Assembly];
        return rooms.SelectMany(room => room.GetTypes())
            .Where(type => type.IsValueType && contract.IsAssignableFrom(type))
            .ToFrozenDictionary(type => (int)type.GetInterfaceMap(contract).TargetMethods.Single(method => method.ReturnType == typeof(int)).Invoke(null, null)!, type => type.Name);
    }
}
