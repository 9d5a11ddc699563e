using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PolicyPlatform.EndToEnd;

/// <summary>What the compiled code of the services can come to, read without running it.</summary>
sealed class CallGraph : IDisposable
{
    readonly AssemblyDefinition[] assemblies;
    readonly Dictionary<string, MethodDefinition[]> overriding;

    public CallGraph(params IEnumerable<string> files)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        assemblies = [.. files.Select(f => AssemblyDefinition.ReadAssembly(f, new() { AssemblyResolver = resolver }))];
        // Who calls an interface of ours may come to whatever implements it.
        overriding = Types()
            .Where(t => !t.IsInterface)
            .SelectMany(t => t.Methods)
            .Where(m => m.HasBody && !m.IsConstructor)
            .SelectMany(m =>
                m.DeclaringType.Interfaces.Select(i => (Key: $"{i.InterfaceType.GetElementType().FullName}::{m.Name}", Method: m))
            )
            .GroupBy(m => m.Key, m => m.Method)
            .ToDictionary(g => g.Key, g => g.ToArray());
    }

    IEnumerable<TypeDefinition> Types() => assemblies.SelectMany(a => a.MainModule.GetTypes());

    /// <summary>The handler of each named endpoint, as the slices map them.</summary>
    public IEnumerable<(string Operation, MethodDefinition Handler)> Endpoints()
    {
        foreach (var map in Types().SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            MethodDefinition? handler = null;
            string? word = null;
            foreach (var instruction in map.Body.Instructions)
                switch (instruction.Operand)
                {
                    case MethodReference method when instruction.OpCode == OpCodes.Ldftn && Own(method) is { } own:
                        handler = own;
                        break;
                    case string text:
                        word = text;
                        break;
                    case MethodReference { Name: "WithName" } when handler is not null && word is not null:
                        yield return (word, handler);
                        break;
                }
        }
    }

    /// <summary>Which messages the services send, by the name of the assembly that does, and to whom.</summary>
    public IEnumerable<(string From, string Message, string[] To)> Sent()
    {
        foreach (var method in Types().SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            List<string> words = [];
            foreach (var instruction in method.Body.Instructions)
                switch (instruction.Operand)
                {
                    case string word:
                        words.Add(word);
                        break;
                    case GenericInstanceMethod { Name: "Sends" } sends:
                        yield return (method.Module.Assembly.Name.Name, sends.GenericArguments[0].FullName, [.. words]);
                        words.Clear();
                        break;
                    case MethodReference:
                        words.Clear();
                        break;
                }
        }
    }

    /// <summary>The generic methods that the services call, by the name of the assembly that does.</summary>
    public IEnumerable<(string From, GenericInstanceMethod Called)> GenericCalls() =>
        from method in Types().SelectMany(t => t.Methods)
        where method.HasBody
        from instruction in method.Body.Instructions
        where instruction.Operand is GenericInstanceMethod
        select (method.Module.Assembly.Name.Name, (GenericInstanceMethod)instruction.Operand);

    /// <summary>Every method of ours that this one may run, and the fields that they read.</summary>
    public (HashSet<MethodDefinition> Methods, HashSet<FieldReference> Fields) From(MethodDefinition start)
    {
        HashSet<MethodDefinition> seen = [];
        HashSet<FieldReference> fields = [];
        var open = new Stack<MethodDefinition>([start]);
        while (open.TryPop(out var method))
        {
            if (!seen.Add(method))
                continue;
            foreach (
                var machine in method.CustomAttributes.Where(a =>
                    a.AttributeType.Name.EndsWith("StateMachineAttribute", StringComparison.Ordinal)
                )
            )
            foreach (var step in ((TypeReference)machine.ConstructorArguments[0].Value).Resolve().Methods)
                open.Push(step);
            if (!method.HasBody)
            {
                foreach (var one in overriding.GetValueOrDefault($"{method.DeclaringType.FullName}::{method.Name}", []))
                    open.Push(one);
                continue;
            }
            foreach (var instruction in method.Body.Instructions)
                if (instruction.Operand is FieldReference field)
                    fields.Add(field);
                else if (instruction.Operand is MethodReference called && Own(called) is { } own)
                    open.Push(own);
        }
        return (seen, fields);
    }

    MethodDefinition? Own(MethodReference method)
    {
        var scope = method.DeclaringType.GetElementType().Scope;
        var assembly = scope is ModuleDefinition module ? module.Assembly.Name.Name : scope?.Name;
        return assemblies.Any(a => a.Name.Name == assembly) ? method.Resolve() : null;
    }

    public void Dispose() => Array.ForEach(assemblies, a => a.Dispose());
}
