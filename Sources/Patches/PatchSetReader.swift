import Datasets
import DurableFiles
import Foundation
import Kernel
import RasterIO
import Rasters

/// Reads an `EvaluationSet` from a prepared dataset, a folder of rasters such as
/// `ganinsar generate` and `ganinsar simulate` write, or an `.npy` stack [N, H, W].
package struct PatchSetReader: Sendable, Equatable {
  /// Number of patches to draw from a dataset; for files and stacks, the maximum number, in order
  /// of their names.
  package var count: Int
  /// Side in pixels of patches that are drawn from a dataset.
  package var patchSize: Int
  /// The seed for windows of a dataset.
  package var seed: UInt64
  /// The random stream of these windows.
  package var stream: RandomStream
  /// How windows of a dataset are drawn.
  package var drawing: PatchLoaderConfiguration
  /// Draws from the held-out scenes of a dataset instead of the training scenes.
  package var usesHeldOut: Bool
  /// The unit of files that state none; `nil`: such a file is an error.
  package var unit: RasterUnit?
  /// The sign of files that do not state it; `nil`: positive toward the satellite.
  package var losConvention: LOSConvention?
  /// What a set measures that does not say it; `nil`: rates. A set that says something else is an error.
  /// Of sets with several quantities it is the one that is read; `nil`: the first, with the others beside
  /// it.
  package var quantity: Quantity?

  package init(
    count: Int, patchSize: Int = 256, seed: UInt64 = 0, stream: RandomStream = .evaluationPatches,
    drawing: PatchLoaderConfiguration = PatchSetReader.drawing(filter: true),
    usesHeldOut: Bool = false, unit: RasterUnit? = nil, losConvention: LOSConvention? = nil,
    quantity: Quantity? = nil
  ) {
    self.quantity = quantity
    self.count = count
    self.patchSize = patchSize
    self.seed = seed
    self.stream = stream
    self.drawing = drawing
    self.usesHeldOut = usesHeldOut
    self.unit = unit
    self.losConvention = losConvention
  }

  /// Reader for the maps of folders.
  var rateMaps: RateMapReader { maps(of: quantity ?? .rate) }

  private func maps(of quantity: Quantity) -> RateMapReader {
    RateMapReader(
      options: RasterReadOptions(losConvention: losConvention), unitWhereUnstated: unit,
      quantity: quantity)
  }

  /// The loader's rules for evaluations: no offset (the paper drops it after ten epochs), no
  /// augmentation, both scales.
  /// - Parameter filter: whether the conditional filter is on.
  package static func drawing(filter: Bool) -> PatchLoaderConfiguration {
    var configuration = PatchLoaderConfiguration()
    configuration.offset.epochs = .never
    configuration.augmentation.epochs = .never
    configuration.filter.epochs = filter ? .always : .never
    return configuration
  }

  /// The kind of set at `path`.
  /// - Throws: `PatchError.unusableSet` if there is nothing.
  package static func kind(of path: String) throws -> EvaluationSet.Kind {
    guard FileSystem.exists(path) else {
      throw PatchError.unusableSet(
        path: path, problem: "there is no such file or folder",
        remedy: "Give a dataset, a folder of rasters, or an .npy stack [N, H, W].")
    }
    guard FileSystem.isFolder(path) else { return .stack }
    return FileSystem.exists("\(path)/\(DatasetManifest.fileName)")
      ? .dataset : .folder
  }

  /// Reads the set at `path`.
  ///
  /// - Throws: `PatchError.unusableSet` with the file, for patches that are not square, differ in
  ///   size, contain NaN or infinite values, or state no unit, and for an empty set; the errors of
  ///   reading datasets and rasters; `RunError.interrupted`.
  package func read(_ path: String, name: String) throws -> EvaluationSet {
    guard count > 0 else {
      throw PatchError.invalidOption(
        .count, value: "\(count)", remedy: "give 1 or more patches.")
    }
    return switch try Self.kind(of: path) {
    case .dataset: try readDataset(path, name: name)
    case .folder: try readFolder(path, name: name)
    case .stack: try readStack(path, name: name)
    }
  }

  // MARK: - Dataset

  private func readDataset(_ path: String, name: String) throws -> EvaluationSet {
    let dataset = try RateDataset.open(path)
    let channel = dataset.quantities.firstIndex(of: self.quantity ?? dataset.quantity) ?? 0
    let quantity = dataset.quantities[channel]
    var companions =
      self.quantity == nil
      ? dataset.quantities.dropFirst().map { EvaluationSet.Companion(quantity: $0, patches: []) }
      : []
    try check(quantity, path: path)
    let scenes = usesHeldOut ? dataset.heldOutScenes : dataset.trainingScenes
    guard !scenes.isEmpty else {
      throw PatchError.unusableSet(
        path: path, problem: "it has no \(usesHeldOut ? "held-out" : "training") scene",
        remedy: usesHeldOut
          ? "Prepare it with \(OptionName.split) or \(OptionName.holdOut)."
          : "Prepare it with fewer scenes held out.")
    }
    let sampler = try PatchSampler(
      scenes: scenes, configuration: drawing.suited(to: dataset.quantity), patchSize: patchSize,
      seed: seed, stream: stream)
    var patches: [[Float]] = []
    var origins: [PatchOrigin] = []
    for index in 0..<count {
      try Interruption.check()
      let patch = try sampler.patch(at: index, epoch: 0)
      patches.append(patch.channel(channel))
      for index in companions.indices { companions[index].patches.append(patch.channel(index + 1)) }
      origins.append(
        PatchOrigin(
          label: "\(patch.scene) (\(patch.column), \(patch.row))"
            + (patch.factor > 1 ? " /\(patch.factor)" : ""),
          scene: patch.scene, column: patch.column, row: patch.row, windowSide: patch.windowSide))
    }
    return EvaluationSet(
      name: name, path: path, kind: .dataset, size: patchSize, patches: patches, origins: origins,
      notes: sampler.warnings + [dataset.signNote].compactMap { $0 }, quantity: quantity,
      companions: companions)
  }

  /// - Throws: `PatchError.unusableSet` where a set states another quantity than was asked for.
  private func check(_ stated: Quantity, path: String) throws {
    guard let quantity, quantity != stated else { return }
    throw PatchError.unusableSet(
      path: path, problem: "it holds \(stated.words), not \(quantity.words)",
      remedy: "Give a set of \(quantity.words), or another \(OptionName.quantity).")
  }

  // MARK: - Folder

  private func readFolder(_ path: String, name: String) throws -> EvaluationSet {
    let folder = try mapFolder(path)
    let stated = folder.quantity
    if let stated { try check(stated, path: path) }
    let reader = maps(of: stated ?? quantity ?? .rate)
    var notes = folder.notes
    if folder.files.count > count {
      notes.append("the first \(count) of \(folder.files.count) maps are used.")
    }
    var size: Int?
    var first = ""
    var patches: [[Float]] = []
    var origins: [PatchOrigin] = []
    for file in folder.files.prefix(count) {
      try Interruption.check()
      let full = "\(folder.path)/\(file)"
      let raster = try reader.read(full).raster
      try checkSquare(raster.width, raster.height, path: full)
      if let size, size != raster.width {
        throw PatchError.unusableSet(
          path: full,
          problem:
            "it has \(raster.width)x\(raster.height) pixels, and \(first) has \(size)x\(size)",
          remedy: "Give patches of one size; draw them from scenes with ganinsar prepare.")
      }
      if size == nil { first = file }
      size = raster.width
      try checkFinite(raster.values, path: full)
      patches.append(raster.values)
      origins.append(
        PatchOrigin(label: FilePath.withoutExtension(file), file: file))
    }
    return EvaluationSet(
      name: name, path: path, kind: .folder, size: size ?? 0, patches: patches, origins: origins,
      notes: notes + (reader.quantity == .rate ? reader.notes.sentences : []),
      quantity: reader.quantity,
      companions: quantity == nil ? try companions(of: path, like: folder, size: size ?? 0) : [])
  }

  /// The further quantities of the maps in a folder that has several (`JointManifest`).
  private func companions(of path: String, like main: RateMapFolder, size: Int) throws
    -> [EvaluationSet.Companion]
  {
    try main.companions.map { quantity in
      let folder = try RateMapFolder(path, of: quantity)
      guard folder.files.map(FilePath.name) == main.files.map(FilePath.name) else {
        throw PatchError.unusableSet(
          path: folder.path, problem: "its maps are not those of \(main.path)",
          remedy: "Draw the maps again, or give one quantity with \(OptionName.quantity).")
      }
      let reader = maps(of: quantity)
      let patches = try folder.paths.prefix(count).map { file in
        try Interruption.check()
        let raster = try reader.read(file).raster
        guard raster.width == size, raster.height == size else {
          throw PatchError.unusableSet(
            path: file,
            problem: "it has \(raster.width)x\(raster.height) pixels, not \(size)x\(size)",
            remedy: "Draw the maps again.")
        }
        try checkFinite(raster.values, path: file)
        return raster.values
      }
      return EvaluationSet.Companion(quantity: quantity, patches: patches)
    }
  }

  /// The maps of a folder; at least one.
  func mapFolder(_ path: String) throws -> RateMapFolder {
    let folder = try RateMapFolder(path, of: quantity)
    guard !folder.files.isEmpty else {
      throw PatchError.unusableSet(
        path: path, problem: "it contains no raster (images have no rates)",
        remedy: "Give a folder with .tif, .h5 or .npy maps, such as ganinsar generate writes.")
    }
    return folder
  }

  // MARK: - Stack

  private func readStack(_ path: String, name: String) throws -> EvaluationSet {
    guard path.lowercased().hasSuffix(".npy") else {
      throw PatchError.unusableSet(
        path: path, problem: "a single file must be an .npy stack [N, H, W]",
        remedy: "Give the folder that holds the rasters, or make a dataset with ganinsar prepare.")
    }
    let reader = try NpyReader(path)
    var shape = reader.shape
    if shape.count == 4, shape[1] == 1 { shape.remove(at: 1) }  // [N, 1, H, W]
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 }) else {
      throw PatchError.unusableSet(
        path: path, problem: "its shape is \(reader.shape)",
        remedy: "Save patches as [N, H, W], or give one scene to ganinsar prepare.")
    }
    try checkSquare(shape[2], shape[1], path: path)
    let taken = min(count, shape[0])
    var patches: [[Float]] = []
    for item in 0..<taken {
      try Interruption.check()
      patches.append(
        try rates(
          reader.readItem(item).values, unit: unit ?? (quantity ?? .rate).unit,
          path: "\(path), item \(item)"))
    }
    let quantity = quantity ?? .rate
    if quantity != .rate {
      return EvaluationSet(
        name: name, path: path, kind: .stack, size: shape[1], patches: patches,
        origins: (0..<taken).map { PatchOrigin(label: "item \($0)") },
        notes: taken < shape[0] ? ["the first \(taken) of \(shape[0]) maps are used."] : [],
        quantity: quantity)
    }
    var notes: [String] = []
    if unit == nil {
      notes.append(
        "the stack states no unit; cm/yr is assumed"
          + (losConvention == nil ? ", positive toward the satellite." : "."))
    }
    if losConvention == .awayFromSatellite {
      notes.append(
        "\(OptionName.losSign("away")): the stack was turned, so that toward is positive.")
    }
    if taken < shape[0] { notes.append("the first \(taken) of \(shape[0]) maps are used.") }
    return EvaluationSet(
      name: name, path: path, kind: .stack, size: shape[1], patches: patches,
      origins: (0..<taken).map { PatchOrigin(label: "item \($0)") }, notes: notes)
  }

  // MARK: - Checks

  private func checkSquare(_ width: Int, _ height: Int, path: String) throws {
    guard width == height else {
      throw PatchError.unusableSet(
        path: path, problem: "it has \(width)x\(height) pixels, which is not square",
        remedy: "Draw square patches from it: ganinsar prepare \(path) -o DATASET.")
    }
  }

  /// `values` of a stack in cm/yr, positive toward the satellite.
  private func rates(_ values: [Float], unit: RasterUnit, path: String) throws -> [Float] {
    try checkFinite(values, path: path)
    if let quantity, quantity != .rate {
      do {
        let factor =
          try quantity.factor(from: unit, wavelengthMeters: nil)
          * quantity.signFactor(losConvention)
        var values = factor == 1 ? values : values.map { Float(Double($0) * factor) }
        _ = try QuantityRange(quantity).settle(&values, path: path)
        return values
      } catch let problem as Quantity.UnitProblem {
        throw PatchError.unusableSet(
          path: path, problem: problem.text(quantity), remedy: problem.remedy(quantity))
      }
    }
    guard unit.kind == .rate else {
      throw PatchError.unusableSet(
        path: path, problem: "its unit is \(unit.rawValue), which is not a rate",
        remedy: "Convert it to rates with ganinsar prepare "
          + "\(OptionName.displacementAsRate("YEARS")).")
    }
    let factor =
      try unit.factor(to: .centimetersPerYear) * (losConvention?.factorTowardSatellite ?? 1)
    return factor == 1 ? values : values.map { Float(Double($0) * factor) }
  }

  func checkFinite(_ values: [Float], path: String) throws {
    let bad = values.count { !$0.isFinite }
    guard bad == 0 else {
      throw PatchError.unusableSet(
        path: path, problem: "\(bad) of its \(values.count) values are NaN or infinite",
        remedy:
          "Draw patches from it with ganinsar prepare, which fills small holes, or leave it out.")
    }
  }
}
