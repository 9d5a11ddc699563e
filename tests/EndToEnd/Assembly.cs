using PolicyPlatform.Testing;

[assembly: AssemblyFixture(typeof(MachineTurn))]
