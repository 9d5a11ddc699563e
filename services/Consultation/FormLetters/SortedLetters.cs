namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>Reads what comments say; those that were withdrawn are left out.</summary>
delegate ValueTask<IReadOnlyDictionary<Guid, string>> ReadTexts(IReadOnlyCollection<Guid> comments, CancellationToken cancellation);

/// <summary>A letter: comments that say the same, each at least 0.8 like the one in their middle.</summary>
sealed class SortedLetter(Guid id, long number)
{
    /// <summary>The letter.</summary>
    public Guid Id => id;

    /// <summary>Letters are counted as they are found: where two are equally near, the first one has it.</summary>
    public long Number => number;

    /// <summary>The comment in the middle, with which others are compared.</summary>
    public Guid Medoid { get; set; }

    /// <summary>The comments, in the order in which they came to it.</summary>
    public List<Guid> Comments { get; } = new(1);

    /// <summary>At how many comments the middle is looked for again.</summary>
    public int LooksAt { get; set; } = 4;

    /// <summary>Whether a person merged or split it: then comments come to it, and nothing else is changed about it.</summary>
    public bool IsByHand { get; init; }

    /// <summary>The letter that a person put it into: what is like it goes there. Null for none.</summary>
    public SortedLetter? PartOf { get; set; }

    /// <summary>The earlier letter that it is most like without being the same; null for none.</summary>
    public Guid? Near { get; set; }

    /// <summary>How alike the two are, 0.5 to 0.8.</summary>
    public double NearLikeness { get; set; }

    // Where the signatures of the comment in the middle are in the index, one behind the other; they are kept nowhere else.
    internal int Place { get; set; }
    internal int Places { get; set; }
}

/// <summary>
/// Sorts the comments of a consultation into letters, one after the other in the order of their receipt; how many come at a time makes no
/// difference. A comment goes to the letter of which the middle (the medoid) is nearest, from 0.8 on, and begins a letter of its own where
/// there is none: it is never enough to be like some comment of a letter (single linkage), so topics with one preamble stay apart. The first
/// comment need not be the middle: whenever a letter has doubled, it looks for the comment that is most like the others, and round: what is
/// not like the new middle any more, and what is nearer to it in smaller letters, is placed again. So where letters stand apart, they come
/// out the same in whatever order their comments came; one that stands between two can fall to the other.
/// </summary>
sealed class SortedLetters(ReadTexts read, int mostCharactersKept = 500_000)
{
    /// <summary>From this likeness on two comments are one letter.</summary>
    internal const double Same = 0.8;

    /// <summary>From this likeness on it is proposed that they are.</summary>
    internal const double Alike = 0.5;

    // Two middles that have a comment in common can be this far apart.
    const double Neighbours = 0.6;

    // What is estimated is off by 0.04: nothing that is the same is left out before it is compared exactly.
    const double SurelyCompared = 0.66,
        PerhapsAlike = 0.4;

    const int MostCompared = 64,
        MostPerhapsAlike = 4,
        Sample = 32,
        ReadAtOnce = 500,
        PlacedAtOnce = 20,
        PlacedAgainAtOnce = 100;

    readonly LetterIndex index = new();
    readonly List<SortedLetter> atPlace = [];
    readonly Dictionary<Guid, (SortedLetter Letter, double Likeness)> placed = [];
    readonly HashSet<SortedLetter> parts = [];
    readonly Queue<Guid> again = [];
    readonly List<(int Place, double Estimate)> found = [];
    Dictionary<Guid, LetterText> texts = [],
        olderTexts = [];
    long charactersKept,
        nextNumber;

    readonly HashSet<SortedLetter> changed = [];
    readonly HashSet<Guid> gone = [],
        moved = [];

    /// <summary>How many comments are placed.</summary>
    public int Count => placed.Count;

    /// <summary>How many letters there are.</summary>
    public int LetterCount { get; private set; }

    /// <summary>The letters that have comments.</summary>
    public IEnumerable<SortedLetter> Letters => atPlace.Where((l, place) => l.Places > 0 && l.Place == place && l.PartOf is null);

    /// <summary>The letter of a comment, and how like its middle it is; null where it is in none.</summary>
    public (SortedLetter Letter, double Likeness)? Of(Guid comment) => placed.TryGetValue(comment, out var at) ? at : null;

    /// <summary>The signatures of the comment in the middle of a letter.</summary>
    public IReadOnlyList<byte[]> SignaturesOf(SortedLetter letter) =>
        [.. Enumerable.Range(letter.Place, letter.Places).Select(place => index.SignatureAt(place).ToArray())];

    /// <summary>
    /// Takes up what was sorted before: letters with the signatures of the comments in their middle, in the order of their numbers, those that are
    /// part of another behind it.
    /// </summary>
    public void Restore(
        IEnumerable<(SortedLetter Letter, IReadOnlyList<byte[]> Signatures)> letters,
        IEnumerable<(Guid Comment, Guid Letter, double Likeness)> comments
    )
    {
        var known = new Dictionary<Guid, SortedLetter>();
        foreach (var (letter, signatures) in letters)
        {
            known.Add(letter.Id, letter);
            Enter(letter, signatures);
            nextNumber = Math.Max(nextNumber, letter.Number + 1);
            if (letter.PartOf is null)
                LetterCount++;
            else
                parts.Add(letter);
        }
        foreach (var (comment, letter, likeness) in comments)
        {
            if (!known.TryGetValue(letter, out var its))
                continue;
            its.Comments.Add(comment);
            placed[comment] = (its, likeness);
        }
    }

    /// <summary>Places comments in their order; those that are placed stay where they are.</summary>
    public async ValueTask Place(IReadOnlyList<(Guid Id, string Text)> comments, CancellationToken cancellation)
    {
        // What each is compared with is held at once: so few at a time that it is never much.
        foreach (var some in comments.Chunk(PlacedAtOnce))
            await PlaceSome(some, cancellation);
    }

    async ValueTask PlaceSome((Guid Id, string Text)[] comments, CancellationToken cancellation)
    {
        var unread = new HashSet<SortedLetter>();
        foreach (var (id, said) in comments)
        {
            if (placed.ContainsKey(id))
                continue;
            var text = LetterText.Of(said);
            Keep(id, text);
            // What they will be compared with is read at once.
            foreach (var letter in Candidates(text, LetterSignature.Of(text)))
                if (!IsKept(letter.Medoid))
                    unread.Add(letter);
        }
        if (unread.Count > 0)
        {
            var came = await Read([.. unread.Select(l => l.Medoid).Distinct()], cancellation);
            // One that was withdrawn, and is still to leave, is like nothing that comes.
            await FindMiddles(unread.Where(l => !came.ContainsKey(l.Medoid)), cancellation);
            await PlaceAgain(cancellation);
        }
        foreach (var (id, _) in comments)
        {
            if (placed.ContainsKey(id))
                continue;
            // Only a comment that is new makes a letter look round: what is placed again for it comes to an end.
            if (await Place(id, cancellation) is { } letter && letter.Comments.Count >= letter.LooksAt)
                await LookRound(letter, cancellation);
            await PlaceAgain(cancellation);
        }
    }

    async ValueTask PlaceAgain(CancellationToken cancellation)
    {
        // Read many at once, and no more than are kept. Placing one again queues no other.
        while (again.Count > 0)
        {
            Guid[] some = [.. again.Take(PlacedAgainAtOnce)];
            await Texts(some, cancellation);
            foreach (var _ in some)
                await Place(again.Dequeue(), cancellation);
        }
    }

    /// <summary>Comments were withdrawn: they leave their letters, which look for other middles once all have left.</summary>
    public async ValueTask Leave(IReadOnlyCollection<Guid> comments, CancellationToken cancellation)
    {
        var leaving = comments.ToHashSet();
        var letters = new HashSet<SortedLetter>();
        foreach (var comment in leaving)
        {
            texts.Remove(comment);
            olderTexts.Remove(comment);
            if (!placed.Remove(comment, out var at))
                continue;
            moved.Add(comment);
            letters.Add(at.Letter);
        }
        foreach (var letter in letters)
        {
            letter.Comments.RemoveAll(leaving.Contains);
            changed.Add(letter);
            if (letter.Comments.Count == 0)
                DropWithParts(letter);
        }
        letters.RemoveWhere(l => l.Comments.Count == 0);
        await FindMiddles(letters.Concat(parts).Where(l => !placed.ContainsKey(l.Medoid)), cancellation);
        await PlaceAgain(cancellation);
    }

    /// <summary>What was changed since it was asked last: letters, letters that are gone, and comments that went to another letter or left.</summary>
    public (IReadOnlyCollection<SortedLetter> Letters, IReadOnlyCollection<Guid> Gone, IReadOnlyCollection<Guid> Comments) TakeChanges()
    {
        var taken = (changed.ToArray(), gone.ToArray(), moved.ToArray());
        changed.Clear();
        gone.Clear();
        moved.Clear();
        return taken;
    }

    async ValueTask<SortedLetter?> Place(Guid comment, CancellationToken cancellation)
    {
        var text = (await Texts([comment], cancellation))[0];
        if (text.Words.Length == 0)
            return null;
        var signatures = LetterSignature.Of(text);
        var (nearest, likeness) = await Nearest(text, signatures, null, cancellation);
        if (likeness >= Same)
        {
            var letter = nearest!.PartOf ?? nearest;
            Join(letter, comment, likeness);
            return letter;
        }
        var begun = new SortedLetter(Guid.CreateVersion7(), nextNumber++) { Medoid = comment };
        Enter(begun, signatures);
        LetterCount++;
        SetNear(begun, nearest, likeness);
        Join(begun, comment, 1);
        return begun;
    }

    async ValueTask<(SortedLetter? Letter, double Likeness)> Nearest(
        LetterText text,
        IReadOnlyList<byte[]> signatures,
        SortedLetter? butNot,
        CancellationToken cancellation
    )
    {
        SortedLetter? nearest = null;
        var likeness = 0.0;
        var candidates = Candidates(text, signatures);
        if (butNot is not null)
            candidates.Remove(butNot);
        var medoids = await Texts([.. candidates.Select(c => c.Medoid)], cancellation);
        foreach (var (i, letter) in candidates.Index())
        {
            var like = LetterText.Likeness(text, medoids[i]);
            if (like > likeness || like == likeness && letter.Number < nearest?.Number)
                (nearest, likeness) = (letter, like);
        }
        return (nearest, likeness);
    }

    // The most alike first. Where very many are half alike (a form with much to fill in), only those are compared that can be the same.
    List<SortedLetter> Candidates(LetterText text, IReadOnlyList<byte[]> signatures)
    {
        found.Clear();
        foreach (var signature in signatures)
            index.Find(signature, PerhapsAlike, found);
        if (found.Count == 0)
            return [];
        found.Sort(
            (a, b) =>
                a.Estimate != b.Estimate ? b.Estimate.CompareTo(a.Estimate) : atPlace[a.Place].Number.CompareTo(atPlace[b.Place].Number)
        );
        var candidates = new List<SortedLetter>();
        var perhaps = 0;
        foreach (var (place, estimate) in found)
        {
            if (candidates.Count == MostCompared || estimate < SurelyCompared && ++perhaps > MostPerhapsAlike)
                break;
            // A text that is found by two signatures is one.
            if (signatures.Count == 1 || !candidates.Contains(atPlace[place]))
                candidates.Add(atPlace[place]);
        }
        return candidates;
    }

    async ValueTask LookRound(SortedLetter letter, CancellationToken cancellation)
    {
        letter.LooksAt = 2 * letter.Comments.Count;
        changed.Add(letter);
        if (letter.IsByHand)
            return;
        await LookForMiddle(letter, cancellation);
        var medoid = (await Texts([letter.Medoid], cancellation))[0];
        found.Clear();
        foreach (var signature in SignaturesOf(letter))
            index.Find(signature, Neighbours - 0.1, found);
        var neighbours = found
            .Select(f => atPlace[f.Place])
            .Distinct()
            .Where(l => l != letter && !l.IsByHand && l.PartOf is null)
            .OrderByDescending(l => l.Comments.Count)
            .ThenBy(l => l.Number)
            .Take(MostCompared)
            .ToArray();
        var medoids = await Texts([.. neighbours.Select(l => l.Medoid)], cancellation);
        foreach (var (i, other) in neighbours.Index())
        {
            var likeness = LetterText.Likeness(medoid, medoids[i]);
            if (likeness < Neighbours)
                continue;
            if (other.Comments.Count > letter.Comments.Count)
                continue;
            if (likeness >= Same)
                Dissolve(other);
            else
                await ComeOver(other, letter, medoid, cancellation);
        }
    }

    // Comments of a smaller letter that are nearer to this one's middle.
    async ValueTask ComeOver(SortedLetter other, SortedLetter letter, LetterText medoid, CancellationToken cancellation)
    {
        var coming = new HashSet<Guid>();
        foreach (var some in other.Comments.ToArray().Chunk(ReadAtOnce))
        {
            var said = await Texts(some, cancellation);
            foreach (var (i, comment) in some.Index())
                if (
                    comment != other.Medoid
                    && LetterText.Likeness(said[i], medoid) is >= Same and var likeness
                    && likeness > placed[comment].Likeness
                )
                {
                    coming.Add(comment);
                    letter.Comments.Add(comment);
                    placed[comment] = (letter, likeness);
                    moved.Add(comment);
                }
        }
        if (coming.Count == 0)
            return;
        other.Comments.RemoveAll(coming.Contains);
        changed.Add(other);
    }

    // Looks for the comment that is most like the others, by a sample that is the same whatever came when.
    async ValueTask LookForMiddle(SortedLetter letter, CancellationToken cancellation)
    {
        Guid[] sample = [.. letter.Comments.Order().Take(Sample)];
        Guid[] asked = [letter.Medoid, .. sample.Where(c => c != letter.Medoid)];
        var said = await Texts(asked, cancellation);
        var middle = Middle(said, sample.Length);
        if (asked[middle] != letter.Medoid && !await IsTaken(said[middle], letter, cancellation))
            await Recentre(letter, asked[middle], said[middle], cancellation);
    }

    // The comments in the middle of letters are withdrawn: others that say the same take their places, so that the letters go on to draw what
    // they drew.
    async ValueTask FindMiddles(IEnumerable<SortedLetter> letters, CancellationToken cancellation)
    {
        foreach (var letter in letters.OrderBy(l => l.Number).ToArray())
        {
            var others = await LikeMiddle(letter, letter.IsByHand, cancellation);
            if (others.Count == 0 && letter.IsByHand && letter.PartOf is null)
                others = await LikeMiddle(letter, false, cancellation);
            if (others.Count > 0)
            {
                var same = others.FindIndex(o => SaysTheSame(letter, o.Comment, LetterSignature.Of(o.Text)));
                var (comment, text) = others[same >= 0 ? same : Middle([.. others.Select(o => o.Text)], others.Count)];
                await Recentre(letter, comment, text, cancellation);
            }
            // Of a letter all others are withdrawn as well, and leave in their turn.
            else if (parts.Remove(letter))
                Drop(letter);
        }
    }

    // Some comments of a letter that say something, those that said the same as the one in the middle first. In a letter that a person made
    // not all are like it.
    async ValueTask<List<(Guid Comment, LetterText Text)>> LikeMiddle(SortedLetter letter, bool only, CancellationToken cancellation)
    {
        var like = new List<(Guid, LetterText)>();
        Guid[] all = [.. (letter.PartOf ?? letter).Comments.OrderBy(c => placed[c].Likeness < 1).ThenBy(c => c)];
        for (var read = 0; read < all.Length && like.Count < Sample; )
        {
            // Mostly the first ones do.
            var some = all[read..Math.Min(all.Length, read + (read == 0 && !only ? Sample : ReadAtOnce))];
            read += some.Length;
            foreach (var (comment, text) in some.Zip(await Texts(some, cancellation)))
                if (text.Words.Length > 0 && (!only || IsLike(letter, LetterSignature.Of(text))))
                    like.Add((comment, text));
        }
        return like.Count > Sample ? like[..Sample] : like;
    }

    bool IsLike(SortedLetter letter, IReadOnlyList<byte[]> signatures) =>
        signatures.Any(s => SignaturesOf(letter).Any(its => LetterSignature.Estimate(s, its) >= Same));

    bool SaysTheSame(SortedLetter letter, Guid comment, IReadOnlyList<byte[]> signatures) =>
        placed[comment].Likeness == 1
        && signatures.Count == letter.Places
        && signatures.Zip(SignaturesOf(letter)).All(s => s.First.AsSpan().SequenceEqual(s.Second));

    async ValueTask Recentre(SortedLetter letter, Guid medoid, LetterText text, CancellationToken cancellation)
    {
        var signatures = LetterSignature.Of(text);
        // All are as like it as they were to the one before.
        var isSame = SaysTheSame(letter, medoid, signatures);
        letter.Medoid = medoid;
        changed.Add(letter);
        if (isSame)
            return;
        TakeOut(letter);
        Enter(letter, signatures);
        if (letter.PartOf is not null)
            return;
        var leaving = new HashSet<Guid>();
        foreach (var some in letter.Comments.ToArray().Chunk(ReadAtOnce))
        foreach (var (comment, said) in some.Zip(await Texts(some, cancellation)))
        {
            var likeness = LetterText.Likeness(said, text);
            // What is withdrawn leaves in its turn.
            if (said.Words.Length == 0 || likeness == placed[comment].Likeness)
                continue;
            if (likeness < Same && !letter.IsByHand)
                leaving.Add(comment);
            else
            {
                placed[comment] = (letter, likeness);
                moved.Add(comment);
            }
        }
        letter.Comments.RemoveAll(leaving.Contains);
        foreach (var comment in leaving.Order())
            Again(comment);
        var (near, nearLikeness) = await Nearest(text, signatures, letter, cancellation);
        SetNear(letter, near, nearLikeness);
    }

    // Whether a larger letter, or one that a person made, has its middle there: letters do not chase each other.
    async ValueTask<bool> IsTaken(LetterText middle, SortedLetter letter, CancellationToken cancellation)
    {
        var others = Candidates(middle, LetterSignature.Of(middle));
        others.RemoveAll(l => l == letter || !l.IsByHand && l.Comments.Count <= letter.Comments.Count);
        var medoids = await Texts([.. others.Select(l => l.Medoid)], cancellation);
        return medoids.Any(m => LetterText.Likeness(middle, m) >= Same);
    }

    /// <summary>
    /// Which of some texts is most like the others; the first one, unless another one is so clearly. The likeness to the first
    /// <paramref name="counted"/> of them counts.
    /// </summary>
    internal static int Middle(IReadOnlyList<LetterText> said, int counted)
    {
        const double clearly = 0.005;
        var (middle, most) = (0, 0.0);
        for (var i = 0; i < said.Count; i++)
        {
            var sum = 0.0;
            for (var k = said.Count - counted; k < said.Count; k++)
                sum += LetterText.Likeness(said[i], said[k]);
            if (i == 0 || sum > most + clearly * counted)
                (middle, most) = (i, sum);
        }
        return middle;
    }

    void Dissolve(SortedLetter letter)
    {
        foreach (var comment in letter.Comments.Order())
            Again(comment);
        letter.Comments.Clear();
        Drop(letter);
    }

    void Again(Guid comment)
    {
        placed.Remove(comment);
        moved.Add(comment);
        again.Enqueue(comment);
    }

    void Join(SortedLetter letter, Guid comment, double likeness)
    {
        letter.Comments.Add(comment);
        placed[comment] = (letter, likeness);
        moved.Add(comment);
        changed.Add(letter);
    }

    static void SetNear(SortedLetter letter, SortedLetter? near, double likeness) =>
        (letter.Near, letter.NearLikeness) =
            near is not null && likeness is >= Alike and < Same ? ((Guid?)(near.PartOf ?? near).Id, likeness) : (null, 0);

    void Enter(SortedLetter letter, IReadOnlyList<byte[]> signatures)
    {
        (letter.Place, letter.Places) = (index.Places, signatures.Count);
        foreach (var signature in signatures)
        {
            index.Add(signature);
            atPlace.Add(letter);
        }
    }

    void TakeOut(SortedLetter letter)
    {
        for (var place = letter.Place; place < letter.Place + letter.Places; place++)
            index.Remove(place);
        letter.Places = 0;
    }

    void DropWithParts(SortedLetter letter)
    {
        foreach (var part in parts.Where(p => p.PartOf == letter).ToArray())
        {
            parts.Remove(part);
            Drop(part);
        }
        Drop(letter);
    }

    void Drop(SortedLetter letter)
    {
        TakeOut(letter);
        changed.Remove(letter);
        gone.Add(letter.Id);
        if (letter.PartOf is null)
            LetterCount--;
    }

    bool IsKept(Guid comment) => texts.ContainsKey(comment) || olderTexts.ContainsKey(comment);

    void Keep(Guid comment, LetterText text)
    {
        if (!texts.TryAdd(comment, text))
            return;
        charactersKept += text.Words.Length;
        if (charactersKept < mostCharactersKept)
            return;
        // What was not asked for since the last time goes.
        (olderTexts, texts, charactersKept) = (texts, [], 0);
    }

    async ValueTask<IReadOnlyList<LetterText>> Texts(Guid[] comments, CancellationToken cancellation)
    {
        var known = new LetterText[comments.Length];
        List<Guid>? missing = null;
        for (var i = 0; i < known.Length; i++)
            if (texts.TryGetValue(comments[i], out var text))
                known[i] = text;
            else if (olderTexts.TryGetValue(comments[i], out text))
                Keep(comments[i], known[i] = text);
            else
                (missing ??= []).Add(comments[i]);
        if (missing is null)
            return known;
        var came = await Read(missing, cancellation);
        for (var i = 0; i < known.Length; i++)
            known[i] ??= came.GetValueOrDefault(comments[i]) ?? Nothing;
        return known;
    }

    async ValueTask<Dictionary<Guid, LetterText>> Read(List<Guid> comments, CancellationToken cancellation)
    {
        var came = new Dictionary<Guid, LetterText>(comments.Count);
        foreach (var (id, said) in await read(comments, cancellation))
            Keep(id, came[id] = LetterText.Of(said));
        return came;
    }

    static readonly LetterText Nothing = LetterText.Of("");
}
