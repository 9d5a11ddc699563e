using PolicyPlatform.Testing;

[assembly: AssemblyFixture(typeof(PostgresCluster))]
