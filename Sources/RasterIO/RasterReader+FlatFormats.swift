import DurableFiles
import Foundation
import Kernel
import Rasters

extension RasterReader {
  /// Reads a file without header whose width the caller gives.
  static func readFlatByOptions(_ file: OpenedFile, options: RasterReadOptions) throws
    -> RasterScene?
  {
    guard let width = options.width else { return nil }
    let layout = FlatLayout(
      width: width, height: options.height, type: options.sampleType ?? .float32,
      order: options.byteOrder, band: options.band ?? 1)
    var scene = try readFlat(file, layout, format: "headerless flat file", options: options)
    if options.sampleType == nil {
      scene.description.notes.insert(
        "type float32, by default; set it with \(OptionName.type)", at: 0)
    }
    scene.description.unitSource = "a headerless file holds none; give it with \(OptionName.unit)"
    return scene
  }

  /// A ROI_PAC file: `name.rsc` beside `name`.
  static func readROIPAC(_ file: OpenedFile, options: RasterReadOptions) throws -> RasterScene? {
    guard
      let base = Sidecar.bases(of: file.path).first(where: {
        FileSystem.exists($0 + ".rsc")
      }), let header = ParameterFile(ifPresent: base + ".rsc")
    else { return nil }
    guard let width = header.width else {
      throw RasterError.malformed(path: header.path, reason: "it has no WIDTH")
    }
    // The suffix of a ROI_PAC file states its content.
    let suffix = FilePath.fileExtension(base).lowercased()
    let isComplex = ["int", "slc", "amp"].contains(suffix)
    let hasAmplitudeBand = ["unw", "cor", "hgt", "msk"].contains(suffix)
    let type: SampleType = isComplex ? .complex64 : suffix == "dem" ? .int16 : .float32
    let bandCount = hasAmplitudeBand ? 2 : 1
    let band = options.band ?? bandCount
    let layout = FlatLayout(
      width: width, height: header.height, type: options.sampleType ?? type,
      order: options.byteOrder, bandCount: bandCount, band: band)
    var noData = NoData()
    var unit: RasterUnit?
    var unitSource = "ROI_PAC's header states none; give it with \(OptionName.unit)"
    if (suffix == "unw" && band == 2) || suffix == "int" {
      unit = .radians
      unitSource = "ROI_PAC's convention: phase of a .\(suffix) file"
      noData.convention = ([0], "0 (ROI_PAC's convention)")
    } else if suffix == "dem" || (suffix == "hgt" && band == 2) {
      unit = .meters
      unitSource = "ROI_PAC's convention: heights of a .\(suffix) file"
    } else if let text = header.entries["UNIT"], let stated = RasterUnit(parsing: text) {
      unit = stated
      unitSource = "UNIT '\(text)' of the .rsc"
    }
    var scene = try readFlat(
      file, layout, format: "ROI_PAC", noData: noData, options: options)
    scene.raster.unit = unit
    scene.raster.georeference = header.firstStepGeoreference
    scene.description.unitSource = unitSource
    scene.description.processor = header.entries["PROCESSOR"] ?? "ROI_PAC"
    scene.description.metadata = header.entries
    setCRSName(&scene)
    return scene
  }

  /// Reads a file without header whose size is in a parameter file beside it: LiCSBAS, then GAMMA.
  static func readFlatWithParameters(_ file: OpenedFile, options: RasterReadOptions) throws
    -> RasterScene?
  {
    for base in Sidecar.bases(of: file.path) {
      if let scene = try readLiCSBAS(file, named: base, options: options) { return scene }
    }
    let candidates = Sidecar.bases(of: file.path).flatMap(gammaPaths)
    for parameters in candidates.lazy.compactMap(ParameterFile.init(ifPresent:)) {
      guard let width = parameters.width else { continue }
      let type = try options.sampleType ?? sizedType(file, parameters)
      let layout = FlatLayout(
        width: width, height: options.height ?? parameters.height, type: type,
        order: options.byteOrder, band: options.band ?? 1)
      var scene = try readFlat(file, layout, format: "flat file", options: options)
      scene.raster.georeference = parameters.gammaGeoreference
      scene.description.unitSource =
        "\(parameters.name) states none; give it with \(OptionName.unit)"
      scene.description.metadata = parameters.entries
      scene.description.notes.insert(
        "size from \(parameters.name); type \(type.rawValue) from the size of the file", at: 0)
      setCRSName(&scene)
      return scene
    }
    return nil
  }

  private static func gammaPaths(_ base: String) -> [String] {
    [base, FilePath.withoutExtension(base)].flatMap { [$0 + ".par", $0 + ".dem_par", $0 + ".off"] }
  }

  /// The parameter file that states the size of a flat file of GAMMA; `nil` if there is none.
  package static func gammaParameters(of path: String) -> String? {
    Sidecar.bases(of: path).flatMap(gammaPaths).first { ParameterFile(ifPresent: $0)?.width != nil }
  }

  /// The paths at which parameter files of a file without header may exist, for all formats.
  static func parameterPaths(of path: String) -> [String] {
    Sidecar.bases(of: path).flatMap { base in
      [base + ".rsc"]
        + LiCSBASFolder.parameterNames.flatMap { LiCSBASFolder.paths($0, for: base) }
        + gammaPaths(base)
    }
  }

  /// Reads a file of a LiCSBAS results folder with the grid in `EQA.dem_par` or `13parameters.txt`.
  private static func readLiCSBAS(
    _ file: OpenedFile, named base: String, options: RasterReadOptions
  ) throws -> RasterScene? {
    func find(_ name: String) -> ParameterFile? {
      LiCSBASFolder.paths(name, for: base).lazy.compactMap(ParameterFile.init(ifPresent:)).first
    }
    let grid = find("EQA.dem_par")
    let parameters = find("13parameters.txt")
    guard
      let source = [grid, parameters].lazy.compactMap({ $0 }).first(where: { $0.width != nil }),
      let width = source.width
    else { return nil }

    let name = FilePath.name(base)
    let isByte = name.hasSuffix(".cc") || name.hasSuffix(".conncomp")
    let layout = FlatLayout(
      width: width, height: options.height ?? source.height,
      type: options.sampleType ?? (isByte ? .uint8 : .float32), order: options.byteOrder,
      band: options.band ?? 1)
    var scene = try readFlat(file, layout, format: "LiCSBAS flat file", options: options)
    if let quantity = LiCSBASQuantity(fileName: name) {
      scene.raster.unit = quantity.unit
      scene.description.unitSource = quantity.words
      if let convention = quantity.losConvention {
        scene.description.losConvention = convention
        scene.description.losSource = "LiCSBAS's convention for '\(name)'"
      }
    } else {
      scene.description.unitSource =
        "LiCSBAS has no convention for '\(name)'; give it with \(OptionName.unit)"
    }
    scene.raster.georeference = grid?.gammaGeoreference
    scene.description.processor = "LiCSBAS"
    scene.description.metadata = parameters?.entries ?? [:]
    scene.description.notes.insert("size from \(source.name)", at: 0)
    setCRSName(&scene)
    return scene
  }

  private static func readFlat(
    _ file: OpenedFile, _ layout: FlatLayout, format: String, noData: NoData = .init(),
    options: RasterReadOptions
  ) throws -> RasterScene {
    var layout = layout
    layout.lengths = options.readsLengths
    var (values, height, order, notes) = try FlatFile(file: file).read(layout)
    var description = RasterDescription(
      path: file.path, format: format, sampleType: layout.type.rawValue)
    if layout.type.byteCount > 1 { description.sampleType += ", \(order.rawValue)-endian" }
    if layout.type == .complex64 {
      let what = layout.lengths ? "length" : "phase"
      description.notes.append("the \(what) of complex values is read")
    }
    description.band = layout.band
    description.bandCount = layout.bandCount
    description.notes += notes
    noData.apply(to: &values, options: options, description: &description)
    return RasterScene(
      raster: Raster(width: layout.width, height: height, values: values), description: description)
  }

  /// float32 or complex64, whichever matches the size of the file.
  private static func sizedType(_ file: OpenedFile, _ parameters: ParameterFile) throws
    -> SampleType
  {
    guard let width = parameters.width, let height = parameters.height else { return .float32 }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    return !overflow && count > 0 && file.byteCount / 8 == count && file.byteCount % 8 == 0
      ? .complex64 : .float32
  }

  private static func setCRSName(_ scene: inout RasterScene) {
    if scene.raster.georeference?.crsWKT == Georeference.wgs84WKT {
      scene.description.crsName = "WGS 84 (EPSG:4326)"
    }
  }
}
