using System.IO.Compression;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>
/// What a reader is given that expects something else: valid inputs with bits turned, cut off, repeated, nested, with endless numbers, and
/// one put into another; of a package its parts too. The same inputs each time; other ones with <c>FUZZ_SEED</c>, more of them with
/// <c>FUZZ_REQUESTS</c>.
/// </summary>
public static class Mutations
{
    static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "20260101", null);
    static readonly int? Requests = Environment.GetEnvironmentVariable("FUZZ_REQUESTS") is { } requests ? int.Parse(requests, null) : null;

    // One input alone, which is then found as a file, to look for what it does.
    static readonly int? Round = Environment.GetEnvironmentVariable("FUZZ_ROUND") is { } round ? int.Parse(round, null) : null;

    const int Longest = 400_000,
        LargestPackage = 4_000_000;

    // What a hundred times an input would take is work without a bound.
    const long MostAllocated = 1_000_000_000;

    static readonly string[] Numbers = ["-1", "0", "2147483647", "-2147483648", "4294967295", "99999999999999999999", "1e308", "NaN", "٣"];

    static readonly string[] Pieces =
    [
        "\0",
        "\ud7ff",
        "\uFFFE",
        "\u202E",
        "𠮷",
        "<",
        ">",
        "</",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml version=\"1.0\"?>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
        "&b;",
        "&#x110000;",
        "&amp;",
        "\"",
        "'",
        "---\n",
        "\n---\n",
        "[",
        "]",
        "{",
        "}",
        "\\u0000",
        "\\ud800",
        ": ",
        "- ",
        "&a *a",
        "|\n",
        "```",
        "**",
        "| a | b |\n| --- | --- |\n",
        "\t",
        "\r\n",
        ",",
        ";",
        "第一条",
        "（一）",
        "附件1：",
        "修改为“",
        "”",
        "《",
        "》",
        "null",
        "true",
    ];

    static readonly (string Open, string Close)[] Nests =
    [
        ("[", "]"),
        ("{\"a\":", "}"),
        ("> ", ""),
        ("- ", ""),
        ("(", ")"),
        ("（", "）"),
        ("“", "”"),
        ("《", "》"),
        ("*", "*"),
        ("![", "](a)"),
        ("<div>", "</div>"),
        ("<table><tr><td>", ""),
        ("<b id=\"x\">", ""),
        ("<!-- <i>", " -->"),
        ("<p title='</p>'>", ""),
        ("? ", ""),
        ("\"", "\""),
        ("第一条", ""),
    ];

    /// <summary>
    /// Gives a reader many inputs. Each is read or refused in its own way: any other exception fails, and so does work beyond all bounds.
    /// </summary>
    /// <param name="reader">What it is called where it fails.</param>
    /// <param name="rounds">How many inputs, unless <c>FUZZ_REQUESTS</c> says so.</param>
    /// <param name="seeds">Valid inputs.</param>
    /// <param name="read">Reads one, and tells whether it was read or refused.</param>
    public static void Try(string reader, int rounds, IReadOnlyList<byte[]> seeds, Func<byte[], bool> read)
    {
        rounds = Requests ?? rounds;
        var wrong = new Dictionary<string, string>();
        var (taken, refused, longest, longestRound) = (0, 0, TimeSpan.Zero, 0);
        foreach (var seed in seeds)
            Assert.True(read(seed), $"A seed of {reader} is refused.");
        for (var round = Round ?? 0; round < (Round + 1 ?? rounds); round++)
        {
            var random = new Random(unchecked(Seed * 1_000_003 + round));
            var input = Any(seeds, random);
            if (Round is not null)
                File.WriteAllBytes(Path.Combine(Path.GetTempPath(), "fuzzed"), input);
            var (allocated, began) = (GC.GetAllocatedBytesForCurrentThread(), TimeProvider.System.GetTimestamp());
            try
            {
                if (read(input))
                    taken++;
                else
                    refused++;
            }
            catch (Exception e)
            {
                wrong.TryAdd(
                    $"{e.GetType().Name} {e.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("PolicyPlatform", StringComparison.Ordinal))}",
                    $"{reader}, round {round}: {e}"
                );
            }
            var took = TimeProvider.System.GetElapsedTime(began);
            if (took > longest)
                (longest, longestRound) = (took, round);
            if (GC.GetAllocatedBytesForCurrentThread() - allocated > MostAllocated)
                wrong.TryAdd(
                    "allocated",
                    $"{reader}, round {round}: {input.Length} bytes took more than {MostAllocated:N0} bytes of memory."
                );
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{reader}: {rounds} inputs of seed {Seed}, {taken} read, {refused} refused, {wrong.Count} findings; round {longestRound} took {longest.TotalMilliseconds:0} ms"
        );
        Assert.True(wrong.Count == 0, $"Seed {Seed}.\n{string.Join("\n\n", wrong.Values)}");
    }

    /// <summary>One of the inputs, changed some times.</summary>
    static byte[] Any(IReadOnlyList<byte[]> seeds, Random random)
    {
        var input = seeds[random.Next(seeds.Count)];
        var other = seeds[random.Next(seeds.Count)];
        if (input.AsSpan().StartsWith("PK"u8) && random.Next(8) > 0)
            return Package(input, other, random);
        for (var times = random.Next(1, 6); times > 0; times--)
            input = Changed(input, other, random);
        return input;
    }

    static byte[] Package(byte[] input, byte[] other, Random random)
    {
        var parts = Parts(input);
        var others = other.AsSpan().StartsWith("PK"u8) ? Parts(other) : parts;
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(parts.Count);
            var (path, content) = parts[at];
            switch (random.Next(12))
            {
                case 0:
                    parts.RemoveAt(at);
                    break;
                case 1:
                    parts.Add((random.Next(2) == 0 ? path : path.ToUpperInvariant(), content));
                    break;
                case 2:
                    parts[at] = (others[random.Next(others.Count)].Path, content);
                    break;
                case 3:
                    parts[at] = (path, others[random.Next(others.Count)].Content);
                    break;
                case 4:
                    parts[at] = (path + Pieces[random.Next(Pieces.Length)].Replace("\0", "", StringComparison.Ordinal), content);
                    break;
                case < 8:
                    parts[at] = (path, Changed(content, others[random.Next(others.Count)].Content, random));
                    break;
                default:
                    parts[at] = (path, Tree(content, others[random.Next(others.Count)].Content, random));
                    break;
            }
            if (parts.Count == 0)
                break;
        }
        return Zip.Of(parts);
    }

    static List<(string Path, byte[] Content)> Parts(byte[] package)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        return
        [
            .. zip.Entries.Select(e =>
            {
                using var content = e.Open();
                using var bytes = new MemoryStream();
                content.CopyTo(bytes);
                return (e.FullName, bytes.ToArray());
            }),
        ];
    }

    /// <summary>A well-formed tree that is another one: what is broken as XML never comes to those who read its elements.</summary>
    static byte[] Tree(byte[] content, byte[] other, Random random)
    {
        XElement tree,
            foreign;
        try
        {
            (tree, foreign) = (Root(content), Root(other));
        }
        catch (XmlException)
        {
            return Changed(content, other, random);
        }
        var elements = tree.DescendantsAndSelf().ToArray();
        XElement Some() => elements[random.Next(elements.Length)];
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var one = Some();
            switch (random.Next(9))
            {
                case 0 when one.Parent is not null:
                    one.Remove();
                    break;
                case 1 when one.Parent is not null:
                    for (var copies = 1 << random.Next(9); copies > 0 && tree.ToString().Length < Longest; copies -= 16)
                        one.AddAfterSelf(Enumerable.Repeat(one, Math.Min(copies, 16)).Select(e => new XElement(e)));
                    break;
                case 2:
                    Some().Add(new XElement(one));
                    break;
                case 3:
                    Some().Add(new XElement(foreign.DescendantsAndSelf().ElementAt(random.Next(foreign.DescendantsAndSelf().Count()))));
                    break;
                case 4 when one.Parent is not null:
                    var nested = new XElement(one);
                    for (var depth = random.Next(2) == 0 ? random.Next(20) : random.Next(600); depth > 0; depth--)
                        nested = new XElement(one.Name, one.Attributes(), nested);
                    one.ReplaceWith(nested);
                    break;
                case 5:
                    one.Name = one.Name.Namespace + Some().Name.LocalName;
                    break;
                case 6 when one.HasAttributes:
                    one.Attributes().ElementAt(random.Next(one.Attributes().Count())).SetValueOrNothing(Value(random));
                    break;
                case 7 when one.HasAttributes:
                    one.Attributes().Where(a => !a.IsNamespaceDeclaration).Remove();
                    break;
                case 8 when !one.HasElements:
                    one.Value = Value(random);
                    break;
            }
        }
        var written = Encoding.UTF8.GetBytes(tree.ToString(SaveOptions.DisableFormatting));
        return written.Length <= LargestPackage ? written : content;

        static XElement Root(byte[] content) =>
            XDocument.Load(XmlReader.Create(new MemoryStream(content), new() { DtdProcessing = DtdProcessing.Ignore })).Root!;

        static string Value(Random random) =>
            random.Next(4) switch
            {
                0 => new string('长', random.Next(3000)),
                1 => XmlPiece(Pieces[random.Next(Pieces.Length)]),
                _ => Numbers[random.Next(Numbers.Length)],
            };

        static string XmlPiece(string piece) => string.Concat(piece.Where(XmlConvert.IsXmlChar));
    }

    static void SetValueOrNothing(this XAttribute attribute, string value)
    {
        // Those of XML itself have words of their own.
        if (!attribute.IsNamespaceDeclaration && attribute.Name.Namespace != XNamespace.Xml)
            attribute.Value = value;
    }

    static byte[] Changed(byte[] input, byte[] other, Random random)
    {
        var (from, to) = Slice(input, random);
        var changed = random.Next(9) switch
        {
            0 => Flipped(input, random),
            1 => input[..random.Next(input.Length + 1)],
            2 => [.. input[..from], .. input[to..]],
            3 => [.. input[..to], .. Repeated(input[from..to], 1 << random.Next(14)), .. input[to..]],
            4 => [.. input[..from], .. other[Slice(other, random).From..]],
            5 => [.. input[..from], .. Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]), .. input[from..]],
            6 => Numbered(input, random),
            7 => Nested(input, from, to, random),
            _ => [.. input[..from], .. Slice(other, random) is var (a, b) ? other[a..b] : [], .. input[to..]],
        };
        return changed.Length <= Longest ? changed : changed[..Longest];
    }

    static byte[] Flipped(byte[] input, Random random)
    {
        if (input.Length == 0)
            return [(byte)random.Next(256)];
        var flipped = input.ToArray();
        for (var times = random.Next(1, 8); times > 0; times--)
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    static byte[] Repeated(byte[] piece, int times)
    {
        times = Math.Clamp(times, 1, Math.Max(1, Longest / Math.Max(1, piece.Length)));
        var repeated = new byte[piece.Length * times];
        for (var i = 0; i < times; i++)
            piece.CopyTo(repeated, i * piece.Length);
        return repeated;
    }

    static byte[] Numbered(byte[] input, Random random)
    {
        var digits = input.Select((b, i) => (b, i)).Where(d => d.b is >= (byte)'0' and <= (byte)'9').Select(d => d.i).ToArray();
        if (digits.Length == 0)
            return input;
        var from = digits[random.Next(digits.Length)];
        var to = from;
        while (to < input.Length && input[to] is >= (byte)'0' and <= (byte)'9')
            to++;
        return [.. input[..from], .. Encoding.UTF8.GetBytes(Numbers[random.Next(Numbers.Length)]), .. input[to..]];
    }

    static byte[] Nested(byte[] input, int from, int to, Random random)
    {
        var (open, close) = Nests[random.Next(Nests.Length)];
        var depth = random.Next(3) == 0 ? random.Next(20_000) : random.Next(500);
        return
        [
            .. input[..from],
            .. Repeated(Encoding.UTF8.GetBytes(open), depth),
            .. input[from..to],
            .. close.Length == 0 ? [] : Repeated(Encoding.UTF8.GetBytes(close), depth),
            .. input[to..],
        ];
    }

    /// <summary>A piece of an input, mostly from one mark to another.</summary>
    static (int From, int To) Slice(byte[] input, Random random)
    {
        var (from, to) = (random.Next(input.Length + 1), random.Next(input.Length + 1));
        if (from > to)
            (from, to) = (to, from);
        return random.Next(4) == 0 ? (from, to) : (Mark(from), Math.Max(Mark(from), Mark(to)));

        int Mark(int at) => input.AsSpan(at).IndexOfAny("<\n{[,"u8) is var next and >= 0 ? at + next : input.Length;
    }
}
