using System.Globalization;
using Mono.Cecil;
using Mono.Cecil.Cil;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.EndToEnd;

/// <summary>The sentences for people that stand in compiled code: what was written where a <see cref="Wording"/> is made.</summary>
static class SpokenSentences
{
    /// <summary>The patterns of an assembly, and the places where one is put together at run time, so that no language can know it.</summary>
    public static (SortedSet<string> Patterns, List<string> PutTogether) Of(string file)
    {
        var patterns = new SortedSet<string>(StringComparer.Ordinal);
        List<string> putTogether = [];
        using var assembly = AssemblyDefinition.ReadAssembly(file);
        foreach (var method in assembly.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            if (method.DeclaringType.FullName.StartsWith(typeof(Wording).FullName!, StringComparison.Ordinal))
                continue;
            var open = new Stack<Sentence>();
            var targets = method.Body.Instructions.Select(i => i.Operand).OfType<Instruction>().ToHashSet();
            foreach (var instruction in method.Body.Instructions)
            {
                if (instruction.Operand is not MethodReference called || called.DeclaringType.FullName != typeof(Wording).FullName)
                    continue;
                switch (called.Name)
                {
                    case ".ctor" when called.Parameters.Count == 2:
                        open.Push(new(Number(instruction.Previous.Previous), Number(instruction.Previous)));
                        break;
                    case nameof(Wording.AppendLiteral):
                        open.Peek().Say(Literal(instruction.Previous)!);
                        break;
                    case nameof(Wording.AppendFormatted):
                        open.Peek().Insert();
                        break;
                    // Where a branch leads here, the words are one of several.
                    case "op_Implicit" when Literal(instruction.Previous) is { } words && !targets.Contains(instruction):
                        patterns.Add(Wording.Known(words).Pattern);
                        break;
                    case "op_Implicit":
                        putTogether.Add($"{method.FullName} at {instruction.Offset:x}");
                        break;
                }
                while (open.TryPeek(out var said) && said.IsWhole)
                    patterns.Add(open.Pop().Pattern);
            }
            if (open.Count > 0)
                putTogether.Add(method.FullName);
        }
        // A place, a number or a name alone is the same everywhere.
        patterns.RemoveWhere(p => !HasWords(p));
        return (patterns, putTogether);
    }

    static bool HasWords(string pattern) =>
        string.Format(CultureInfo.InvariantCulture, pattern, [.. Enumerable.Repeat("", 40)]).Any(char.IsLetter);

    static string? Literal(Instruction instruction) => instruction.OpCode == OpCodes.Ldstr ? (string)instruction.Operand : null;

    static int Number(Instruction instruction) =>
        instruction.OpCode.Code switch
        {
            Code.Ldc_I4_S => (sbyte)instruction.Operand,
            Code.Ldc_I4 => (int)instruction.Operand,
            var code => code - Code.Ldc_I4_0,
        };

    sealed class Sentence(int characters, int parts)
    {
        readonly Wording wording = new(characters, parts);
        int said,
            inserted;

        public bool IsWhole => said == characters && inserted == parts;

        public string Pattern => wording.Pattern;

        public void Say(string words)
        {
            said += words.Length;
            wording.AppendLiteral(words);
        }

        public void Insert()
        {
            inserted++;
            wording.AppendFormatted("");
        }
    }
}
