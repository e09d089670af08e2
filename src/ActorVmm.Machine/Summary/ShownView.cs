using ActorVmm.Machine.Views;
using ActorVmm.Machine.Words;

namespace ActorVmm.Machine.Summary;

/// <summary>A view of the machine at the end of a run, asked for by the scenario.</summary>
/// <param name="Question">As it is written: the view and what it takes.</param>
/// <param name="Answer">What it shows, or why it shows nothing.</param>
public sealed record ShownView(string Question, Sheet Answer)
{
    internal static ShownView Of(string question, SimulatedMachine machine)
    {
        string[] words = question.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var names = new ActorNames();
        names.Attach(machine);
        names.Resume(machine);
        try
        {
            MachineView view = MachineView.Find(words.FirstOrDefault() ?? "") ?? throw new ViewException("there is no such view; `actorvmm inspect --help` lists them");
            return words.Length - 1 >= view.LeastArguments && words.Length - 1 <= view.MostArguments
                ? new ShownView(question, view.Draw(new Sight(machine, names), words[1..]))
                : throw new ViewException($"{view.Name} takes {view.Arguments}");
        }
        catch (ViewException wrong)
        {
            return new ShownView(question, new Sheet().Line(wrong.Message));
        }
    }
}
