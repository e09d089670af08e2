using ActorVmm.Machine;
using ActorVmm.Machine.Tests;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Tests;
using ActorVmm.Workloads.Scenarios;
using Akka.Actor;

namespace ActorVmm.Akka.Tests;

/// <summary>Paths that a reader can guess, in an actor system that holds one machine.</summary>
public sealed class MachinePathTests : global::Akka.TestKit.Xunit2.TestKit
{
    public MachinePathTests()
        : base(HostConfiguration.Reference)
    {
    }

    [Theory]
    [InlineData("pfn-database", "system")]
    [InlineData("working-set-manager", "system")]
    [InlineData("modified-page-writer", "system")]
    [InlineData("zero-page-thread", "process")]
    [InlineData("system-space", "system")]
    [InlineData("operator", "device")]
    [InlineData("paging-file-0", "device")]
    [InlineData("process-0", "process")]
    public async Task AnActorIsFoundWhereAReaderLooks(string name, string role)
    {
        using Scenario scenario = Runs.Named("thrash", 1);
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => new AkkaHost(Sys, new AkkaHostOptions(options)));
        machine.Host.Run(maxTurns: 500);

        IActorRef found = await Sys.ActorSelection("/user/machine/" + name).ResolveOne(RemainingOrDefault);

        ((ActorRefWithCell)found).Underlying.Props.Dispatcher.ShouldBe("actorvmm.dispatchers." + role);
    }

    [Fact]
    public async Task TheShellOfAnActorThatHasStoppedGoesToo()
    {
        using AkkaHost host = new(Sys, new AkkaHostOptions());
        ActorId id = host.Create(
            new Acting((_, word, outbox) =>
            {
                if (word.Value == 1)
                {
                    outbox.Stop();
                }
            }),
            Role.Thread);
        host.Inject(id, new Word(0));
        host.Run();
        IActorRef shell = await Sys.ActorSelection("/user/machine/acting-0").ResolveOne(RemainingOrDefault);
        Watch(shell);

        host.Inject(id, new Word(1));
        host.Run();

        await ExpectTerminatedAsync(shell);
    }
}
