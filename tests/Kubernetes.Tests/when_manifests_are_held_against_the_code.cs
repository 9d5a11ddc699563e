using k8s.Models;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>Whatever the manifests say of the processes is so in their code.</summary>
public sealed class when_manifests_are_held_against_the_code
{
    public static TheoryData<string> Overlays => [.. Manifests.Overlays];

    [Theory, MemberData(nameof(Overlays))]
    public async Task every_variable_is_a_setting_that_is_read_and_explained(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var variables = manifests.Ours.SelectMany(p => p.Containers).SelectMany(c => manifests.Environment(c).Keys).Distinct().ToArray();
        Assert.Contains("PersonalData__KeyFolder", variables);
        Assert.All(variables, v => Assert.True(Sources.IsSetting(v), $"{v} is no setting that is read and explained."));
    }

    [Theory]
    [InlineData("Library__IndexFolder", true)]
    [InlineData("Mail__Port", true)]
    [InlineData("Questions__Embeddings__Key", true)]
    [InlineData("Services__Catalog__Grpc", true)]
    [InlineData("Cors__Origins__0", true)]
    [InlineData("Kestrel__Endpoints__Grpc__Protocols", true)]
    [InlineData("Library__IndexFolders", false)]
    [InlineData("Mail__Ports", false)]
    [InlineData("Services__Catalog__Rest", false)]
    [InlineData("PGPASSWORT", false)]
    [InlineData("Database", false)]
    public void a_name_that_no_code_reads_is_found_out(string variable, bool isRead) => Assert.Equal(isRead, Sources.IsSetting(variable));

    [Theory, MemberData(nameof(Overlays))]
    public async Task it_listens_where_the_image_says_and_is_probed_where_it_answers(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var image = Dockerfile.Read();
        Assert.All(
            manifests.Ours.Where(p => !p.Ends).SelectMany(p => p.Containers),
            container =>
            {
                Assert.Equal(image.Ports.Order(), container.Ports.Select(p => p.ContainerPort).Order());
                Assert.Equal($"http://+:{Port("http")}", image.Environment["Kestrel__Endpoints__Http__Url"]);
                Assert.Equal($"http://+:{Port("grpc")}", image.Environment["Kestrel__Endpoints__Grpc__Url"]);
                Assert.Equal("Http2", image.Environment["Kestrel__Endpoints__Grpc__Protocols"]);
                Assert.All(
                    new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe },
                    probe =>
                    {
                        Assert.Equal("http", probe.HttpGet.Port);
                        Assert.Contains(probe.HttpGet.Path, Sources.HealthPaths);
                    }
                );
                Assert.Equal(
                    ["/health/started", "/health/ready", "/health/live"],
                    new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }.Select(p => p.HttpGet.Path)
                );

                int Port(string name) => container.Ports.Single(p => p.Name == name).ContainerPort;
            }
        );
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task services_are_where_the_others_look_for_them(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var services = manifests.Of<V1Service>().ToDictionary(s => s.Metadata.Name);
        var settings = manifests.Environment(manifests.Ours.First(p => p.Name == "gateway").Containers.Single());
        Assert.All(
            Gateway.Routing.Services.All,
            service =>
            {
                var name = service.Name.ToLowerInvariant();
                Assert.Equal($"http://{name}:{Port(services[name], "http")}", settings[$"Services__{service.Name}__Http"]);
                // A connection of gRPC is kept: behind the one address of a service all calls would go to one of its pods.
                var each = services[$"{name}-headless"];
                Assert.Equal($"dns:///{name}-headless:{Port(each, "grpc")}", settings[$"Services__{service.Name}__Grpc"]);
                Assert.Equal("None", each.Spec.ClusterIP);
                Assert.Equal(services[name].Spec.Selector, each.Spec.Selector);
                // It names those that are ready, and leads to them past any other port.
                Assert.True(each.Spec.PublishNotReadyAddresses is not true);
            }
        );
        Assert.Equal(
            services.Keys.Where(name => name is not "gateway" and not "collector").Order(),
            Gateway.Routing.Services.All.Select(s => s.Name.ToLowerInvariant()).SelectMany(n => new[] { n, $"{n}-headless" }).Order()
        );

        static int Port(V1Service service, string name) => service.Spec.Ports.Single(p => p.Name == name).Port;
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task what_is_under_way_ends_before_the_process_does(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        Assert.All(
            manifests.Ours.Where(p => !p.Ends),
            pods =>
            {
                var settings = manifests.Environment(pods.Containers.Single());
                var drain = int.Parse(settings["Shutdown__DrainSeconds"]!, null);
                Assert.True(
                    pods.Template.Spec.TerminationGracePeriodSeconds > drain + int.Parse(settings["Shutdown__RequestSeconds"]!, null)
                );
                // When it stops answering, nobody sends it anything more.
                var probe = pods.Containers.Single().ReadinessProbe;
                Assert.True(drain >= probe.PeriodSeconds * probe.FailureThreshold);
            }
        );
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task the_migration_alone_may_change_schemas(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var init = manifests.Of<Custom<DatabaseCluster>>().Single().Spec.Bootstrap.Initdb;
        var role = manifests.Of<Custom<DatabaseCluster>>().Single().Spec.Managed.Roles.Single(r => r.InRoles is null);
        Assert.Equal(
            ["migrate"],
            manifests.Ours.Where(p => p.Containers.Any(c => SecretOf(c, "PGPASSWORD") == init.Secret.Name)).Select(p => p.Name)
        );
        var migrate = manifests.Ours.Single(p => p.Name is "migrate");
        Assert.Equal(
            Gateway.Routing.Services.All.Select(s => s.Name.ToLowerInvariant()).Order(),
            migrate.Containers.Select(c => c.Name).Order()
        );
        Assert.All(migrate.Containers, c => Assert.Equal(["migrate"], c.Args));
        Assert.All(migrate.Containers, c => Assert.Equal(init.Secret.Name, SecretOf(c, "PGUSER")));
        Assert.All(migrate.Containers, c => Assert.Equal(role.Name, manifests.Environment(c)["Database__ServiceUser"]));
        Assert.All(
            manifests.Ours.Where(p => p.Name is not "migrate" and not "audit" and not "gateway").SelectMany(p => p.Containers),
            container =>
            {
                Assert.Equal(role.PasswordSecret.Name, SecretOf(container, "PGUSER"));
                Assert.Equal(role.PasswordSecret.Name, SecretOf(container, "PGPASSWORD"));
                Assert.Equal("false", manifests.Environment(container)["Database__Migrate"]);
            }
        );
        Assert.DoesNotContain("PGUSER", manifests.Environment(manifests.Ours.Single(p => p.Name is "gateway").Containers.Single()).Keys);
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task the_audit_reads_and_does_nothing_else(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var role = manifests.Of<Custom<DatabaseCluster>>().Single().Spec.Managed.Roles.Single(r => r.InRoles is not null);
        var audit = manifests.Ours.Single(p => p.Name is "audit");
        var container = audit.Containers.Single();
        Assert.Equal(
            (role.PasswordSecret.Name, role.PasswordSecret.Name),
            (SecretOf(container, "PGUSER"), SecretOf(container, "PGPASSWORD"))
        );
        // It has the rights that the documents give it.
        var documented = Sources.Read("docs/operations.md");
        Assert.Contains($"create role {role.Name} login", documented, StringComparison.Ordinal);
        Assert.Contains($"grant {Assert.Single(role.InRoles!)} to {role.Name};", documented, StringComparison.Ordinal);
        // It writes to nothing that stays.
        Assert.All(
            container.VolumeMounts,
            mount =>
                Assert.True(
                    mount.ReadOnlyProperty is true || audit.Template.Spec.Volumes.Single(v => v.Name == mount.Name).EmptyDir is not null
                )
        );
        // What it is called with is there, and its options are options.
        var environment = manifests.Environment(container);
        Assert.Equal(["--database", "$(ConnectionStrings__Database)", "--keys", "$(PersonalData__KeyFolder)"], container.Args);
        Assert.All(container.Args.Where(a => a.StartsWith('$')), a => Assert.NotNull(environment[a[2..^1]]));
        Assert.All(
            container.Args.Where(a => a.StartsWith('-')),
            a => Assert.Contains($"\"{a}\"", Sources.Read("tools/Audit/Program.cs"), StringComparison.Ordinal)
        );
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task an_audit_that_finds_something_fails_at_once_and_is_never_run_beside_another(string overlay)
    {
        var job = (await Manifests.Of(overlay)).Of<V1CronJob>().Single().Spec;
        Assert.Equal("Forbid", job.ConcurrencyPolicy);
        Assert.Equal("Never", job.JobTemplate.Spec.Template.Spec.RestartPolicy);
        // What it could not look at is tried again; what it found stays.
        var rule = Assert.Single(job.JobTemplate.Spec.PodFailurePolicy.Rules);
        Assert.Equal("FailJob", rule.Action);
        Assert.Equal([1], rule.OnExitCodes.Values);
        Assert.Equal(job.JobTemplate.Spec.Template.Spec.Containers.Single().Name, rule.OnExitCodes.ContainerName);
        Assert.True(job.JobTemplate.Spec.BackoffLimit > 0);
        // How it ended is known until the next one has ended.
        Assert.True(job.JobTemplate.Spec.TtlSecondsAfterFinished > 24 * 3600);
    }

    static string? SecretOf(V1Container container, string variable) =>
        container.Env?.SingleOrDefault(e => e.Name == variable)?.ValueFrom.SecretKeyRef.Name;
}
