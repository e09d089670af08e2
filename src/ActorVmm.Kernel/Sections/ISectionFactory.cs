namespace ActorVmm.Kernel.Sections;

/// <summary>Makes the actor of a segment. SystemSpace makes one for each section backed by paging files, a file one for its data and one for its image.</summary>
public interface ISectionFactory
{
    /// <summary>A segment that nobody refers to yet.</summary>
    /// <param name="serial">Its number, as <see cref="OfSystem"/> or <see cref="OfFile"/> gives it: what it calls its contents depends on it.</param>
    IActor Create(uint serial);

    /// <summary>How hosts should run it.</summary>
    Role Role { get; }

    /// <summary>The number of the how-manieth segment backed by paging files, from 0.</summary>
    static uint OfSystem(uint count) => count << 1;

    /// <summary>The number of a segment of a file, unlike that of any it had before.</summary>
    /// <param name="file">The file's own number, below 2^19.</param>
    /// <param name="count">How many segments the file has had before, below 2^12.</param>
    static uint OfFile(uint file, uint count) => (((file << 12) | count) << 1) | 1;
}
