using ActorVmm.Actors;
using ActorVmm.Machine;
using ActorVmm.Machine.Summary;

namespace ActorVmm.Cli.Output;

/// <summary>What somebody sees of a run while it goes on. Looked at about twenty times a second.</summary>
internal interface IProgress
{
    /// <summary>Runs something while showing how it gets on; <paramref name="run"/> is handed what to call between slices.</summary>
    void Show(Action<Action<SimulatedMachine>> run);
}

/// <summary>Nothing at all (-q).</summary>
internal sealed class NoProgress : IProgress
{
    public void Show(Action<Action<SimulatedMachine>> run) => run(_ => { });
}

/// <summary>A line every few seconds: for people on stderr, for programs on stdout.</summary>
internal sealed class ProgressLines(TimeProvider clock, TimeSpan interval, Action<Census, TimeSpan> print) : IProgress
{
    public static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(5);

    public void Show(Action<Action<SimulatedMachine>> run)
    {
        long began = clock.GetTimestamp();
        TimeSpan next = interval;
        run(machine =>
        {
            TimeSpan elapsed = clock.GetElapsedTime(began);
            if (elapsed >= next)
            {
                next = elapsed + interval;
                print(Census.Of(machine), elapsed);
            }
        });
    }

    /// <summary>The line for people.</summary>
    public static string TextOf(Census census, TimeSpan elapsed) =>
        $"{Numbers.Seconds(elapsed)}: virtual time {Numbers.Time(census.Now)}, {Numbers.Count(census.Host.Turns)} turns, "
        + $"{Numbers.Count(census.Faults.Accesses)} accesses, {Numbers.Count(census.Faults.Total)} page faults, {Numbers.Bytes(census.Pages.Available)} available";

    /// <summary>The first line for programs: the seed, before anything has happened.</summary>
    public static string BeginningOf(ulong seed) => JsonOf(seed, default, 0, 0, 0, 0, TimeSpan.Zero, null);

    /// <summary>The line for programs.</summary>
    public static string JsonOf(Census census, TimeSpan elapsed, ulong seed, long? durableThrough) =>
        JsonOf(seed, census.Now, census.Host.Turns, census.Host.Messages, census.Faults.Accesses, census.Faults.Total, elapsed, durableThrough);

    private static string JsonOf(ulong seed, Ticks now, long turns, long messages, long accesses, long pageFaults, TimeSpan elapsed, long? durableThrough) => JsonLine.Of("progress", json =>
    {
        json.WriteNumber("seed", seed);
        json.WriteNumber("virtualTimeNs", now.Value);
        json.WriteNumber("turns", turns);
        json.WriteNumber("messages", messages);
        json.WriteNumber("accesses", accesses);
        json.WriteNumber("pageFaults", pageFaults);
        json.WriteNumber("wallSeconds", Math.Round(elapsed.TotalSeconds, 3));
        if (durableThrough is { } last)
        {
            json.WriteNumber("durableThrough", last);
        }
    });
}
