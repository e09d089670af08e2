namespace ActorVmm.Explorer.Tests;

internal static class Explored
{
    public static ExplorationResult Dpor(ISubject subject, DeliveryModel model, int timers = 1) =>
        new Exploration(subject, new ExplorationOptions
        {
            Strategy = StrategyKind.Dpor,
            Setting = new ExecutionSetting { Model = model, TimerFirings = timers },
        }).Run();

    public static ISubject Model(string name, bool isFixed, params string[] parameters) =>
        new ModelSubject(ModelSettings.Parse(CountedModels.Find(name)!, isFixed, parameters));
}
