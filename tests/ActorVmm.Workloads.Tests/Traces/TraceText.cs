using System.IO.Compression;
using System.Text;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Tests.Traces;

/// <summary>Traces written in a test.</summary>
internal static class TraceText
{
    public static TraceFile Open(string text, TraceFormat format = TraceFormat.Auto) => Open(Encoding.Latin1.GetBytes(text), format);

    public static TraceFile Open(byte[] bytes, TraceFormat format = TraceFormat.Auto) => TraceFile.Open(new MemoryStream(bytes), "test", format);

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    public static List<Operation> Operations(IProgram program, int most = int.MaxValue)
    {
        var operations = new List<Operation>();
        var scratch = new Operation[64];
        while (operations.Count < most && program.Read(operations.Count, scratch) is { Length: > 0 } read)
        {
            operations.AddRange(read);
        }

        return operations;
    }

    /// <summary>One operation a word: `w10010 commit10000+1000:ReadWrite idle500`.</summary>
    public static string Story(IProgram program) => string.Join(' ', Operations(program).Select(operation => operation.Kind switch
    {
        OperationKind.Read => $"r{operation.Address:x}",
        OperationKind.Write => $"w{operation.Address:x}",
        OperationKind.Execute => $"x{operation.Address:x}",
        OperationKind.Idle => $"idle{operation.Argument}",
        OperationKind.Exit => "exit",
        var call => $"{call}{operation.Address:x}+{operation.Argument:x}:{operation.Protection}",
    }));
}
