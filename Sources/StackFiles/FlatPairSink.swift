import DurableFiles
import Foundation
import InSARPhase

/// Writes interferograms in the layouts of ROI_PAC and ISCE: raw binary files, each with a header
/// file.
///
/// `.unw` holds amplitude and phase interleaved by line, `.int` complex numbers, `.cor` amplitude
/// and coherence in ROI_PAC and only coherence in ISCE. The amplitude is 1, and 0 where there is no
/// data, as in both programs; the phase is 0 there.
struct FlatPairSink: StackSink {
  enum Style: Equatable { case isce, roipac }

  private let stack: StackDescription
  private let folder: String
  private let style: Style

  init(_ stack: StackDescription, folder: String, style: Style) throws {
    self.stack = stack
    self.folder = "\(folder)/\(style == .isce ? "isce" : "roipac")"
    self.style = style
    try AtomicFolder.makeFolders(self.folder)
  }

  mutating func add(_ interferogram: Interferogram) throws {
    let pair = stack.network.pairs[interferogram.index]
    let name = stack.network.name(pair)
    let stem: String
    switch style {
    case .roipac: stem = name
    case .isce:
      stem = "\(name)/filt_fine"
      try AtomicFolder.makeFolders("\(folder)/\(name)")
    }
    let amplitude = interferogram.unwrappedRadians.map { $0.isNaN ? Float(0) : 1 }
    let coherence = interferogram.coherence.map { $0.isNaN ? Float(0) : $0 }
    let phase = NoDataZero.encoded(interferogram.unwrappedRadians)
    var complex = [Float]()
    complex.reserveCapacity(2 * phase.count)
    for (phase, amplitude) in zip(interferogram.wrappedRadians, amplitude) {
      complex += amplitude == 0 ? [0, 0] : [cosf(phase), sinf(phase)]
    }
    try write(lines([amplitude, phase]), to: "\(stem).unw", pair, bands: 2)
    try write(complex, to: "\(stem).int", pair, bands: 1, isComplex: true)
    if style == .isce {
      try write(coherence, to: "\(stem).cor", pair, bands: 1)
    } else {
      try write(lines([amplitude, coherence]), to: "\(stem).cor", pair, bands: 2)
    }
  }

  /// The rows of the planes, interleaved.
  private func lines(_ planes: [[Float]]) -> [Float] {
    let width = stack.geometry.width
    var result = [Float]()
    result.reserveCapacity(planes.count * stack.geometry.count)
    for start in stride(from: 0, to: stack.geometry.count, by: width) {
      for plane in planes { result += plane[start..<start + width] }
    }
    return result
  }

  private func write(
    _ values: [Float], to name: String, _ pair: InterferogramPair, bands: Int,
    isComplex: Bool = false
  ) throws {
    var data = Data()
    data.append(littleEndian: values)
    try write(data, to: name)
    switch style {
    case .roipac: try write(Data(resource(pair).utf8), to: "\(name).rsc")
    case .isce:
      let header = ISCEHeader(
        stack, fileName: FilePath.name(name), bandCount: bands,
        isComplex: isComplex)
      try write(Data(header.xml.utf8), to: "\(name).xml")
      try write(Data(header.vrt.utf8), to: "\(name).vrt")
    }
  }

  private func write(_ data: Data, to name: String) throws {
    let file = try FileWriter(path: "\(folder)/\(name)")
    try file.write(data)
  }

  /// ROI_PAC's `.rsc` file: one key and value per line.
  private func resource(_ pair: InterferogramPair) -> String {
    let network = stack.network
    let radar = stack.geometry.radar
    let dates = [network.dates[pair.reference], network.dates[pair.secondary]]
    let baseline = network.perpendicularBaselineMeters(pair)
    var entries: [(String, String)] = [
      ("WIDTH", "\(stack.geometry.width)"), ("FILE_LENGTH", "\(stack.geometry.height)"),
      ("WAVELENGTH", "\(radar.wavelengthMeters)"),
      ("DATE12", dates.map { "\($0)".dropFirst(2) }.joined(separator: "-")),
      ("DATE", "\("\(dates[0])".dropFirst(2))"),
      ("TIME_SPAN_YEAR", "\(Double(network.days(pair)) / DeformationPhase.daysPerYear)"),
      ("P_BASELINE_TOP_HDR", "\(baseline)"), ("P_BASELINE_BOTTOM_HDR", "\(baseline)"),
      ("HEADING_DEG", "\(radar.headingDegrees)"), ("LOOK_REF1", "\(radar.incidenceDegrees)"),
      ("STARTING_RANGE", "\(radar.slantRangeMeters)"), ("RLOOKS", "1"), ("ALOOKS", "1"),
      // The processor of this layout, because MintPy reads only files of known processors.
      ("PLATFORM", stack.sensor.rawValue), ("PROCESSOR", "roipac"),
      ("PHASE_SIGN", StackDescription.signConvention),
    ]
    if let georeference = stack.georeference, georeference.isNorthUp {
      let numbers = georeference.geotransform
      let unit = georeference.crsWKT.hasPrefix("PROJCS") ? "meters" : "degrees"
      entries += [
        ("X_FIRST", "\(numbers[0])"), ("X_STEP", "\(numbers[1])"), ("X_UNIT", unit),
        ("Y_FIRST", "\(numbers[3])"), ("Y_STEP", "\(numbers[5])"), ("Y_UNIT", unit),
      ]
    }
    return entries.map { key, value in
      "\(key)\(String(repeating: " ", count: max(1, 26 - key.count)))\(value)\n"
    }.joined()
  }
}

/// ISCE-2's two descriptions of one image.
struct ISCEHeader {
  let xml: String
  let vrt: String

  init(_ stack: StackDescription, fileName: String, bandCount: Int, isComplex: Bool) {
    let (width, height) = (stack.geometry.width, stack.geometry.height)
    func property(_ name: String, _ value: String) -> String {
      "  <property name=\"\(name)\"><value>\(value)</value></property>\n"
    }
    func coordinate(_ number: Int, _ size: Int, start: Double, step: Double) -> String {
      "  <component name=\"coordinate\(number)\">\n"
        + [
          ("size", "\(size)"), ("startingvalue", "\(start)"), ("delta", "\(step)"),
          ("endingvalue", "\(start + step * Double(size))"),
        ].map { "  " + property($0, $1) }.joined() + "  </component>\n"
    }
    let numbers = stack.georeference?.geotransform
    xml =
      "<imageFile>\n"
      + coordinate(1, width, start: numbers?[0] ?? 0, step: numbers?[1] ?? 1)
      + coordinate(2, height, start: numbers?[3] ?? 0, step: numbers?[5] ?? 1)
      + property("width", "\(width)") + property("length", "\(height)")
      + property("number_bands", "\(bandCount)")
      + property("data_type", isComplex ? "CFLOAT" : "FLOAT")
      + property("scheme", bandCount > 1 ? "BIL" : "BIP") + property("byte_order", "l")
      + property("image_type", isComplex ? "cpx" : bandCount > 1 ? "unw" : "cor")
      + property("file_name", fileName) + property("access_mode", "read")
      + property("description", StackDescription.signConvention) + "</imageFile>\n"

    let pixelBytes = isComplex ? 8 : 4
    let bands = (0..<bandCount).map { band in
      """
        <VRTRasterBand dataType="\(isComplex ? "CFloat32" : "Float32")" band="\(band + 1)" \
      subClass="VRTRawRasterBand">
          <SourceFilename relativeToVRT="1">\(fileName)</SourceFilename>
          <ImageOffset>\(band * width * pixelBytes)</ImageOffset>
          <PixelOffset>\(pixelBytes)</PixelOffset>
          <LineOffset>\(bandCount * width * pixelBytes)</LineOffset>
          <ByteOrder>LSB</ByteOrder>
        </VRTRasterBand>

      """
    }
    let place = numbers.map {
      "  <GeoTransform>\($0.map { "\($0)" }.joined(separator: ", "))</GeoTransform>\n"
    }
    vrt =
      "<VRTDataset rasterXSize=\"\(width)\" rasterYSize=\"\(height)\">\n" + (place ?? "")
      + bands.joined() + "</VRTDataset>\n"
  }
}
