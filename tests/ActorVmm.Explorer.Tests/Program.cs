namespace ActorVmm.Explorer.Tests;

/// <summary>The word of the little programs.</summary>
internal readonly record struct Word(int Value, int Extra = 0) : IMessage
{
    public static int Kind => 9_101;
}

/// <summary>An actor of a little program: a few numbers, and what it does with a word.</summary>
internal sealed class Part(Action<Part, Delivery, Outbox> turn) : IActor
{
    public int[] Memory { get; } = new int[4];

    public void Receive(in Delivery delivery, Outbox outbox) => turn(this, delivery, outbox);

    public void Encode(StateCodec codec) => codec.Values("memory", Memory);
}

/// <summary>A little program: how many different executions it has is known from combinatorics, or counted by brute force.</summary>
internal sealed class Program(string name, Action<Program.Stage> build) : ISubject
{
    public string Name => name;

    public string Command => name;

    public override string ToString() => name;

    public SubjectMachine Build(SteppedOptions options)
    {
        ProgramJudge judge = new();
        SteppedHost host = new(options with { FactListeners = [.. options.FactListeners, judge] });
        Stage stage = new(host);
        build(stage);
        stage.Begin();
        return new SubjectMachine(host, judge);
    }

    /// <summary>Where a program puts its actors.</summary>
    internal sealed class Stage(SteppedHost host)
    {
        private readonly List<ActorId> _starting = [];

        public ActorId Add(Action<Part, Delivery, Outbox> turn) => host.Create(new Part(turn), Role.Thread);

        public ActorId AddStarting(Action<Part, Delivery, Outbox> turn)
        {
            ActorId id = Add(turn);
            _starting.Add(id);
            return id;
        }

        public void Inject(ActorId to, Word word) => host.Inject(to, Message.Of(in word));

        public void Begin()
        {
            foreach (ActorId id in _starting)
            {
                Inject(id, default);
            }
        }
    }

    private sealed class ProgramJudge : IJudge
    {
        public Violation? Violation { get; private set; }

        public void Begin() => Violation = null;

        public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts) => Violation ??= new Violation("the program holds", turn.Number, "it does not");

        public void End(long turns)
        {
        }
    }
}
