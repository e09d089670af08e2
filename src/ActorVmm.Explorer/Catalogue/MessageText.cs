using System.Collections.Frozen;
using System.Reflection;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>Messages of models as people read them: the name, and in brackets what it says, as in <c>Read(1)</c>.</summary>
internal static class MessageText
{
    private static readonly FrozenDictionary<int, Func<Message, string>> _texts = TextsOfThisRoom();

    public static string Of(in Message message) =>
        _texts.TryGetValue(message.Kind, out Func<Message, string>? text) ? text(message) : FormattableString.Invariant($"message {message.Kind}");

    private static FrozenDictionary<int, Func<Message, string>> TextsOfThisRoom()
    {
        MethodInfo entry = typeof(MessageText).GetMethod(nameof(EntryOf), BindingFlags.NonPublic | BindingFlags.Static)!;
        return typeof(MessageText).Assembly.GetTypes()
            .Where(type => type.IsValueType && typeof(IMessage).IsAssignableFrom(type))
            .Select(type => (KeyValuePair<int, Func<Message, string>>)entry.MakeGenericMethod(type).Invoke(null, null)!)
            .ToFrozenDictionary();
    }

    private static KeyValuePair<int, Func<Message, string>> EntryOf<T>()
        where T : unmanaged, IMessage
    {
        PropertyInfo[] parts = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        return new(T.Kind, message =>
        {
            object word = message.Read<T>();
            return parts.Length == 0
                ? typeof(T).Name
                : FormattableString.Invariant($"{typeof(T).Name}({string.Join(", ", parts.Select(part => part.GetValue(word)))})");
        });
    }
}
