import DeformationStatistics
import DurableFiles
import Foundation
import InSARPhase
import Kernel
import Pictures
import RasterIO
import Rasters
import StackFiles

/// Wrapped interferograms of several sets, measured and simulated, cut into patches of one size: side
/// by side in random order, and the distributions of what their phase looks like.
package struct InterferogramComparison: Sendable {
  /// Patches of one source.
  package struct PatchSet: Sendable {
    package var name: String
    /// Whether its pixels may be drawn, or only its statistics.
    package var isShown: Bool
    package var patches: [Raster]
    /// Mean width of a pixel on the ground; `nil` if unknown.
    package var pixelSizeMeters: Double?
  }

  package var sets: [PatchSet] = []
  package let patchSize: Int
  package let seed: UInt64

  package init(patchSize: Int, seed: UInt64) {
    self.patchSize = patchSize
    self.seed = seed
  }

  /// Adds the interferograms of a raster, of a folder of rasters, or of a dataset of samples with an
  /// array `wrapped` or `filtered`. Phase is wrapped again, so unwrapped interferograms serve too.
  /// - Throws: `RasterError`, also for a raster that is no phase and for a set without a patch;
  ///   `StackIOError`.
  package mutating func add(
    name: String, path: String, isShown: Bool, options: RasterReadOptions = .init(),
    most: Int = 400
  ) throws {
    var set = PatchSet(name: name, isShown: isShown, patches: [])
    for raster in try rasters(path, options, most: most) {
      set.pixelSizeMeters = set.pixelSizeMeters ?? raster.georeference?.groundPixelSizeMeters
      set.patches += patches(of: raster)
    }
    if SampleDataset.isDataset(path) {
      let facts =
        try JSONSerialization.jsonObject(
          with: Data(SampleDataset(path).sample(0).metadata.utf8)) as? [String: Any]
      set.pixelSizeMeters = facts?["pixelSizeMeters"] as? Double
    }
    guard !set.patches.isEmpty else {
      throw RasterError.doesNotFit(
        path: path,
        reason: "no patch of \(patchSize) x \(patchSize) pixels has at most a tenth without data",
        remedy: "Give a smaller \(OptionName.patchSize), or another file.")
    }
    if set.patches.count > most {
      set.patches = LayerSheet.evenly(most, of: set.patches.count).map { set.patches[$0] }
    }
    sets.append(set)
  }

  private func rasters(_ path: String, _ options: RasterReadOptions, most: Int) throws -> [Raster] {
    if SampleDataset.isDataset(path) {
      let dataset = try SampleDataset(path)
      let place = ["wrapped", "filtered"].lazy.compactMap { name in
        dataset.arrays.firstIndex { $0.name == name && $0.shape.count == 2 }
      }.first
      guard let place else {
        throw StackIOError.badStack(
          path: path, reason: "it has no array 'wrapped' or 'filtered' of rows and columns",
          remedy: "Its arrays are \(dataset.arrays.map(\.name).joined(separator: ", ")).")
      }
      return try LayerSheet.evenly(most, of: dataset.finishedCount).map { index in
        try Interruption.check()
        let array = try dataset.sample(index).arrays[place]
        return Raster(
          width: array.shape[1], height: array.shape[0], values: array.values, unit: .radians)
      }
    }
    let paths =
      FileSystem.isFolder(path)
      ? try AtomicFolder.names(in: path).filter { $0.hasSuffix(".tif") || $0.hasSuffix(".npy") }
        .sorted().map { "\(path)/\($0)" } : [path]
    return try paths.map { file in
      try Interruption.check()
      let raster = try RasterReader.read(file, options: options).raster
      let isPhase =
        raster.unit == .radians
        || raster.unit == nil
          && ColorScale.kind(name: "", unit: nil, values: raster.values) == .cyclic
      guard isPhase else {
        throw RasterError.doesNotFit(
          path: file, reason: "it is no phase (\(raster.unit?.rawValue ?? "it states no unit"))",
          remedy:
            "Give an interferogram, with \(OptionName.unit("rad")) if its file states no unit.")
      }
      return raster
    }
  }

  /// Patches side by side, those with much no data left out.
  private func patches(of raster: Raster) -> [Raster] {
    var result: [Raster] = []
    for top in stride(from: 0, through: raster.height - patchSize, by: patchSize) {
      for left in stride(from: 0, through: raster.width - patchSize, by: patchSize) {
        let values = (0..<patchSize).flatMap { row in
          let start = (top + row) * raster.width + left
          return raster.values[start..<start + patchSize].map { $0.isFinite ? $0 : .nan }
        }
        guard values.count(where: \.isNaN) * 10 <= values.count else { continue }
        result.append(
          Raster(
            width: patchSize, height: patchSize, values: InSARPhase.wrapped(values), unit: .radians)
        )
      }
    }
    return result
  }

  // MARK: - Figures

  /// `count` patches of all sets that may be shown, in random order with numbers, and the set of
  /// each number.
  package func shuffled(count: Int, columns: Int, pixelScale: Int) -> (Drawing, key: [String]) {
    let shown = sets.filter(\.isShown)
    var random = CounterRandom(seed, .comparedPatches)
    var chosen: [(set: String, patch: Raster)] = []
    for (number, set) in shown.enumerated() {
      let share = (count + shown.count - 1 - number) / max(1, shown.count)
      var places = Array(set.patches.indices)
      for _ in 0..<min(share, places.count) {
        chosen.append(
          (set.name, set.patches[places.remove(at: random.integer(in: 0...places.count - 1))]))
      }
    }
    var order: [(set: String, patch: Raster)] = []
    while !chosen.isEmpty {
      order.append(chosen.remove(at: random.integer(in: 0...chosen.count - 1)))
    }
    let scale = ColorScale.choice(.cyclic, values: [], unit: "rad")
    let panels = order.enumerated().map { index, item in
      MapPanel(raster: item.patch, title: "\(index + 1)", scale: scale)
    }
    let grid = MapGrid(panels, columns: columns, side: 150, hasBars: false)
    return (grid.drawing(scale: pixelScale), order.map(\.set))
  }

  /// Distributions of residue density, smoothness and fringe rate, and the structure function.
  package func distributions() throws -> (Drawing, rows: [[String]]) {
    var panels = [
      CurvePicture.Panel(
        title: "Residue density", xLabel: "residues per 1000 loops of a patch",
        yLabel: "share of patches below", curves: []),
      CurvePicture.Panel(
        title: "Coherence, from the phase of 5 x 5 pixels", xLabel: "coherence",
        yLabel: "density", curves: []),
      CurvePicture.Panel(
        title: "Fringe rate where the coherence is above 0.5", xLabel: "fringes per pixel",
        yLabel: "share below", curves: []),
      CurvePicture.Panel(
        title: "Structure function", xLabel: "distance in km",
        yLabel: "rad²", isXLogarithmic: true, isYLogarithmic: true, curves: []),
    ]
    var rows: [[String]] = []
    for (number, set) in sets.enumerated() {
      try Interruption.check()
      let measured = Parallel.results(0..<set.patches.count) { index in
        WrappedPhaseStatistics(
          set.patches[index].values, width: patchSize, height: patchSize)
      }
      let all = try measured.map { try $0.get() }
      let residues = all.map { $0.residuesPerLoop * 1000 }.filter(\.isFinite).sorted()
      let smooth = all.flatMap(\.smoothness).sorted()
      let fringes = all.flatMap(\.fringesPerPixel).sorted()
      panels[0].curves.append(.init(set: number, points: Self.cumulative(residues)))
      panels[1].curves.append(.init(set: number, points: Self.density(smooth)))
      panels[2].curves.append(
        .init(set: number, points: Self.cumulative(fringes.map { Double($0) })))
      let lags = all.first?.lagsPixels ?? []
      // Without a pixel size there is no distance.
      let kilometers = (set.pixelSizeMeters ?? .nan) / 1000
      let structure = lags.indices.map { lag in
        let sum = all.reduce(0.0) { $0 + $1.cosines[lag].sum }
        let count = all.reduce(0) { $0 + $1.cosines[lag].count }
        return (
          x: Double(lags[lag]) * kilometers,
          y: WrappedPhaseStatistics.structure(meanCosine: sum / Double(max(1, count)))
        )
      }
      panels[3].curves.append(.init(set: number, points: structure))
      func percentile(_ share: Double, _ values: [Double]) -> Double {
        values.isEmpty ? .nan : values[Int(Double(values.count - 1) * share)]
      }
      let smoothness = smooth.map { Double($0) }
      rows.append([
        set.name, "\(all.count)",
        [0.1, 0.5, 0.9].map { percentile($0, residues).decimals(0) }.joined(separator: " / "),
        [0.1, 0.5, 0.9].map { percentile($0, smoothness).decimals(2) }.joined(separator: " / "),
        [0.5, 0.9].map { percentile($0, fringes.map { Double($0) }).decimals(3) }
          .joined(separator: " / "),
        structure.map {
          $0.x.isFinite && $0.y.isFinite ? "\($0.x.decimals(2)) km: \($0.y.decimals(2))" : ""
        }
        .filter { !$0.isEmpty }.joined(separator: ", "),
      ])
    }
    return (CurvePicture(panels, names: sets.map(\.name)).drawing(), rows)
  }

  private static func cumulative(_ sorted: [Double]) -> [(x: Double, y: Double)] {
    guard sorted.count > 1 else { return sorted.map { ($0, 1) } }
    return (0...100).map { step in
      let place = step * (sorted.count - 1) / 100
      return (sorted[place], Double(place) / Double(sorted.count - 1))
    }
  }

  private static func density(_ sorted: [Float]) -> [(x: Double, y: Double)] {
    let bins = 25
    var counts = [Int](repeating: 0, count: bins)
    for value in sorted { counts[min(bins - 1, Int(value * Float(bins)))] += 1 }
    return counts.enumerated().map { bin, count in
      ((Double(bin) + 0.5) / Double(bins), Double(count * bins) / Double(max(1, sorted.count)))
    }
  }
}
