using PolicyPlatform.Testing;

[assembly: AssemblyFixture(typeof(WholeMachineTurn))]
