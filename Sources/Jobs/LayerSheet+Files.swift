import DurableFiles
import Foundation
import Kernel
import Pictures
import RasterIO
import Rasters
import StackFiles

extension LayerSheet {
  /// The file that `compose` and `dataset` write into their output.
  package static let fileName = "contact-sheet.png"

  /// Draws interferograms of a stack folder: the rate and other truth, then every layer.
  ///
  /// - Parameters:
  ///   - count: the number of interferograms, evenly taken; the first and the last are among them.
  ///   - only: names of the layers to draw; `nil` for all.
  /// - Throws: `StackIOError.badStack`, `RasterError`.
  package static func stack(
    _ folder: String, count: Int, only: [String]? = nil, title: String? = nil,
    limits: [String: ClosedRange<Float>] = [:], side: Double = 150
  ) throws -> LayerSheet {
    let manifest = try StackSource.readManifest(folder)
    let all = manifest.truth + manifest.layers.sorted { order($0.name) < order($1.name) }
    let layers = all.filter { only?.contains($0.name) ?? true }
    guard !layers.isEmpty else {
      throw StackIOError.badStack(
        path: folder, reason: "it has none of the layers \((only ?? []).joined(separator: ", "))",
        remedy: "Its layers are \(all.map(\.name).joined(separator: ", ")).")
    }
    let (height, width) = (manifest.geometry.height, manifest.geometry.width)
    let truth = Set(manifest.truth.map(\.name))
    let chosen = evenly(count, of: manifest.pairs.count)
    let samples = try chosen.map { index in
      let pair = manifest.pairs[index]
      let planes = try layers.map { layer -> [Float] in
        try Interruption.check()
        let file = truth.contains(layer.name) ? layer.name : "\(pair.name)/\(layer.name)"
        let array = try NpyArray.read("\(folder)/\(file).npy")
        guard array.shape == [height, width] else {
          throw StackIOError.badStack(
            path: "\(folder)/\(file).npy", reason: "its shape is \(array.shape)",
            remedy: "Compose the stack again.")
        }
        return array.values
      }
      return Sample(
        label: "\(pair.referenceDate) to \(pair.secondaryDate), \(pair.days) days, "
          + "baseline \(pair.perpendicularBaselineMeters.decimals(0)) m",
        width: width, height: height, planes: planes)
    }
    return LayerSheet(
      layers: layers.map { Layer(name: $0.name, unit: $0.unit) }, samples: samples,
      title: title
        ?? "Simulated stack, \(manifest.sensor.rawValue), \(manifest.pairs.count) interferograms",
      pixelSizeMeters: manifest.geometry.pixelSizeMeters, limits: limits, side: side)
  }

  /// Draws samples of a dataset for machine learning, each array of rows and columns as a column; of
  /// a series of them, the last.
  ///
  /// - Parameters:
  ///   - indices: of the samples; they must exist.
  ///   - only: names of the arrays to draw; `nil` for all.
  /// - Throws: `StackIOError.badStack`, `RasterError`, `RunError.cannotRead`.
  package static func dataset(
    _ dataset: SampleDataset, indices: [Int], only: [String]? = nil, title: String? = nil,
    limits: [String: ClosedRange<Float>] = [:], side: Double = 150
  ) throws -> LayerSheet {
    let places = dataset.arrays.indices
      .filter { (2...3).contains(dataset.arrays[$0].shape.count) }
      .filter { only?.contains(dataset.arrays[$0].name) ?? true }
      .sorted { (order(dataset.arrays[$0].name), $0) < (order(dataset.arrays[$1].name), $1) }
    guard !places.isEmpty else {
      throw StackIOError.badStack(
        path: dataset.path, reason: "it has no such array of rows and columns",
        remedy: "Its arrays are \(dataset.arrays.map(\.name).joined(separator: ", ")).")
    }
    var pixelSize: Double?
    let samples = try indices.map { index in
      try Interruption.check()
      let (arrays, metadata) = try dataset.sample(index)
      let facts =
        (try? JSONSerialization.jsonObject(with: Data(metadata.utf8))) as? [String: Any] ?? [:]
      pixelSize = pixelSize ?? facts["pixelSizeMeters"] as? Double
      let shape = Array(dataset.arrays[places[0]].shape.suffix(2))
      return Sample(
        label: label(index, facts), width: shape[1], height: shape[0],
        planes: places.map {
          arrays[$0].shape.suffix(2) == shape[...]
            ? Array(arrays[$0].values.suffix(shape[0] * shape[1])) : nil
        })
    }
    return LayerSheet(
      layers: places.map { place in
        let array = dataset.arrays[place]
        return Layer(
          name: array.name + (array.shape.count == 3 ? " \(array.shape[0])" : ""), unit: array.unit)
      }, samples: samples,
      title: title ?? "\(Self.title(dataset.path)), \(dataset.count) samples",
      pixelSizeMeters: pixelSize, limits: limits, side: side)
  }

  /// Writes the contact sheet of the dataset `folder` to `file` once its first samples are there; later calls and other
  /// processes of the same job leave it as it is.
  /// - Throws: as `dataset`, and `RunError.cannotWrite`.
  package static func writeForDataset(_ folder: String, to file: String, samples: Int = 6) throws {
    let dataset = try SampleDataset(folder)
    let shown = min(samples, dataset.count)
    guard !FileSystem.exists(file), dataset.finishedCount >= shown,
      dataset.arrays.contains(where: { (2...3).contains($0.shape.count) })
    else { return }
    // Without the folder's name, so that the same job gives the same bytes in any folder.
    let part = FilePath.name(FilePath.absolute(folder))
    let title = (DatasetParts.names.contains(part) ? "\(part), " : "") + "\(dataset.count) samples"
    try PictureFile.write(
      try LayerSheet.dataset(dataset, indices: Array(0..<shown), title: title).drawing(), to: file)
  }

  /// Rate first, then what a network sees, then what it is made of.
  private static func order(_ name: String) -> Int {
    ["rate", "wrapped", "unwrapped", "coherence"].firstIndex(of: name) ?? 4
  }

  /// Evenly taken indices, with the first and the last among them.
  static func evenly(_ count: Int, of total: Int) -> [Int] {
    guard count < total else { return Array(0..<total) }
    guard count > 1 else { return [0] }
    return (0..<count).map { $0 * (total - 1) / (count - 1) }
  }

  /// What tells samples apart comes first, since a narrow sheet cuts the end off.
  private static func label(_ index: Int, _ facts: [String: Any]) -> String {
    var parts = ["\(index)"]
    if let days = facts["days"] as? Double { parts.append("\(days.decimals(0)) days") }
    if let baseline = facts["perpendicularBaselineMeters"] as? Double {
      parts.append("baseline \(baseline.decimals(0)) m")
    }
    for key in ["sensor", "rate", "preset", "pair"] {
      if let text = facts[key] as? String { parts.append(text.printable) }
    }
    return parts.joined(separator: ", ")
  }

  /// The folder, with the one above it for a part of a dataset.
  private static func title(_ path: String) -> String {
    let path = FilePath.absolute(path)
    let name = FilePath.name(path)
    return DatasetParts.names.contains(name)
      ? "\(FilePath.name(FilePath.folder(path))), \(name)" : name
  }
}
