using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// Writes programs as a `vmt` trace: every thread's steps in its own order, threads merged by time. Read again, it makes the
/// same programs.
/// </summary>
public sealed class VmtWriter
{
    private const int ScratchLength = 256;

    private readonly TextWriter _output;
    private readonly IReadOnlyList<SectionPlan> _sections;
    private readonly Operation[] _scratch = new Operation[ScratchLength];

    /// <param name="output">Where to.</param>
    /// <param name="sections">What the programs map, in the order of their numbers.</param>
    public VmtWriter(TextWriter output, IReadOnlyList<SectionPlan>? sections = null)
    {
        _output = output;
        _sections = sections ?? [];
    }

    /// <summary>Lines written so far.</summary>
    public long Lines { get; private set; }

    /// <exception cref="InputException">A trace that is read again while it is written cannot be read.</exception>
    public void Write(IReadOnlyList<ProcessPlan> processes, CancellationToken stop = default)
    {
        var threads = new PriorityQueue<Cursor, (ulong Time, int Index)>();
        foreach ((int p, ProcessPlan process) in processes.Index())
        {
            foreach ((int t, IProgram program) in process.Threads.Index())
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"{p + 1}.{t + 1}");
                Line(0, id, "start", t == 0 ? OneWord(process.Name) : "");
                threads.Enqueue(new Cursor(id, program), (0, threads.Count));
            }
        }

        while (threads.TryDequeue(out Cursor? cursor, out (ulong Time, int Index) at))
        {
            stop.ThrowIfCancellationRequested();
            if (RunUntilSleep(cursor))
            {
                threads.Enqueue(cursor, (cursor.Time, at.Index));
            }
        }
    }

    /// <summary>Writes what a thread does up to its next pause; false when it has ended.</summary>
    private bool RunUntilSleep(Cursor cursor)
    {
        while (true)
        {
            ReadOnlySpan<Operation> operations = cursor.Program.Read(cursor.Position, _scratch);
            if (operations.IsEmpty)
            {
                return false;
            }

            foreach (Operation operation in operations)
            {
                cursor.Position++;
                if (operation.Kind == OperationKind.Idle)
                {
                    cursor.Time += operation.Argument;
                    return true;
                }

                Step(cursor, operation);
            }
        }
    }

    private void Step(Cursor cursor, Operation operation)
    {
        string address = "0x" + operation.Address.ToString("x", CultureInfo.InvariantCulture);
        string bytes = operation.Argument.ToString(CultureInfo.InvariantCulture);
        switch (operation.Kind)
        {
            case OperationKind.Read: Line(cursor.Time, cursor.Id, "r", address, bytes); break;
            case OperationKind.Write: Line(cursor.Time, cursor.Id, "w", address, bytes); break;
            case OperationKind.Execute: Line(cursor.Time, cursor.Id, "x", address, bytes); break;
            case OperationKind.Reserve: Line(cursor.Time, cursor.Id, "reserve", address, bytes, NameOf(operation.Protection)); break;
            case OperationKind.Commit: Line(cursor.Time, cursor.Id, "commit", address, bytes, NameOf(operation.Protection)); break;
            case OperationKind.ReserveCommit:
                Line(cursor.Time, cursor.Id, "reserve", address, bytes, NameOf(operation.Protection));
                Line(cursor.Time, cursor.Id, "commit", address, bytes, NameOf(operation.Protection));
                break;
            case OperationKind.Decommit: Line(cursor.Time, cursor.Id, "decommit", address, bytes); break;
            case OperationKind.Release: Line(cursor.Time, cursor.Id, "release", address, operation.Argument == 0 ? "" : bytes); break;
            case OperationKind.Protect: Line(cursor.Time, cursor.Id, "protect", address, bytes, NameOf(operation.Protection)); break;
            case OperationKind.Exit: Line(cursor.Time, cursor.Id, "exit"); break;
            case OperationKind.SetStack: Line(cursor.Time, cursor.Id, "stack", address, bytes); break;
            case OperationKind.MapView: Map(cursor, operation); break;
            case OperationKind.UnmapView: Line(cursor.Time, cursor.Id, "unmap", address); break;
            case OperationKind.FlushView: Line(cursor.Time, cursor.Id, "flush", address, operation.Argument == 0 ? "" : bytes); break;
            case OperationKind.Idle: break;
        }
    }

    private void Map(Cursor cursor, Operation operation)
    {
        var view = ViewOperation.Of(operation);
        SectionPlan section = _sections[(int)view.Section - 1];
        ulong pages = view.Pages == 0 ? section.Pages - (view.Offset >> PageSize.Shift) : view.Pages;
        Line(
            cursor.Time,
            cursor.Id,
            "map",
            "0x" + view.Address.ToString("x", CultureInfo.InvariantCulture),
            (pages << PageSize.Shift).ToString(CultureInfo.InvariantCulture),
            OneWord(section.Name),
            view.Offset == 0 ? "" : view.Offset.ToString(CultureInfo.InvariantCulture),
            NameOf(operation.Protection));
    }

    private void Line(ulong time, string id, string step, params ReadOnlySpan<string> words)
    {
        _output.Write((time / 1000).ToString(CultureInfo.InvariantCulture));
        if (time % 1000 != 0)
        {
            _output.Write('.');
            _output.Write((time % 1000).ToString("000", CultureInfo.InvariantCulture));
        }

        _output.Write(' ');
        _output.Write(id);
        _output.Write(' ');
        _output.Write(step);
        foreach (string word in words)
        {
            if (word.Length > 0)
            {
                _output.Write(' ');
                _output.Write(word);
            }
        }

        _output.Write('\n');
        Lines++;
    }

    private static string NameOf(PageProtection protection)
    {
        PageProtection modifiers = protection & (PageProtection.Guard | PageProtection.NoCache | PageProtection.WriteCombine);
        return string.Concat(
            (protection & ~modifiers).ToString().ToLowerInvariant(),
            modifiers.HasFlag(PageProtection.Guard) ? "+guard" : "",
            modifiers.HasFlag(PageProtection.NoCache) ? "+nocache" : "",
            modifiers.HasFlag(PageProtection.WriteCombine) ? "+writecombine" : "");
    }

    private static string OneWord(string name) => string.Concat(name.Select(letter => letter is ' ' or '\t' or '#' ? '_' : letter));

    private sealed class Cursor(string id, IProgram program)
    {
        public string Id { get; } = id;

        public IProgram Program { get; } = program;

        public long Position { get; set; }

        /// <summary>Nanoseconds it has slept so far.</summary>
        public ulong Time { get; set; }
    }
}
