namespace ActorVmm.Explorer.Models;

/// <summary>
/// A counted model: a complete little program of actors with a race in it, of which it is known how many different executions it
/// has and how many of them break its promise. Written exactly as <c>shared/design/races.md</c> says.
/// </summary>
public abstract class RaceModel
{
    /// <summary>As after <c>race:</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The race in one line.</summary>
    public abstract string Title { get; }

    /// <summary>What happens, for a student.</summary>
    public abstract string Story { get; }

    /// <summary>What the repaired variant does instead.</summary>
    public abstract string Repair { get; }

    /// <summary>The promise that breaks.</summary>
    public abstract string Promise { get; }

    public abstract IReadOnlyList<ModelParameter> Parameters { get; }

    /// <summary>What is known of the usual parameters: executions that differ, and those of them that break the promise.</summary>
    public abstract IReadOnlyList<KnownCount> Known { get; }

    /// <summary>How many turns a state may be hot before that breaks the promise; at the end of an execution none may be.</summary>
    public virtual long HotTurns => long.MaxValue;

    /// <summary>What the promise says when it broke one way or another.</summary>
    public abstract string WordsOf(int which);

    /// <summary>Creates the actors, those that start in any order.</summary>
    protected internal abstract void Build(ModelStage stage, ModelSettings settings);

    /// <summary>A promise about more than one actor, which no actor can see broken; the model's own facts tell it.</summary>
    protected internal virtual IModelWatch? Watch(ModelSettings settings) => null;
}

/// <summary>Hears the facts of a model and judges what no single actor can see.</summary>
public interface IModelWatch
{
    void Begin();

    void Heard(in Fact fact);

    /// <summary>Which way the promise is broken now that everything has come to rest; null when it is not.</summary>
    int? End();
}

/// <summary>An exact count.</summary>
/// <param name="Model">How messages travel.</param>
/// <param name="Traces">Executions that differ in more than the order of turns that commute.</param>
/// <param name="Violating">Those of them with at least one broken promise.</param>
public sealed record KnownCount(DeliveryModel Model, long Traces, long Violating);
