import Kernel
import Settings
import StackFiles
import Synchronization

/// Samples of a recipe, composed when they are asked for and never written: as many as a training wants.
///
/// Sample n of a part depends on the recipe, its seed, the rate maps and n alone, so threads may ask
/// for samples in any order. Consecutive samples show different maps.
package final class SampleStream: Sendable {
  private let job: DatasetJob
  private let maker: SampleMaker
  private let maps: [Int]
  private let part: Int
  private let cache = Mutex<[Int: SampleGround]>([:])

  /// Maps are kept up to this many pixels.
  private static let keptPixels = 1 << 27

  /// The parts that have rate maps, with their names, in the order of `DatasetParts.names`.
  package static func parts(of job: DatasetJob) -> [String] { job.parts.parts.map(\.name) }

  /// - Parameter part: `train`, `validation` or `test`; one of `parts(of:)`.
  package init?(_ job: DatasetJob, part: String) {
    guard let number = DatasetParts.names.firstIndex(of: part),
      let found = job.parts.parts.first(where: { $0.name == part })
    else { return nil }
    self.job = job
    self.part = number
    maker = job.maker()
    maps = found.maps
  }

  package var size: Int { job.size }

  /// - Throws: as `DatasetJob.run`, for what concerns one sample.
  package func record(_ number: Int) throws -> SampleRecord {
    let map = maps[number % maps.count]
    return try maker.record(
      number * DatasetParts.names.count + part, of: ground(map), part: DatasetParts.names[part])
  }

  private func ground(_ map: Int) throws -> SampleGround {
    if let kept = cache.withLock({ $0[map] }) { return kept }
    let new = try job.source.map(map)
    let pixels = new.ground.rate.values.count
    cache.withLock { cache in
      if (cache.count + 1) * pixels > Self.keptPixels { cache.removeAll() }
      cache[map] = new
    }
    return new
  }
}

extension DatasetJob {
  /// What its samples follow from besides the program: the recipe, and the maps by content.
  package func identity() throws -> String {
    try OrderedJSON.text(of: Identity(maps: mapsDescription(), recipe: recipe.given, size: size))
  }

  private struct Identity: Encodable {
    var maps: MapsDescription
    var recipe: ValueTree
    var size: Int
  }
}
