using System.CommandLine;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Views;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm diff</c>: where two runs part.</summary>
internal sealed class DiffVerb : Verb
{
    private readonly Argument<string> _runA;
    private readonly Argument<string> _runB;
    private readonly RunFlags _flags;
    private readonly Flag<ulong> _seedB;

    public DiffVerb()
        : base("diff", "Find where two runs part: the first turn of an actor that differs, and both states side by side.")
    {
        _runA = Takes("runA", TimelineArgument.Description);
        _runB = Takes("runB", "The other; what flags say holds for whichever is run again.");
        _flags = new RunFlags(this);
        _seedB = Has("--seed-b", "N", "The seed of the second run, where it is not that of the first.", Values.Seed);
    }

    public override ExitCode Execute(Session session)
    {
        (string nameA, string nameB) = (session.Arguments.GetRequiredValue(_runA), session.Arguments.GetRequiredValue(_runB));
        if (nameA is "-" && nameB is "-")
        {
            throw Refusal.WrongUsage("standard input can be only one of the two runs");
        }

        ulong? seedB = session.Settings.Value(_seedB);
        if (seedB is not null && TimelineArgument.IsRecorded(nameB))
        {
            throw Refusal.WrongUsage($"--seed-b does not go with a recorded run ({nameB}), which has a seed");
        }

        using ITimeline a = TimelineArgument.Open("diff", nameA, _flags, session, beside: !TimelineArgument.IsRecorded(nameB));
        using ITimeline b = TimelineArgument.Open("diff", nameB, _flags, session, overrides => seedB is null ? overrides : overrides with { Seed = seedB }, beside: !TimelineArgument.IsRecorded(nameA));
        TimelineDifference? difference = TimelineDiff.Find(a, b, session.Interruption.Token);
        if (session.Interruption.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }

        Tell(session, (nameA, a), (nameB, b), difference);
        return difference is null ? ExitCode.Fine : ExitCode.Found;
    }

    private static void Tell(Session session, (string Name, ITimeline Timeline) a, (string Name, ITimeline Timeline) b, TimelineDifference? difference)
    {
        Sheet? sheet = difference is null ? null : DiffView.Draw(difference, a.Timeline, b.Timeline);
        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                json.WriteBoolean("equal", difference is null);
                json.WriteNumber("seedA", a.Timeline.Machine.Seed);
                json.WriteNumber("seedB", b.Timeline.Machine.Seed);
                if (difference is null)
                {
                    json.WriteNumber("deliveries", a.Timeline.Length ?? 0);
                    return;
                }

                json.WriteNumber("actorTurn", difference.Turn);
                json.WritePropertyName("deliveryA");
                WriteNumberOrNull(json, difference.A);
                json.WritePropertyName("deliveryB");
                WriteNumberOrNull(json, difference.B);
                sheet!.WriteFields(json);
            }));
            return;
        }

        session.Screen.Out.WriteLine(FormattableString.Invariant($"A: {a.Name}, seed {a.Timeline.Machine.Seed}"));
        session.Screen.Out.WriteLine(FormattableString.Invariant($"B: {b.Name}, seed {b.Timeline.Machine.Seed}"));
        session.Screen.Out.Write(sheet?.Text() ?? $"The runs are the same, actor by actor: {Numbers.Count(a.Timeline.Length ?? 0)} deliveries.\n");
    }

    private static void WriteNumberOrNull(System.Text.Json.Utf8JsonWriter json, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumberValue(known);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
