import Foundation
import RasterIO
import RunSupport

/// A folder of simulated rate maps: what `ganinsar simulate` writes.
///
/// `manifest.json` states preset, seed, unit and sign convention and lists the samples; each sample
/// has its rasters, in cm/yr, and a `.json` with every parameter of every source.
public struct SimulationJob: Sendable {
  public static let manifestName = "manifest.json"

  public let preset: ScenePreset
  public let grid: SceneGrid
  public let count: Int
  public let seed: UInt64
  public let formats: [RasterFormat]

  /// - Throws: `SimulatorError.badJob` for a count below 1, no format, or a format that this build
  ///   cannot write.
  public init(
    preset: ScenePreset, grid: SceneGrid, count: Int, seed: UInt64, formats: [RasterFormat]
  ) throws {
    var faults: [String] = []
    if count < 1 { faults.append("\(count) samples were asked for; give 1 or more") }
    if formats.isEmpty { faults.append("no file format was given") }
    for format in formats where !format.isAvailable {
      faults.append(
        "this build cannot write \(format.rawValue) (it has no GDAL); use npy or png")
    }
    guard faults.isEmpty else { throw SimulatorError.badJob(faults: faults) }
    self.preset = preset
    self.grid = grid
    self.count = count
    self.seed = seed
    var seen: Set<RasterFormat> = []
    self.formats = formats.filter { seen.insert($0).inserted }
  }

  /// Writes the folder `output`; it appears when everything in it is written.
  ///
  /// `progress` is called after each sample with the number written. Memory does not grow with the
  /// number of samples.
  /// - Throws: `RunError.alreadyExists`, `RunError.cannotWrite`, `RunError.interrupted`,
  ///   `SimulatorError.notFinite`.
  public func run(output: String, progress: (Int) -> Void = { _ in }) throws {
    try AtomicFolder.write(to: output) { folder in
      var records: [SimulationManifest.Sample] = []
      for index in 0..<count {
        try Interruption.check()
        records.append(try write(sample: index, into: folder))
        progress(index + 1)
      }
      let manifest = SimulationManifest(job: self, samples: records)
      try write(manifest, to: "\(folder)/\(Self.manifestName)")
    }
  }

  private func write(sample index: Int, into folder: String) throws -> SimulationManifest.Sample {
    let scene = try preset.scene(grid: grid, seed: seed, index: index)
    let values = try scene.rateCMPerYear()
    guard values.allSatisfy(\.isFinite) else {
      throw SimulatorError.notFinite(preset: preset.name, sample: index)
    }
    let raster = Raster(
      width: grid.width, height: grid.height, values: values, unit: .centimetersPerYear,
      georeference: .simulated(grid))
    let name = "\(preset.name)_\(index.zeroPadded(6))"
    let options = RasterWriteOptions(
      losConvention: .towardSatellite,
      metadata: ["SIMULATED": "ganinsar simulate \(preset.name) --seed \(seed), sample \(index)"],
      title: name, colorLimit: 15)
    var files: [String] = []
    for format in formats {
      let file = "\(name).\(format.rawValue)"
      try RasterWriter.write(raster, to: "\(folder)/\(file)", format: format, options: options)
      files.append(file)
    }
    try write(SceneRecord(scene), to: "\(folder)/\(name).json")
    return SimulationManifest.Sample(
      index: index, files: files, parameters: "\(name).json",
      leastCMPerYear: values.min()!, greatestCMPerYear: values.max()!)
  }

  private func write(_ record: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(record) + Data("\n".utf8), to: path)
  }
}

extension Georeference {
  /// A made-up place: north-up pixels of the grid's size in UTM zone 33N.
  static func simulated(_ grid: SceneGrid) -> Georeference {
    Georeference(
      geotransform: [
        500_000, grid.pixelSizeMeters, 0, 4_500_000 + grid.heightMeters, 0, -grid.pixelSizeMeters,
      ],
      crsWKT: """
        PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",\
        SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],\
        UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],\
        PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],\
        PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],\
        PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32633"]]
        """)
  }
}
