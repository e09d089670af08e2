namespace ActorVmm.Actors.Tests;

/// <summary>One walk, four purposes: what is forgotten in one of them is forgotten in all.</summary>
public sealed class StateCodecTests
{
    [Fact]
    public void ARestoredStateIsTheSavedOne()
    {
        Everything saved = Everything.Sample();
        Everything restored = new();

        Copy(saved, restored).ShouldBe(0);

        Describe(restored).ShouldBe(Describe(saved));
        Hash(restored).ShouldBe(Hash(saved));
    }

    [Fact]
    public void RestoringReplacesWhatIsThereAndDropsWhatIsNot()
    {
        Everything other = Everything.Sample();
        other.Change();

        Copy(new Everything(), other);

        Describe(other).ShouldBe(Describe(new Everything()));
        other.Optional.ShouldBeNull();
    }

    [Fact]
    public void EveryFieldIsPartOfTheFingerprint()
    {
        IReadOnlyList<(string Path, ulong Value)> fields = Describe(Everything.Sample());
        HashSet<Fingerprint> seen = [Hash(Everything.Sample())];

        for (int field = 0; field < fields.Count; field++)
        {
            Everything changed = Everything.Sample();
            changed.Encode(new Changer(field));
            seen.Add(Hash(changed)).ShouldBeTrue(fields[field].Path);
        }
    }

    [Fact]
    public void ADescriptionNamesEveryValueByItsPath()
    {
        string[] lines = [.. Describe(Everything.Sample()).Select(field => FormattableString.Invariant($"{field.Path}={field.Value}"))];

        lines.ShouldBe(
        [
            "flag=1", "small=7", "medium=300", "large=70000", "huge=1099511627776", "negative=4294967294",
            "list=3", "list[0]=10", "list[1]=20", "list[2]=30", "fixed[0]=1", "fixed[1]=2",
            "wide[0]=5", "wide[1]=6", "wide[2]=7", "wide[3]=8",
            "rows=2", "rows[0].key=1", "rows[0].value=2", "rows[1].key=3", "rows[1].value=4",
            "optional=1", "optional.deep=9",
        ]);
    }

    [Fact]
    public void AFingerprintIsTheSameOnEverySystem() =>
        Hash(Everything.Sample()).ToString().ShouldBe("66d0487b03c46c3645da7526988bd681");

    [Fact]
    public void ASnapshotThatEndsTooEarlyIsDamaged()
    {
        SnapshotWriter writer = new();
        Everything.Sample().Encode(writer);
        SnapshotReader reader = new();
        reader.Open(writer.WrittenMemory[..^1]);

        Should.Throw<FormatException>(() => new Everything().Encode(reader)).Message.ShouldContain("deep");
    }

    [Fact]
    public void AValueThatIsNoWordIsRefused()
    {
        Odd odd = default;

        Should.Throw<NotSupportedException>(() => new StateHasher().Field("odd", ref odd)).Message.ShouldContain("odd");
        Should.Throw<NotSupportedException>(() => new StateHasher().Values("odds", new Odd[1])).Message.ShouldContain("odds");
    }

    private static int Copy(Everything from, Everything to)
    {
        SnapshotWriter writer = new();
        from.Encode(writer);
        SnapshotReader reader = new();
        reader.Open(writer.WrittenMemory);
        to.Encode(reader);
        return reader.Remaining;
    }

    private static Fingerprint Hash(Everything state)
    {
        StateHasher hasher = new();
        hasher.Reset(0);
        state.Encode(hasher);
        return hasher.Build();
    }

    private static IReadOnlyList<(string Path, ulong Value)> Describe(Everything state)
    {
        StateDescriber describer = new();
        state.Encode(describer);
        return describer.Fields;
    }

    /// <summary>Changes the value of one field and leaves the others alone; lengths are changed last and not followed.</summary>
    private sealed class Changer(int field) : StateCodec
    {
        private int _at;

        public override bool Restoring => true;

        protected override void Word(string name, ref ulong word, int bytes)
        {
            bool isLength = name is "list" or "rows" or "optional";
            word ^= _at++ == field && !isLength ? 1UL : 0;
            if (isLength && _at - 1 == field)
            {
                word--;
            }
        }

        protected override void Block(string name, Span<byte> bytes, int width)
        {
            int step = Math.Min(width, sizeof(ulong));
            for (int at = 0; at < bytes.Length; at += step)
            {
                bytes[at] ^= (byte)(_at++ == field ? 1 : 0);
            }
        }
    }

    private record struct Odd(int First, int Second, int Third);

    private record struct Wide(long First, long Second);

    private struct Row : IEncodable
    {
        public ushort Key;
        public int Value;

        public void Encode(StateCodec codec)
        {
            codec.Field("key", ref Key);
            codec.Field("value", ref Value);
        }
    }

    private sealed class Part : IEncodable
    {
        public byte Deep;

        public void Encode(StateCodec codec) => codec.Field("deep", ref Deep);
    }

    private sealed class Everything : IEncodable
    {
        private readonly int[] _fixed = new int[2];
        private readonly Wide[] _wide = new Wide[2];
        private bool _flag;
        private byte _small;
        private short _medium;
        private uint _large;
        private long _huge;
        private int _negative;
        private ushort[] _list = [];
        private int _listCount;
        private Row[] _rows = [];
        private int _rowCount;
        private Part? _optional;

        public Part? Optional => _optional;

        public static Everything Sample()
        {
            Everything sample = new()
            {
                _flag = true,
                _small = 7,
                _medium = 300,
                _large = 70_000,
                _huge = 1L << 40,
                _negative = -2,
                _list = [10, 20, 30, 99],
                _listCount = 3,
                _rows = [new Row { Key = 1, Value = 2 }, new Row { Key = 3, Value = 4 }, default],
                _rowCount = 2,
                _optional = new Part { Deep = 9 },
            };
            (sample._fixed[0], sample._fixed[1]) = (1, 2);
            (sample._wide[0], sample._wide[1]) = (new Wide(5, 6), new Wide(7, 8));
            return sample;
        }

        public void Change() => _huge++;

        public void Encode(StateCodec codec)
        {
            codec.Field("flag", ref _flag);
            codec.Field("small", ref _small);
            codec.Field("medium", ref _medium);
            codec.Field("large", ref _large);
            codec.Field("huge", ref _huge);
            codec.Field("negative", ref _negative);
            codec.Values("list", ref _list, ref _listCount);
            codec.Values("fixed", _fixed);
            codec.Values("wide", _wide);
            codec.Rows("rows", ref _rows, ref _rowCount);
            codec.Part("optional", ref _optional);
        }
    }
}
