using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Drawing;
using DocumentFormat.OpenXml.Drawing.Wordprocessing;
using DocumentFormat.OpenXml.Packaging;
using Picture = DocumentFormat.OpenXml.Drawing.Pictures;
using Word = DocumentFormat.OpenXml.Wordprocessing;

namespace PolicyPlatform.Documents.Tests.Text;

/// <summary>Pieces of Word files.</summary>
static class WordFiles
{
    /// <summary>An image as Word places it in a line.</summary>
    public static Word.Drawing Picture(string relationship) =>
        new(
            new Inline(
                new Extent { Cx = 9525, Cy = 9525 },
                new DocProperties { Id = 1, Name = "图" },
                new Graphic(
                    new GraphicData(
                        new Picture.Picture(
                            new Picture.NonVisualPictureProperties(
                                new Picture.NonVisualDrawingProperties { Id = 1, Name = "图" },
                                new Picture.NonVisualPictureDrawingProperties()
                            ),
                            new Picture.BlipFill(new Blip { Embed = relationship }, new Stretch(new FillRectangle())),
                            new Picture.ShapeProperties()
                        )
                    )
                    {
                        Uri = "http://schemas.openxmlformats.org/drawingml/2006/picture",
                    }
                )
            )
        );

    /// <summary>A Word file of one paragraph with an image at its end.</summary>
    public static byte[] WithPicture(string text, byte[] image)
    {
        using var file = new MemoryStream();
        using (var word = WordprocessingDocument.Create(file, WordprocessingDocumentType.Document))
        {
            var main = word.AddMainDocumentPart();
            using (var stream = new MemoryStream(image))
                main.AddImagePart(ImagePartType.Png, "rIdImage").FeedData(stream);
            main.Document = new(new Word.Body(new Word.Paragraph(new Word.Run(new Word.Text(text), Picture("rIdImage")))));
        }
        return file.ToArray();
    }
}
