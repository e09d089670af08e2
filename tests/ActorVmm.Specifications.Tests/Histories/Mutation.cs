namespace ActorVmm.Specifications.Tests.Histories;

/// <summary>
/// One change of one fact of a history, as a defect would make it: the fact is left out, said twice, or one of its fields is wrong.
/// </summary>
public static class Mutation
{
    private static readonly Type[] _facts =
        [.. typeof(FrameMoved).Assembly.GetTypes().Where(type => type.IsValueType && typeof(IFact).IsAssignableFrom(type))];

    private static readonly Dictionary<int, Type> _byKind = _facts.ToDictionary(KindOf);

    /// <summary>Fields that no promise is about.</summary>
    private static readonly string[] _free = ["Reserved", "Reserved2", "Priority", "Serial", "Thread", "Access", "Queued", "Generation", "Writable", "Waiting", "Needed", "Waiters", "Modified"];

    /// <summary>Facts that state a number as it is: said twice, they are still true.</summary>
    private static readonly Type[] _numbers =
        [typeof(FramesCounted), typeof(LowMemorySignalled), typeof(WorkingSetCounted), typeof(FramesKept), typeof(ProcessCommitChanged), typeof(VadCommitChanged),
         typeof(PageStored), typeof(PageLoaded), typeof(ProcessStarted)];

    private static readonly string[] _flags = ["Deleted", "Begins", "Write", "Handed", "InWorkingSet"];

    /// <summary>A changed copy of a history, and what was changed; null when this fact cannot be changed this way.</summary>
    public static (History History, string What)? Of(History history, int turn, int fact, int how, int field, ulong change)
    {
        var (actor, facts) = history.Turns[turn % history.Turns.Count];
        var at = fact % facts.Length;
        var told = facts[at];
        List<Told> changed = [.. facts];
        string what;
        switch (how % 4)
        {
            case 0:
                changed.RemoveAt(at);
                what = $"{_byKind[told.Kind].Name} left out";
                break;
            case 1 when _numbers.Contains(_byKind[told.Kind]):
                return null;
            case 1:
                changed.Insert(at, told);
                what = $"{_byKind[told.Kind].Name} said twice";
                break;
            default:
                var (other, name) = ChangeField(told, field, change);
                if (name is null)
                {
                    return null;
                }

                changed[at] = other;
                what = $"{_byKind[told.Kind].Name}.{name} wrong";
                break;
        }

        var mutated = new History();
        mutated.Turns.AddRange(history.Turns);
        mutated.Turns[turn % history.Turns.Count] = (actor, [.. changed]);
        return (mutated, what);
    }

    private static (Told Fact, string? Field) ChangeField(Told told, int field, ulong change)
    {
        var type = _byKind[told.Kind];
        var names = type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).First()
            .GetParameters().Select(parameter => parameter.Name!).Where(name => !_free.Contains(name)).ToList();
        if (names.Count == 0)
        {
            return (told, null);
        }

        var chosen = names[field % names.Count];
        if (told.TryRead<FrameMoved>(out var moved) && chosen is "Owner" or "Vpn" && (moved.Vpn.Value == 0 || moved.To is PageLocation.Zeroed or PageLocation.Free))
        {
            return (told, null); // nobody's frame
        }

        return ((Told)typeof(Mutation).GetMethod(nameof(With), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, [told, chosen, change])!, chosen);
    }

    private static Told With<T>(Told told, string field, ulong change)
        where T : unmanaged, IFact
    {
        object boxed = told.Read<T>();
        var info = typeof(T).GetField($"<{field}>k__BackingField", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!;
        var value = info.GetValue(boxed)!;
        info.SetValue(boxed, _flags.Contains(field) && value is int flag ? 1 - flag
            : _flags.Contains(field) && value is ushort mask && mask < 2 ? (ushort)(1 - mask)
            : Changed(value, change));
        return Told.Of((T)boxed);
    }

    /// <summary>A value a little off, or of another member of its enum.</summary>
    private static object Changed(object value, ulong change)
    {
        var off = 1 + (int)(change % 3);
        if (value is bool flag)
        {
            return !flag;
        }

        if (value is UnmapCause cause)
        {
            return cause is UnmapCause.Deleted or UnmapCause.Exit ? UnmapCause.Trimmed : UnmapCause.Deleted;
        }

        if (value is Enum)
        {
            var members = Enum.GetValues(value.GetType());
            var index = Array.IndexOf(members, value);
            return members.GetValue((index + 1 + (off % (members.Length - 1))) % members.Length)!;
        }

        return value switch
        {
            Pfn pfn => new Pfn(pfn.Value ^ (uint)off),
            Vpn vpn => new Vpn(vpn.Value ^ (ulong)off),
            ActorId id => new ActorId(id.Value ^ off),
            ContentStamp stamp => new ContentStamp(stamp.Value ^ (ulong)off),
            PagingFileSlot slot => new PagingFileSlot(slot.File, slot.Page ^ (uint)off),
            int number => number ^ off,
            uint number => number ^ (uint)off,
            ulong number => number ^ (ulong)off,
            ushort number => (ushort)(number ^ off),
            byte number => (byte)(number ^ off),
            _ => throw new InvalidOperationException($"a {value.GetType().Name} cannot be changed"),
        };
    }

    private static int KindOf(Type type) => (int)typeof(Mutation)
        .GetMethod(nameof(Kind), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int Kind<T>()
        where T : IFact => T.Kind;
}
