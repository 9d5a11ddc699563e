using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Drawing;
using DocumentFormat.OpenXml.Drawing.Wordprocessing;
using DocumentFormat.OpenXml.Packaging;
using PolicyPlatform.Testing;
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

    /// <summary>A Word file that has something of all that is read, as its parts are written.</summary>
    public static byte[] WithEverything()
    {
        const string Main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            Types = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
        return Zip.Of(
            new[]
            {
                (
                    "[Content_Types].xml",
                    $"""
                    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                    <Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="{Types}document.main+xml"/>
                    <Override PartName="/word/styles.xml" ContentType="{Types}styles+xml"/><Override PartName="/word/numbering.xml" ContentType="{Types}numbering+xml"/>
                    <Override PartName="/word/footnotes.xml" ContentType="{Types}footnotes+xml"/><Override PartName="/word/header1.xml" ContentType="{Types}header+xml"/></Types>
                    """
                ),
                (
                    "_rels/.rels",
                    $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{Office}/officeDocument" Target="word/document.xml"/></Relationships>"""
                ),
                (
                    "word/_rels/document.xml.rels",
                    $"""
                    <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{Office}/styles" Target="styles.xml"/>
                    <Relationship Id="r2" Type="{Office}/numbering" Target="numbering.xml"/><Relationship Id="r3" Type="{Office}/footnotes" Target="footnotes.xml"/>
                    <Relationship Id="r4" Type="{Office}/header" Target="header1.xml"/><Relationship Id="r5" Type="{Office}/image" Target="media/a.png"/>
                    <Relationship Id="r6" Type="{Office}/hyperlink" Target="https://example.org/" TargetMode="External"/></Relationships>
                    """
                ),
                (
                    "word/document.xml",
                    $"""
                    <w:document xmlns:w="{Main}" xmlns:r="{Office}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>
                    <w:p><w:pPr><w:pStyle w:val="T"/></w:pPr><w:r><w:t>云泽区供热办法</w:t></w:r></w:p>
                    <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>供热</w:t><w:footnoteReference w:id="2"/><w:tab/><w:br/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>
                    <w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr></w:pPr><w:ins w:id="1"><w:r><w:t>增</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>删</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r></w:p>
                    <w:p><w:pPr><w:rPr><w:del w:id="3"/></w:rPr></w:pPr><w:r><w:t>接着</w:t></w:r></w:p>
                    <w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p/><w:tbl><w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
                    <w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>目录</w:t></w:r></w:p></w:sdtContent></w:sdt>
                    <w:p><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:rad><m:deg><m:r><m:t>3</m:t></m:r></m:deg><m:e><m:r><m:t>c</m:t></m:r></m:e></m:rad></m:den></m:f><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub><m:r><m:t>i</m:t></m:r></m:sub><m:sup/><m:e><m:d><m:dPr><m:begChr m:val="["/></m:dPr><m:e><m:r><m:t>x</m:t></m:r></m:e></m:d></m:e></m:nary></m:oMath></w:p>
                    <w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText> TOC \o </w:instrText><w:fldChar w:fldCharType="separate"/><w:t>一</w:t><w:fldChar w:fldCharType="end"/></w:r><w:hyperlink r:id="r6"><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:r><w:ruby><w:rt><w:r><w:t>rè</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>热</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>
                    <w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:imagedata r:id="r5"/></v:shape></w:pict></mc:Fallback></mc:AlternateContent><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip r:embed="r5"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>
                    <w:sectPr><w:headerReference w:type="first" r:id="r4"/></w:sectPr></w:body></w:document>
                    """
                ),
                (
                    "word/styles.xml",
                    $"""<w:styles xmlns:w="{Main}"><w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/><w:basedOn w:val="N"/></w:style><w:style w:type="paragraph" w:styleId="N"><w:name w:val="heading 1"/><w:basedOn w:val="T"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>"""
                ),
                (
                    "word/numbering.xml",
                    $"""<w:numbering xmlns:w="{Main}"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>"""
                ),
                (
                    "word/footnotes.xml",
                    $"""<w:footnotes xmlns:w="{Main}"><w:footnote w:id="2"><w:p><w:r><w:t>注释</w:t></w:r></w:p></w:footnote></w:footnotes>"""
                ),
                ("word/header1.xml", $"""<w:hdr xmlns:w="{Main}"><w:p><w:r><w:t>云泽区人民政府文件</w:t></w:r></w:p></w:hdr>"""),
                ("word/media/a.png", "PNG"),
            }.Select(part => (part.Item1, System.Text.Encoding.UTF8.GetBytes(part.Item2)))
        );
    }
}
