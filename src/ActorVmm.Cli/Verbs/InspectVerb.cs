using System.CommandLine;
using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Views;
using Spectre.Console;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm inspect</c>: a machine at one of its deliveries.</summary>
internal sealed class InspectVerb : Verb
{
    private const string TurnName = "turn";

    private readonly Argument<string> _run;
    private readonly Argument<string[]> _rest;
    private readonly RunFlags _flags;

    public InspectVerb()
        : base("inspect", "Look at a machine after one of its deliveries, in the debugger's words: actorvmm inspect first-look at 4711 process editor-1.")
    {
        _run = Takes("run", TimelineArgument.Description);
        _rest = new Argument<string[]>("at N view")
        {
            Description = "The word at, a delivery number, a virtual time such as 2s, or end; then a view: "
                + $"{TurnName}, {string.Join(", ", MachineView.All.Select(view => (view.Name + " " + view.Arguments).TrimEnd()))}. Without a view, on a terminal: step through the run.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Add(_rest);
        _flags = new RunFlags(this);
    }

    public override ExitCode Execute(Session session)
    {
        string run = session.Arguments.GetRequiredValue(_run);
        Question question = Question.Read(session.Arguments.GetValue(_rest) ?? []);
        if (question.View is null && !(session.Screen.IsTerminal && !session.Plain && !session.Json && !Console.IsInputRedirected))
        {
            throw Refusal.WrongUsage($"inspect without a view steps through the run on a terminal, and this is none: say at which delivery and what, such as actorvmm inspect {Shell.Quote(run)} at 1000 memusage");
        }

        using ITimeline timeline = TimelineArgument.Open("inspect", run, _flags, session);
        string title = timeline is RecordedTimeline recorded ? "run " + recorded.Run.Id : run;
        question.Go(timeline, session.Interruption.Token);
        if (session.Interruption.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }

        if (question.View is null)
        {
            IAnsiConsole console = session.Screen.Result;
            new SteppingView(console, timeline, title).Run(() => console.Input.ReadKey(intercept: true), session.Interruption.Token);
            return ExitCode.Fine;
        }

        try
        {
            Show(session, timeline, question);
        }
        catch (ViewException missing)
        {
            throw new Refusal(missing.Malformed ? ExitCode.WrongUsage : ExitCode.NothingToDo, missing.Message, missing);
        }

        return ExitCode.Fine;
    }

    /// <summary>What there is to say where a run's journal breaks off; null elsewhere.</summary>
    public static string? EndOf(ITimeline timeline) =>
        timeline is RecordedTimeline { Run.Ended: null } && timeline.Position == timeline.Length
            ? "the recorded run was cut off here: this is the last delivery that became durable"
            : null;

    private static void Show(Session session, ITimeline timeline, Question question)
    {
        RefuseMemoryOfGuests(timeline, question.View!);
        Sheet sheet = question.Draw(timeline);
        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("view", json =>
            {
                json.WriteString("view", question.View);
                json.WriteNumber("seed", timeline.Machine.Seed);
                if (timeline is RecordedTimeline recorded)
                {
                    json.WriteString("run", recorded.Run.Id);
                    json.WriteBoolean("cutOff", recorded.Run.Ended is null);
                }

                json.WriteNumber("delivery", timeline.Position);
                json.WriteNumber("virtualTimeNs", timeline.Machine.Host.Now.Value);
                sheet.WriteFields(json);
            }));
            return;
        }

        session.Screen.Out.WriteLine(FormattableString.Invariant($"seed {timeline.Machine.Seed}, after delivery {Numbers.Count(timeline.Position)}, virtual time {Numbers.Time(timeline.Machine.Host.Now)}"));
        if (timeline.Turn is { } turn && question.View is not TurnName)
        {
            session.Screen.Out.WriteLine($"{timeline.Names.NameOf(turn.Stamp.Actor)} has just heard {TurnView.Heard(turn, timeline.Names)}");
        }

        if (EndOf(timeline) is { } end)
        {
            session.Screen.Out.WriteLine(end);
        }

        if (timeline.Stop is { } stop)
        {
            session.Screen.Out.WriteLine("the machine has stopped: " + stop.Message);
        }

        session.Screen.Out.Write("\n" + sheet.Text());
    }

    /// <exception cref="Refusal">The view shows memory, and there is none: a race is a little program of its own.</exception>
    private static void RefuseMemoryOfGuests(ITimeline timeline, string view)
    {
        if (timeline.Machine.Guests.Count > 0 && view is not (TurnName or "messages"))
        {
            throw new Refusal(ExitCode.NothingToDo, $"a race is a little program without memory to look at: its views are {TurnName} and messages, not {view}");
        }
    }

    /// <summary>Where to look, and at what.</summary>
    private sealed record Question
    {
        private long? _delivery;
        private Ticks? _time;

        /// <summary>Null: whatever one steps to.</summary>
        public string? View { get; private init; }

        private IReadOnlyList<string> Arguments { get; init; } = [];

        public static Question Read(string[] words)
        {
            if (words is [])
            {
                return new Question { _delivery = 0 };
            }

            if (words is not ["at", var place, .. var asked])
            {
                throw Refusal.WrongUsage($"expected at, a delivery and a view, such as at 1000 memusage, not \"{string.Join(' ', words)}\"");
            }

            Question question = At(place);
            return asked is [] ? question : question with { View = ViewOf(asked[0], asked[1..]), Arguments = asked[1..] };
        }

        public void Go(ITimeline timeline, CancellationToken cancel)
        {
            if (_time is { } time)
            {
                timeline.SeekTime(time, cancel);
            }
            else
            {
                timeline.Seek(_delivery ?? long.MaxValue, cancel);
            }

            if (_delivery is { } delivery && timeline.Length < delivery)
            {
                throw new Refusal(ExitCode.NothingToDo, $"the run ends after delivery {timeline.Length}: there is no delivery {delivery}");
            }
        }

        public Sheet Draw(ITimeline timeline)
        {
            if (View is not TurnName)
            {
                return MachineView.Find(View!)!.Draw(Sight.Of(timeline), Arguments);
            }

            return timeline.Turn is { } turn ? TurnView.Draw(turn, timeline.Names) : new Sheet().Line("nothing has happened yet");
        }

        private static Question At(string place)
        {
            if (long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out long delivery))
            {
                return new Question { _delivery = delivery };
            }

            if (place is "end")
            {
                return new Question();
            }

            try
            {
                return new Question { _time = Values.Duration(place) };
            }
            catch (FormatException)
            {
                throw Refusal.WrongUsage($"expected a delivery (a whole number), a time with its unit such as 2s, or end, not \"{place}\"");
            }
        }

        private static string ViewOf(string name, string[] arguments)
        {
            (int least, int most, string takes) = MachineView.Find(name) is { } view ? (view.LeastArguments, view.MostArguments, view.Arguments)
                : name is TurnName ? (0, 0, "")
                : throw Refusal.WrongUsage($"there is no view \"{name}\"; there are {Spelling.List(MachineView.All.Select(known => known.Name).Append(TurnName))}");
            if (arguments.Length < least || arguments.Length > most)
            {
                string given = string.Concat(arguments.Select(argument => " " + argument));
                throw Refusal.WrongUsage($"the view is {(name + " " + takes).TrimEnd()}, not {name}{given}");
            }

            return name;
        }
    }
}
