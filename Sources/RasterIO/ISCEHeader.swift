import Foundation
import Rasters

/// ISCE-2's two descriptions of one image: `NAME.xml`, which its own programs read, and `NAME.vrt`.
///
/// Source: ISCE-2, `isceobj/Image/Image.py` (properties and components) and `renderVRT`.
package struct ISCEHeader {
  package let xml: String
  package let vrt: String

  /// - Parameters:
  ///   - fileName: of the image, without folder.
  ///   - type: `.float32`, `.uint8` or `.complex64`.
  ///   - description: what the values mean.
  package init(
    width: Int, height: Int, georeference: Georeference?, fileName: String, bandCount: Int,
    type: SampleType, description: String
  ) {
    let numbers = georeference?.geotransform
    let isComplex = type == .complex64
    let family = isComplex ? "intimage" : bandCount > 1 ? "unwrappedintimage" : "image"
    let properties: [(String, String)] = [
      ("access_mode", "read"), ("byte_order", "l"),
      ("data_type", isComplex ? "CFLOAT" : type == .uint8 ? "BYTE" : "FLOAT"),
      ("description", description), ("extra_file_name", fileName + ".vrt"), ("family", family),
      ("file_name", fileName),
      ("image_type", isComplex ? "cpx" : bandCount > 1 ? "unw" : "cor"), ("length", "\(height)"),
      ("name", family + "_name"), ("number_bands", "\(bandCount)"),
      ("scheme", bandCount > 1 ? "BIL" : "BIP"), ("width", "\(width)"),
      ("xmax", "\(numbers.map { $0[0] + $0[1] * Double(width) } ?? Double(width))"),
      ("xmin", "\(numbers?[0] ?? 0)"),
    ]
    xml =
      "<imageFile>\n"
      + Self.coordinate(1, width, start: numbers?[0] ?? 0, step: numbers?[1] ?? 1)
      + Self.coordinate(2, height, start: numbers?[3] ?? 0, step: numbers?[5] ?? 1)
      + properties.map(Self.property).joined() + "</imageFile>\n"

    let pixelBytes = type.byteCount
    let gdalType = isComplex ? "CFloat32" : type == .uint8 ? "Byte" : "Float32"
    let bands = (0..<bandCount).map { band in
      """
        <VRTRasterBand dataType="\(gdalType)" band="\(band + 1)" subClass="VRTRawRasterBand">
          <SourceFilename relativeToVRT="1">\(Self.escaped(fileName))</SourceFilename>
          <ImageOffset>\(band * width * pixelBytes)</ImageOffset>
          <PixelOffset>\(pixelBytes)</PixelOffset>
          <LineOffset>\(bandCount * width * pixelBytes)</LineOffset>
          <ByteOrder>LSB</ByteOrder>
        </VRTRasterBand>

      """
    }
    var place = ""
    if let georeference {
      if !georeference.crsWKT.isEmpty {
        place = "  <SRS>\(Self.escaped(georeference.crsWKT))</SRS>\n"
      }
      let texts = georeference.geotransform.map { "\($0)" }
      place += "  <GeoTransform>\(texts.joined(separator: ", "))</GeoTransform>\n"
    }
    vrt =
      "<VRTDataset rasterXSize=\"\(width)\" rasterYSize=\"\(height)\">\n" + place
      + bands.joined() + "</VRTDataset>\n"
  }

  private static func property(_ name: String, _ value: String) -> String {
    "  <property name=\"\(name)\"><value>\(escaped(value))</value></property>\n"
  }

  private static func coordinate(_ number: Int, _ size: Int, start: Double, step: Double) -> String
  {
    "  <component name=\"coordinate\(number)\">\n"
      + "    <factorymodule>isceobj.Image</factorymodule>\n"
      + "    <factoryname>createCoordinate</factoryname>\n"
      + [
        ("delta", "\(step)"), ("endingvalue", "\(start + step * Double(size))"),
        ("family", "imagecoordinate"), ("name", "imagecoordinate_name"), ("size", "\(size)"),
        ("startingvalue", "\(start)"),
      ].map { "  " + property($0, $1) }.joined() + "  </component>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
