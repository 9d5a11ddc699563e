namespace PolicyPlatform.Consultation.Charts;

/// <summary>A picture of a table, and the table itself: whoever does not see the one reads the other.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Description">The same in a sentence or two, for those who are read to.</param>
public abstract record Chart(string Title, string Description)
{
    /// <summary>SVG.</summary>
    public const string MediaType = "image/svg+xml";

    /// <summary>What stands behind it.</summary>
    public abstract ChartTable Table { get; }

    /// <summary>How high it is, in pixels of a picture <see cref="Svg.Width"/> wide.</summary>
    private protected abstract int Height { get; }

    private protected abstract void Draw(Svg svg);

    /// <summary>The picture: a document of its own, which says to everybody what it is and runs nothing.</summary>
    public string ToSvg()
    {
        using var svg = new Svg(Title, Description, Height);
        Draw(svg);
        return svg.Finished();
    }
}
