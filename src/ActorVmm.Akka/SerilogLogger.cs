using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Serilog;
using LogEvent = Akka.Event.LogEvent;
using LogEventLevel = Serilog.Events.LogEventLevel;

namespace ActorVmm.Akka;

/// <summary>Passes Akka's own log on to the program's: named in <c>akka.loggers</c>.</summary>
public sealed class SerilogLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    public SerilogLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    private static void Write(LogEvent said) =>
        Log.ForContext("ActorPath", said.LogSource).Write(LevelOf(said.LogLevel()), said.Cause, "{Said:l}", said.Message);

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => LogEventLevel.Debug,
        LogLevel.InfoLevel => LogEventLevel.Information,
        LogLevel.WarningLevel => LogEventLevel.Warning,
        LogLevel.ErrorLevel => LogEventLevel.Error,
    };
}
