import DurableFiles
import Foundation
import InSARPhase
import RasterIO

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
    let wrapped = zip(interferogram.wrappedRadians, amplitude).map { $1 == 0 ? .nan : $0 }
    try write([amplitude, phase], to: "\(stem).unw", pair)
    try write([wrapped], to: "\(stem).int", pair, type: .complex64)
    try write(style == .isce ? [coherence] : [amplitude, coherence], to: "\(stem).cor", pair)
  }

  private func write(
    _ planes: [[Float]], to name: String, _ pair: InterferogramPair, type: SampleType = .float32
  ) throws {
    let (width, height) = (stack.geometry.width, stack.geometry.height)
    try FlatImage(width: width, height: height, planes: planes, type: type)
      .write(to: "\(folder)/\(name)")
    switch style {
    case .roipac: try write(resource(pair), to: "\(name).rsc")
    case .isce:
      let header = ISCEHeader(
        width: width, height: height, georeference: stack.georeference,
        fileName: FilePath.name(name), bandCount: planes.count, type: type,
        description: StackDescription.signConvention)
      try write(header.xml, to: "\(name).xml")
      try write(header.vrt, to: "\(name).vrt")
    }
  }

  private func write(_ text: String, to name: String) throws {
    let file = try FileWriter(path: "\(folder)/\(name)")
    try file.write(Data(text.utf8))
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
