namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// What came from outside, read ahead of the replay as far as the builder of the machine says it again: so it gets the recorded ids.
/// </summary>
internal sealed class RecordedInputs(IParallelRecording recording)
{
    private readonly IEnumerator<ExternalInput> _inputs =
        recording.From(0).SelectMany(piece => piece.Record.Runs.ToArray()).SelectMany(run => run.Inputs).GetEnumerator();

    private readonly Queue<ExternalInput> _creations = new();
    private readonly Queue<ExternalInput> _injections = new();

    public bool TryNextCreation(out ExternalInput input) => TryNext(_creations, out input);

    public bool TryNextInjection(out ExternalInput input) => TryNext(_injections, out input);

    private bool TryNext(Queue<ExternalInput> kind, out ExternalInput input)
    {
        while (kind.Count == 0 && _inputs.MoveNext())
        {
            switch (_inputs.Current.Kind)
            {
                case ExternalKind.Created: _creations.Enqueue(_inputs.Current); break;
                case ExternalKind.Injected: _injections.Enqueue(_inputs.Current); break;
                case ExternalKind.Moved: break;
            }
        }

        return kind.TryDequeue(out input);
    }
}
