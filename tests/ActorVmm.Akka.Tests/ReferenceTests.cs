using ActorVmm.Akka.Campaigns;
using ActorVmm.Akka.Recording;
using Akka.Actor;
using Akka.Configuration;

namespace ActorVmm.Akka.Tests;

/// <summary>Every default of reference.conf, so that none changes unnoticed, and what lies on top of it.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("actorvmm.dispatchers.system.type", "ForkJoinDispatcher")]
    [InlineData("actorvmm.dispatchers.system.executor", "fork-join-executor")]
    [InlineData("actorvmm.dispatchers.system.dedicated-thread-pool.thread-count", "2")]
    [InlineData("actorvmm.dispatchers.system.dedicated-thread-pool.threadtype", "background")]
    [InlineData("actorvmm.dispatchers.system.throughput", "128")]
    [InlineData("actorvmm.dispatchers.process.type", "Dispatcher")]
    [InlineData("actorvmm.dispatchers.process.executor", "fork-join-executor")]
    [InlineData("actorvmm.dispatchers.process.fork-join-executor.parallelism-min", "4")]
    [InlineData("actorvmm.dispatchers.process.fork-join-executor.parallelism-max", "64")]
    [InlineData("actorvmm.dispatchers.process.throughput", "32")]
    [InlineData("actorvmm.dispatchers.device.type", "ForkJoinDispatcher")]
    [InlineData("actorvmm.dispatchers.device.executor", "fork-join-executor")]
    [InlineData("actorvmm.dispatchers.device.dedicated-thread-pool.thread-count", "1")]
    [InlineData("actorvmm.dispatchers.device.dedicated-thread-pool.threadtype", "background")]
    [InlineData("actorvmm.dispatchers.device.throughput", "32")]
    [InlineData("actorvmm.dispatchers.recorder.type", "ForkJoinDispatcher")]
    [InlineData("actorvmm.dispatchers.recorder.executor", "fork-join-executor")]
    [InlineData("actorvmm.dispatchers.recorder.dedicated-thread-pool.thread-count", "1")]
    [InlineData("actorvmm.dispatchers.recorder.dedicated-thread-pool.threadtype", "background")]
    [InlineData("actorvmm.dispatchers.recorder.throughput", "8")]
    [InlineData("actorvmm.dispatchers.campaign.type", "ForkJoinDispatcher")]
    [InlineData("actorvmm.dispatchers.campaign.executor", "fork-join-executor")]
    [InlineData("actorvmm.dispatchers.campaign.dedicated-thread-pool.thread-count", "1")]
    [InlineData("actorvmm.dispatchers.campaign.dedicated-thread-pool.threadtype", "background")]
    [InlineData("actorvmm.dispatchers.campaign.throughput", "16")]
    [InlineData("actorvmm.campaign.shards", "32")]
    [InlineData("actorvmm.campaign.seeds-per-lease", "8")]
    [InlineData("actorvmm.campaign.leases-per-worker", "2")]
    [InlineData("actorvmm.campaign.ask-again", "10s")]
    [InlineData("actorvmm.campaign.knock-timeout", "20s")]
    [InlineData("actorvmm.campaign.system.akka.loglevel", "OFF")]
    [InlineData("actorvmm.campaign.system.akka.actor.serializers.campaign", "ActorVmm.Akka.Campaigns.CampaignSerializer, ActorVmm.Akka")]
    [InlineData("actorvmm.campaign.system.akka.remote.dot-netty.tcp.maximum-frame-size", "8MiB")]
    [InlineData("actorvmm.campaign.system.akka.remote.dot-netty.tcp.send-buffer-size", "8MiB")]
    [InlineData("actorvmm.campaign.system.akka.remote.dot-netty.tcp.receive-buffer-size", "8MiB")]
    [InlineData("actorvmm.campaign.system.akka.cluster.failure-detector.acceptable-heartbeat-pause", "6s")]
    [InlineData("actorvmm.campaign.system.akka.cluster.downing-provider-class", "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster")]
    [InlineData("actorvmm.campaign.system.akka.cluster.split-brain-resolver.active-strategy", "keep-oldest")]
    [InlineData("actorvmm.campaign.system.akka.cluster.split-brain-resolver.stable-after", "4s")]
    [InlineData("actorvmm.campaign.system.akka.cluster.split-brain-resolver.keep-oldest.down-if-alone", "off")]
    [InlineData("actorvmm.campaign.system.akka.cluster.sharding.state-store-mode", "ddata")]
    [InlineData("actorvmm.campaign.system.akka.cluster.sharding.remember-entities", "off")]
    [InlineData("actorvmm.campaign.system.akka.cluster.sharding.updating-state-timeout", "2s")]
    [InlineData("akka.persistence.journal.plugin", "akka.persistence.journal.sql")]
    [InlineData("akka.persistence.journal.sql.class", "ActorVmm.Akka.Recording.RunJournal, ActorVmm.Akka")]
    [InlineData("akka.persistence.journal.sql.serializer", RunEventSerializer.Name)]
    [InlineData("akka.persistence.journal.sql.durability", "full")]
    [InlineData("akka.persistence.journal.sql.prefer-parameters-on-multirow-insert", "on")]
    [InlineData("akka.persistence.journal.sql.replay-batch-size", "100")]
    [InlineData("akka.persistence.journal.sql.parallelism", "1")]
    [InlineData("akka.persistence.journal.sql.replay-filter.mode", "fail")]
    [InlineData("akka.persistence.snapshot-store.plugin", "akka.persistence.snapshot-store.sql")]
    [InlineData("akka.persistence.snapshot-store.sql.serializer", RunEventSerializer.Name)]
    [InlineData("akka.actor.serializers.actorvmm", "ActorVmm.Akka.Recording.RunEventSerializer, ActorVmm.Akka")]
    [InlineData("actorvmm.mailboxes.system.mailbox-type", "Akka.Dispatch.UnboundedMailbox, Akka")]
    [InlineData("actorvmm.mailboxes.process.mailbox-type", "Akka.Dispatch.UnboundedMailbox, Akka")]
    [InlineData("actorvmm.mailboxes.device.mailbox-type", "Akka.Dispatch.UnboundedMailbox, Akka")]
    [InlineData("actorvmm.recorder.min-backoff", "100ms")]
    [InlineData("actorvmm.recorder.max-backoff", "500ms")]
    [InlineData("actorvmm.recorder.random-factor", "0.2")]
    [InlineData("actorvmm.recorder.max-retries", "3")]
    [InlineData("akka.loglevel", "WARNING")]
    [InlineData("akka.stdout-loglevel", "OFF")]
    [InlineData("akka.log-dead-letters", "off")]
    [InlineData("akka.log-dead-letters-during-shutdown", "off")]
    [InlineData("akka.coordinated-shutdown.run-by-clr-shutdown-hook", "off")]
    public void ADefaultIsWhatTheCommentSays(string path, string value) => HostConfiguration.Reference.GetString(path).ShouldBe(value);

    [Fact]
    public void AkkasLogGoesWhereTheProgramsDoes() =>
        HostConfiguration.Reference.GetStringList("akka.loggers").ShouldHaveSingleItem().ShouldStartWith(typeof(SerilogLogger).FullName!);

    [Theory]
    [InlineData("actorvmm.campaign.system.akka.cluster.sharding.distributed-data.durable.keys")]
    [InlineData("actorvmm.campaign.system.akka.cluster.distributed-data.durable.keys")]
    public void NothingOfACampaignIsWrittenToADisk(string path) => HostConfiguration.Reference.GetStringList(path).ShouldBeEmpty();

    [Fact]
    public void NothingElseIsSet() => Leaves(HostConfiguration.Reference.Root, "").Count().ShouldBe(73);

    [Fact]
    public void WhatIsSaidOnTopCounts()
    {
        Config config = Overrides.Of("test", "actorvmm.dispatchers.process.throughput = 5").Configuration;

        config.GetInt("actorvmm.dispatchers.process.throughput").ShouldBe(5);
        config.GetInt("actorvmm.dispatchers.device.throughput").ShouldBe(32);
    }

    [Fact]
    public void SettingsAreWhatIsSaid() =>
        RecorderSettings.Of(HostConfiguration.Defaults).ShouldBe(new RecorderSettings(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), 0.2, 3));

    [Fact]
    public void SettingsOfCampaignsAreWhatIsSaid() =>
        CampaignSettings.Of(HostConfiguration.Defaults).ShouldBe(new CampaignSettings(32, 8, 2, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)));

    [Theory]
    [InlineData("shards = 0")]
    [InlineData("seeds-per-lease = 0")]
    [InlineData("leases-per-worker = 0")]
    [InlineData("ask-again = 0s")]
    [InlineData("knock-timeout = 0s")]
    public void SettingsOfCampaignsThatMakeNoSenseAreRefused(string said) =>
        Should.Throw<ArgumentException>(() => CampaignSettings.Of(Overrides.Of("test", "actorvmm.campaign." + said).Configuration));

    [Theory]
    [InlineData(31, Placement.Processor, "system")]
    [InlineData(16, Placement.Processor, "system")]
    [InlineData(15, Placement.Processor, "process")]
    [InlineData(0, Placement.Processor, "process")]
    [InlineData(0, Placement.Device, "device")]
    [InlineData(31, Placement.Device, "device")]
    public void ARoleHasADispatcherAndAMailbox(byte priority, Placement placement, string name)
    {
        Props props = Props.Empty.Placed(new Role(priority, placement));

        props.Dispatcher.ShouldBe("actorvmm.dispatchers." + name);
        props.Mailbox.ShouldBe("actorvmm.mailboxes." + name);
        props.Deploy.Scope.ShouldBe(Scope.Local);
        Systems.Shared.Dispatchers.HasDispatcher(props.Dispatcher).ShouldBeTrue();
    }

    [Fact]
    public void TheMachineAndItsRecorderHaveTheirDispatchersToo()
    {
        Props recorder = RecorderActor.Props("run/1", TimeProvider.System, new DurableTail(), _ => { });
        (Props Props, string Dispatcher)[] all =
        [
            (MachineActor.Props(null!, null!), "actorvmm.dispatchers.system"),
            (recorder, "actorvmm.dispatchers.recorder"),
            (RecorderActor.Supervised(recorder, new DurableTail(), RecorderSettings.Of(HostConfiguration.Defaults)), "actorvmm.dispatchers.recorder"),
        ];

        foreach ((Props props, string dispatcher) in all)
        {
            (props.Dispatcher, props.Mailbox).ShouldBe((dispatcher, Deploy.NoMailboxGiven));
            props.Deploy.Scope.ShouldBe(Scope.Local);
        }
    }

    private static IEnumerable<string> Leaves(global::Akka.Configuration.Hocon.HoconValue value, string path) =>
        value.IsObject()
            ? value.GetObject().Items.SelectMany(item => Leaves(item.Value, path + "." + item.Key))
            : [path];
}
