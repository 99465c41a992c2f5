import Kernel

/// The division of a dataset into parts for training, validation and test, by rate map: all samples
/// of a map are in one part, so that no network is tested on ground that it was trained on.
struct DatasetParts: Sendable, Equatable {
  struct Part: Sendable, Equatable {
    /// Also the name of its folder.
    var name: String
    /// In ascending order.
    var maps: [Int]
    /// The position of each map's first sample in the part, and the number of samples at the end.
    var starts: [Int]

    var count: Int { starts[starts.count - 1] }
  }

  /// Samples of the whole dataset.
  let count: Int
  let mapCount: Int
  /// Training, validation, test; without those that have no sample.
  let parts: [Part]

  static let names = ["train", "validation", "test"]

  /// Each fraction above 0 gets at least one map, as long as one is left for training.
  init(count: Int, maps: Int, validationFraction: Double, testFraction: Double, seed: UInt64) {
    self.count = count
    mapCount = maps
    func number(_ fraction: Double) -> Int {
      fraction > 0 ? max(1, Int((fraction * Double(maps)).rounded())) : 0
    }
    var (validation, test) = (number(validationFraction), number(testFraction))
    while validation + test >= maps, validation + test > 0 {
      if test > 0 { test -= 1 } else { validation -= 1 }
    }
    var keys: [(UInt64, Int)] = []
    for map in 0..<maps {
      var random = CounterRandom(seed, .datasetSplit, UInt64(map))
      keys.append((random.next(), map))
    }
    let order = keys.sorted { $0 < $1 }.map(\.1)
    let groups = [
      order[(validation + test)...], order[..<validation], order[validation..<validation + test],
    ]
    parts = zip(Self.names, groups).compactMap { name, group in
      let own = group.sorted()
      var starts = [0]
      for map in own {
        let samples = Self.samples(of: map, count: count, maps: maps)
        starts.append(starts[starts.count - 1] + samples.count)
      }
      let part = Part(name: name, maps: own, starts: starts)
      return part.count > 0 ? part : nil
    }
  }

  /// The samples that show a map: as many for each map, up to one.
  static func samples(of map: Int, count: Int, maps: Int) -> Range<Int> {
    // Written so that no product overflows.
    func start(_ map: Int) -> Int {
      count / maps * map + (count % maps) * map / maps
    }
    return start(map)..<start(map + 1)
  }

  /// The number and the map of the sample at a position in a part.
  func place(_ position: Int, in part: Part) -> (index: Int, map: Int) {
    var (low, high) = (0, part.maps.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if part.starts[middle] <= position { low = middle } else { high = middle - 1 }
    }
    let map = part.maps[low]
    let first = Self.samples(of: map, count: count, maps: mapCount).lowerBound
    return (first + position - part.starts[low], map)
  }
}
