using DocumentFormat.OpenXml.Drawing;
using DocumentFormat.OpenXml.Drawing.Wordprocessing;
using Picture = DocumentFormat.OpenXml.Drawing.Pictures;
using Word = DocumentFormat.OpenXml.Wordprocessing;

namespace PolicyPlatform.Documents.Tests.Text;

/// <summary>Pieces of Word files.</summary>
static class WordFiles
{
    /// <summary>An image as Word places it in a line.</summary>
    public static Word.Drawing Picture(string relationship) => new(new Inline(
        new Extent { Cx = 9525, Cy = 9525 }, new DocProperties { Id = 1, Name = "图" },
        new Graphic(new GraphicData(new Picture.Picture(
            new Picture.NonVisualPictureProperties(new Picture.NonVisualDrawingProperties { Id = 1, Name = "图" }, new Picture.NonVisualPictureDrawingProperties()),
            new Picture.BlipFill(new Blip { Embed = relationship }, new Stretch(new FillRectangle())),
            new Picture.ShapeProperties()))
        { Uri = "http://schemas.openxmlformats.org/drawingml/2006/picture" })));
}
