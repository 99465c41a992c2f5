import Datasets
import DurableFiles
import Foundation
import GANModel
import Kernel
import Patches
import RasterIO
import Rasters
import TorchCore

/// Detail on a coarse map of the user.
public struct CoarseMap: Sendable, Equatable, Codable {
  /// The raster with the means of the blocks, a rate map.
  public var path: String
  /// Pixels of the result per pixel of the raster along each axis: 4, 16 or 64.
  public var factor: Int
  /// The factor of the detail's strength; 1 is that of real scenes.
  public var strength: Double
  /// The detail's rms over the spread of the raster, on ground without roughness.
  public var floor = 0.05
  /// The unit of a file that states none.
  public var unit: RasterUnit?
  /// The sign of a file that does not state it.
  public var losSign: LOSConvention?
  /// SHA-256 of the raster's values; set when it is read.
  public internal(set) var valuesSHA256: String?

  public init(path: String, factor: Int = 4, strength: Double = 1) {
    self.path = path
    self.factor = factor
    self.strength = strength
  }

  public static let factors = [4, 16, 64]
  public static let strengths = 0.0...100.0

  func faults() -> [String] {
    var faults: [String] = []
    if !Self.factors.contains(factor) {
      faults.append("the factor of the coarse map is \(factor): use 4, 16 or 64")
    }
    if !(strength > 0 && strength <= Self.strengths.upperBound) {
      faults.append("the strength of the detail is \(strength): use a number above 0, at most 100")
    }
    if !(floor >= 0 && floor <= 1) {
      faults.append("the floor of the detail is \(floor): use 0 to 1 of the raster's spread")
    }
    return faults
  }

  /// How often detail is added.
  fileprivate var stages: Int { Self.factors.firstIndex(of: factor).map { $0 + 1 } ?? 0 }
}

// Maps whose block means are a raster of the user.
extension SampleGeneration {
  /// - Parameter progress: called with the number of finished maps.
  func runOnCoarse(_ coarse: CoarseMap, _ progress: (Int) -> Void) throws {
    let model = try DetailModel.read(Self.modelFile(self.model), device: Device(device))
    let ground = try Ground(coarse)
    let size = MapSize(
      width: ground.raster.width * coarse.factor, height: ground.raster.height * coarse.factor)
    try MapSize.check(size)
    var described = coarse
    described.valuesSHA256 = ground.sha256
    let manifest = SampleManifest(
      detail: model, coarse: described, size: size, first: first, count: count, seed: seed,
      formats: formats)
    let folder = try SampleFolder(output, manifest, overwrite: overwrite)
    var shown: [Raster] = []
    let greatestShown = max(1, min(8, 8 * 512 * 512 / (size.width * size.height)))
    for index in first..<first + count {
      try Interruption.check()
      if !folder.isComplete(index) || shown.count < greatestShown {
        let raster = try map(index, model, coarse, ground)
        if shown.count < greatestShown { shown.append(raster) }
        if !folder.isComplete(index) { try folder.write(raster, index: index) }
      }
      progress(index + 1 - first)
    }
    if count > 0 { try writeContactSheet(shown, nil, in: folder) }
    try folder.finish()
  }

  private func map(
    _ index: Int, _ model: DetailModel, _ coarse: CoarseMap, _ ground: Ground
  ) throws -> Raster {
    var raster = ground.raster
    for stage in 0..<coarse.stages {
      raster.values = try model.refined(
        raster.values, width: raster.width, height: raster.height,
        FieldDraw(seed: seed, map: index), strength: coarse.strength,
        floor: stage == 0 ? coarse.floor : 0.01, stage: stage,
        interruption: Interruption.check)
      raster.width *= DetailModel.factor
      raster.height *= DetailModel.factor
    }
    guard raster.values.allSatisfy(\.isFinite) else {
      throw SamplingError.notFinite(sample: index, model: self.model)
    }
    if var place = raster.georeference {
      for number in [1, 2, 4, 5] { place.geotransform[number] /= Double(coarse.factor) }
      raster.georeference = place
    }
    for hole in ground.holes {
      let (row, column) = (hole / ground.raster.width, hole % ground.raster.width)
      for y in row * coarse.factor..<(row + 1) * coarse.factor {
        let start = y * raster.width + column * coarse.factor
        for x in start..<start + coarse.factor { raster.values[x] = .nan }
      }
    }
    return raster
  }

  func faults(of coarse: CoarseMap) -> [String] {
    var faults = coarse.faults()
    if size != nil || options != MapOptions() {
      faults.append(
        "a coarse map sets the size and the statistics of the result: leave out \(OptionName.size), "
          + "windows, ranges and the other controls")
    }
    if like != nil {
      faults.append("a coarse map has a georeference of its own: leave out \(OptionName.like)")
    }
    if beside != nil { faults.append("there are no real patches beside detail on a coarse map") }
    return faults
  }
}

/// The user's raster, with its holes filled.
private struct Ground {
  var raster: Raster
  let holes: [Int]
  let sha256: String

  /// - Throws: the errors of reading, `SamplingError.arguments` for a raster without values.
  init(_ coarse: CoarseMap) throws {
    let reader = RateMapReader(
      options: RasterReadOptions(losConvention: coarse.losSign), unitWhereUnstated: coarse.unit)
    var raster = try reader.read(coarse.path).raster
    let holes = raster.values.indices.filter { raster.values[$0].isNaN }
    sha256 = raster.values.withUnsafeBytes { SHA256.hex(of: Data($0)) }
    guard holes.count < raster.values.count else {
      throw SamplingError.arguments(["\(coarse.path) has no value: give a raster with data"])
    }
    guard raster.values.allSatisfy({ !$0.isInfinite }) else {
      throw SamplingError.arguments([
        "\(coarse.path) has infinite values: mark them as no data, or correct them"
      ])
    }
    try HoleFilling.fillFromRim(&raster.values, width: raster.width, height: raster.height)
    self.raster = raster
    self.holes = holes
  }
}
