namespace ActorVmm.Machine.Exports;

/// <summary>What other tools read.</summary>
public enum ExportFormat
{
    /// <summary>Chrome's trace-event JSON, for ui.perfetto.dev and chrome://tracing.</summary>
    Perfetto,

    /// <summary>A log with vector clocks, for bestchai.bitbucket.io/shiviz.</summary>
    ShiViz,

    /// <summary>A line per delivery, for spreadsheets.</summary>
    Csv,

    /// <summary>A JSON object per fact, for jq and notebooks.</summary>
    Ndjson,
}
