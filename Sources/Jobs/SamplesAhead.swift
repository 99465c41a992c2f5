import Foundation
import Kernel
import StackFiles

/// Where samples get their rate maps from.
protocol SampleGroundSource: Sendable {
  var count: Int { get }
  /// - Throws: the errors of reading or simulating rate map `index`.
  func map(_ index: Int) throws -> SampleGround
}

/// The rate maps of a composition, read from files.
struct FileMaps: SampleGroundSource {
  let composition: StackComposition

  init(_ composition: StackComposition) { self.composition = composition }

  var count: Int { composition.rates.entries.count }

  func map(_ index: Int) throws -> SampleGround {
    SampleGround(
      name: composition.rates.entries[index].name, ground: try composition.ground(index))
  }
}

/// Provides samples in order, computed ahead on all cores. Memory holds the samples of one batch, and
/// the rate maps that they show.
final class SamplesAhead {
  struct Place: Sendable {
    /// The number of the sample in the whole dataset.
    var index: Int
    var map: Int
    /// The part of the dataset.
    var part: String?
  }

  private let count: Int
  private let maker: SampleMaker
  private let source: any SampleGroundSource
  private let place: @Sendable (Int) -> Place
  private var ready: [Int: SampleRecord] = [:]
  private var maps: [Int: SampleGround] = [:]

  /// - Parameter place: of the sample at a position from 0 to `count` - 1.
  init(
    count: Int, maker: SampleMaker, source: any SampleGroundSource,
    place: @escaping @Sendable (Int) -> Place
  ) {
    self.count = count
    self.maker = maker
    self.source = source
    self.place = place
  }

  private static let batchSize = 4 * max(1, ProcessInfo.processInfo.activeProcessorCount)

  /// The sample at `position`; the next ones are computed together with it.
  func record(_ position: Int) throws -> SampleRecord {
    if let record = ready.removeValue(forKey: position) { return record }
    ready = [:]
    let positions = position..<max(position + 1, min(position + Self.batchSize, count))
    let places = positions.map(place)
    try loadMaps(Set(places.map(\.map)))
    let (maker, maps) = (maker, maps)
    let results = Parallel.results(0..<places.count) { number in
      let place = places[number]
      guard let map = maps[place.map] else { preconditionFailure("every map was loaded") }
      return try maker.record(place.index, of: map, part: place.part)
    }
    for (position, result) in zip(positions, results) { ready[position] = try result.get() }
    guard let record = ready.removeValue(forKey: position) else {
      preconditionFailure("each position has a result, or one before it failed")
    }
    return record
  }

  private func loadMaps(_ needed: Set<Int>) throws {
    maps = maps.filter { needed.contains($0.key) }
    let missing = needed.subtracting(maps.keys).sorted()
    let source = source
    let loaded = Parallel.results(0..<missing.count) { try source.map(missing[$0]) }
    for (index, result) in zip(missing, loaded) { maps[index] = try result.get() }
  }
}
