using System.Runtime.InteropServices;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>
/// Finds signatures that are like one without comparing it with all: those with which it agrees in a whole band, of 32 bands of 4 values. Of
/// likeness 0.8 one in 20 million is missed, of 0.5 one in eight. 280 bytes a signature.
/// </summary>
sealed class LetterIndex
{
    const int Bands = 32,
        SmallestTable = 1 << 12,
        PlacesOfPage = 256;

    // Chains go through all signatures that agree in a band: an entry is a signature's place × 32 + the band. What is large comes page by page:
    // to grow by doubling takes three times as much for a while, and leaves up to half of it empty.
    readonly List<int[]> next = [];
    readonly List<byte[]> signatures = [];
    int[] heads = NewHeads(SmallestTable),
        lookedAt = new int[64];
    bool[] isGone = new bool[64];
    int look;

    /// <summary>How many places there are, with those of signatures that were taken out.</summary>
    public int Places { get; private set; }

    /// <summary>Puts a signature in; its place, by which it is known.</summary>
    public int Add(ReadOnlySpan<byte> signature)
    {
        var place = Places++;
        if (place % PlacesOfPage == 0)
        {
            next.Add(new int[PlacesOfPage * Bands]);
            signatures.Add(new byte[PlacesOfPage * LetterSignature.Length]);
        }
        if (place == isGone.Length)
        {
            Array.Resize(ref lookedAt, lookedAt.Length * 2);
            Array.Resize(ref isGone, isGone.Length * 2);
        }
        signature.CopyTo(SignatureIn(place));
        if (Places * Bands > heads.Length * 2)
        {
            heads = NewHeads(heads.Length * 4);
            for (var known = 0; known < place; known++)
                if (!isGone[known])
                    Link(known);
        }
        Link(place);
        return place;
    }

    /// <summary>Takes a signature out.</summary>
    public void Remove(int place) => isGone[place] = true;

    /// <summary>The places of signatures of which the estimated likeness is at least this, with it; in no order.</summary>
    public void Find(ReadOnlySpan<byte> signature, double least, List<(int Place, double Estimate)> found)
    {
        look++;
        var bands = MemoryMarshal.Cast<byte, uint>(signature);
        for (var band = 0; band < Bands; band++)
        {
            for (var entry = heads[Bucket(bands[band], band)]; entry >= 0; entry = Next(entry))
            {
                var place = entry / Bands;
                if (lookedAt[place] == look || isGone[place] || entry % Bands != band || BandOf(place, band) != bands[band])
                    continue;
                lookedAt[place] = look;
                var estimate = LetterSignature.Estimate(signature, SignatureAt(place));
                if (estimate >= least)
                    found.Add((place, estimate));
            }
        }
    }

    /// <summary>The signature at a place.</summary>
    public ReadOnlySpan<byte> SignatureAt(int place) => SignatureIn(place);

    Span<byte> SignatureIn(int place) =>
        signatures[place / PlacesOfPage].AsSpan(place % PlacesOfPage * LetterSignature.Length, LetterSignature.Length);

    ref int Next(int entry) => ref next[entry / (PlacesOfPage * Bands)][entry % (PlacesOfPage * Bands)];

    void Link(int place)
    {
        for (var band = 0; band < Bands; band++)
        {
            ref var head = ref heads[Bucket(BandOf(place, band), band)];
            var entry = place * Bands + band;
            (Next(entry), head) = (head, entry);
        }
    }

    uint BandOf(int place, int band) => MemoryMarshal.Cast<byte, uint>(SignatureAt(place))[band];

    // The table's length is a power of two.
    int Bucket(uint value, int band) => (int)((value * 0x9E3779B97F4A7C15UL + (ulong)band * 0xBF58476D1CE4E5B9) >> 32) & heads.Length - 1;

    static int[] NewHeads(int length)
    {
        var made = new int[length];
        Array.Fill(made, -1);
        return made;
    }
}
