namespace ActorVmm.Explorer.Models;

/// <summary>A counted model with its parameters, ready to be explored.</summary>
public sealed class ModelSubject(ModelSettings settings) : ISubject
{
    public string Name => "race:" + settings.Model.Name;

    public string Command => Name + settings.Flags();

    public ModelSettings Settings => settings;

    public SubjectMachine Build(SteppedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ModelJudge judge = new(settings.Model, settings.Model.Watch(settings));
        SteppedHost host = new(options with { FactListeners = [.. options.FactListeners, judge] });
        ModelStage stage = new(host);
        settings.Model.Build(stage, settings);
        stage.Begin();
        return new SubjectMachine(host, judge) { NameOf = id => stage.Names.GetValueOrDefault(id.Value, id.ToString()) };
    }
}
