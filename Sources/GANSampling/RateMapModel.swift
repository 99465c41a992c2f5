import GANModel
import Kernel
import Patches
import Rasters
import TorchCore

/// A model that generates rate maps: maps of ground-deformation rate along the line of sight, in
/// cm/yr, positive toward the satellite.
///
/// This program draws eight maps of 64 x 64 px with the model that ships:
/// ```swift
/// import GANSampling
///
/// let model = try RateMapModel(contentsOf: ShippedModel.locate())
/// let maps: [[Float]] = try model.maps(0..<8, seed: 1, size: MapSize(width: 64, height: 64))
/// for map in maps { print(map.min()!, "to", map.max()!, "cm/yr") }
/// ```
public struct RateMapModel {
  /// A generator of fixed size, or a field model for any size.
  private enum Kind {
    case fixedSize(ModelFile)
    case field(FieldModel)
  }

  private let kind: Kind

  /// Reads a model file, or the model of a run folder.
  ///
  /// - Parameters:
  ///   - path: a `.safetensors` file, or a run folder that contains `model.safetensors`.
  ///   - device: where the networks run.
  /// - Throws: `TorchError` if the file is missing, damaged or not a model, or the device is not
  ///   there.
  public init(contentsOf path: String, device: Device = .cpu) throws {
    let file = SampleGeneration.modelFile(path)
    kind =
      FieldModel.isOne(file)
      ? .field(try FieldModel.read(file, device: device))
      : .fixedSize(try ModelFile.read(file, device: device))
  }

  /// Maps `indices` of a seed: map i depends only on the model, the seed, i and the options.
  ///
  /// Maps that are larger than the training patches are the part of an endless map that begins at
  /// its origin, as `options.window` describes others: parts agree where they overlap.
  ///
  /// - Parameters:
  ///   - size: `nil` for `defaultSize` or that of the window; only field models draw other sizes.
  ///   - options: only for field models.
  /// - Returns: for each map its rates in cm/yr (or values in the unit of `quantity`), row-major,
  ///   `size.height` rows of `size.width`. `jointMaps` gives all quantities of models that have several.
  /// - Throws: `SamplingError.arguments` for a size or options that the model does not support or a
  ///   negative index, `SamplingError.notFinite`, `SamplingError.rejected`, `TorchError` from the
  ///   networks.
  public func maps(
    _ indices: Range<Int>, seed: UInt64 = 0, size: MapSize? = nil, options: MapOptions = .init()
  ) throws -> [[Float]] {
    try drawn(indices, seed: seed, size: size, options).map(\.values)
  }

  /// Maps `indices` of a seed with all their quantities: map i of `maps` is the first of them.
  ///
  /// - Returns: for each map the values of each of `quantities`, in its unit, row-major.
  /// - Throws: as `maps`.
  public func jointMaps(_ indices: Range<Int>, seed: UInt64 = 0) throws -> [[[Float]]] {
    try drawn(indices, seed: seed, size: nil, .init()).map(\.channels)
  }

  private func drawn(_ indices: Range<Int>, seed: UInt64, size: MapSize?, _ options: MapOptions)
    throws -> [Drawn]
  {
    let size = try self.size(asked: size, options)
    guard indices.lowerBound >= 0 else {
      throw SamplingError.arguments([
        "the first index is \(indices.lowerBound): use 0 or more"
      ])
    }
    var maps: [Drawn] = []
    for start in stride(from: indices.lowerBound, to: indices.upperBound, by: 16) {
      maps += try self.maps(
        start..<min(start + 16, indices.upperBound), seed: seed, size: size, options,
        interruption: {})
    }
    for (index, map) in zip(indices, maps) where !map.isFinite {
      throw SamplingError.notFinite(sample: index, model: "the model")
    }
    return maps
  }

  /// The size of maps if no other is given.
  public var defaultSize: MapSize { MapSize(width: side, height: side) }

  /// What the maps measure; their values are in the quantity's unit and within its range.
  public var quantity: Quantity {
    switch kind {
    case .fixedSize(let model): model.description.quantity
    case .field: .rate
    }
  }

  /// All that the maps measure, for models of several quantities; the first is `quantity`.
  public var quantities: [Quantity] {
    switch kind {
    case .fixedSize(let model): model.description.quantities
    case .field: [.rate]
    }
  }

  /// SHA-256 of the model's file, in hexadecimal.
  public var sha256: String {
    switch kind {
    case .fixedSize(let model): model.sha256
    case .field(let model): model.sha256
    }
  }

  /// Names of the scenes that the model was trained on.
  public var scenes: [String] {
    switch kind {
    case .fixedSize(let model): model.description.scenes
    case .field(let model): model.description.scenes
    }
  }
}

// MARK: - For generation jobs
extension RateMapModel {
  /// The rate in cm/yr that is 1 inside the network; `nil` for models without such a rate.
  var scaleCMPerYear: Double? {
    switch kind {
    case .fixedSize(let model):
      quantity == .rate ? model.description.transform.scaleCMPerYear : nil
    case .field: nil
    }
  }

  /// The default side of maps in pixels.
  var side: Int {
    switch kind {
    case .fixedSize(let model): model.description.architecture.sizePixels
    case .field(let model): model.description.sizePixels
    }
  }

  /// The size of the maps.
  /// - Throws: `SamplingError.arguments` for a size and options that this model does not support.
  package func size(asked: MapSize?, _ options: MapOptions = .init()) throws -> MapSize {
    let faults = options.faults()
    guard faults.isEmpty else { throw SamplingError.arguments(faults) }
    if asked != nil, options.window != nil {
      throw SamplingError.arguments([
        "a window has its own size: leave out \(OptionName.size) or the window"
      ])
    }
    switch kind {
    case .fixedSize:
      guard asked == nil || asked == defaultSize else {
        throw SamplingError.arguments([
          "this model generates only maps of \(defaultSize) pixels: omit \(OptionName.size), or use a "
            + "model for any size"
        ])
      }
      guard !options.needsFieldModel else {
        throw SamplingError.arguments([
          "this model draws maps of one kind and size only, without windows, ranges, styles, "
            + "truncation, rejection, interpolation, regions and a choice of precision: leave them out, or "
            + "take a field model"
        ])
      }
      return defaultSize
    case .field(let model):
      try model.check(Self.choice(options))
      try options.regions.map(model.checkRegions)
      if let window = options.window {
        try window.check()
        return window.size
      }
      guard let asked else { return defaultSize }
      try MapSize.check(asked)
      // Without detail, a small map is scaled to the standard deviation of its own pixels.
      guard asked.width * asked.height > 1 || model.description.detailChannels != nil else {
        throw SamplingError.arguments([
          "the size is \(asked): this model scales each map to a standard deviation, which a single "
            + "pixel does not have; use at least 2 pixels"
        ])
      }
      return asked
    }
  }

  /// A map, and how many before it were rejected.
  package struct Drawn {
    package var values: [Float]
    package var rejected = 0
    /// The values of the model's further quantities.
    package var others: [[Float]] = []

    /// The values of each quantity.
    package var channels: [[Float]] { [values] + others }
    package var isFinite: Bool { channels.allSatisfy { $0.allSatisfy(\.isFinite) } }
  }

  /// Rate maps in cm/yr, row-major, for sample indices.
  /// - Parameter interruption: called before each part of a large map; what it throws ends the
  ///   drawing.
  /// - Throws: `SamplingError.rejected` if no map stays within the greatest rate.
  package func maps(
    _ indices: Range<Int>, seed: UInt64, size: MapSize, _ options: MapOptions,
    interruption: () throws -> Void
  ) throws -> [Drawn] {
    switch kind {
    case .fixedSize(let model):
      return try model.maps(indices, seed: seed).map {
        Drawn(values: $0[0], others: Array($0.dropFirst()))
      }
    case .field(let model):
      let greatest = Self.greatestRate(model, size: size, options)
      return try indices.map { index in
        var rejected = 0
        while true {
          let draw = Self.draw(index, seed: seed, options, attempt: rejected)
          let values = try Self.map(model, draw, size: size, options, interruption)
          guard let limit = greatest, values.contains(where: { abs(Double($0)) > limit })
          else { return Drawn(values: values, rejected: rejected) }
          rejected += 1
          guard rejected < MapOptions.greatestAttempts else {
            throw SamplingError.rejected(sample: index, attempts: rejected, limit: limit)
          }
        }
      }
    }
  }

  /// Beyond it maps are drawn again. A model's own limit is for maps of the size of its training
  /// patches, and not for steps between maps, which would no longer follow each other.
  private static func greatestRate(
    _ model: FieldModel, size: MapSize, _ options: MapOptions
  ) -> Double? {
    let isPatch = max(size.width, size.height) <= model.description.sizePixels
    guard isPatch, options.window == nil, options.interpolation == nil else {
      return options.maxRate
    }
    return options.maxRate ?? model.description.greatestRateCMPerYear
  }

  private static func map(
    _ model: FieldModel, _ draw: FieldDraw, size: MapSize, _ options: MapOptions,
    _ interruption: () throws -> Void
  ) throws -> [Float] {
    let side = model.description.sizePixels
    let precision = options.precision ?? .float32
    if options.window == nil, options.regions == nil, precision == .float32,
      max(size.width, size.height) <= side
    {
      return try model.map(
        draw, width: size.width, height: size.height, interruption: interruption)
    }
    let window = options.window ?? MapWindow(x: 0, y: 0, size: size)
    return try EndlessMap(
      model, draw, dtype: precision.dtype, regionSide: options.regions
    ).window(
      rows: window.rows, columns: window.columns, interruption: interruption)
  }

  private static func choice(_ options: MapOptions) -> LabelChoice {
    var choice = LabelChoice(spread: options.spread, mean: options.mean)
    choice.quietFraction = options.quietFraction
    choice.style = options.style ?? [:]
    return choice
  }

  private static func draw(
    _ index: Int, seed: UInt64, _ options: MapOptions, attempt: Int = 0
  ) -> FieldDraw {
    let steps = options.interpolation?.steps ?? 1
    // Attempts are maps whose indices nobody can ask for.
    var draw = FieldDraw(seed: seed, map: index / steps + attempt << 40)
    draw.truncation = options.truncation ?? 1
    draw.choice = choice(options)
    if let interpolation = options.interpolation {
      draw.toward = (interpolation.seed, Double(index % steps) / Double(steps - 1))
    }
    return draw
  }

  /// The endless map of a sample; `nil` for a model of fixed size.
  func endlessMap(_ index: Int, seed: UInt64, _ options: MapOptions) throws -> EndlessMap? {
    guard case .field(let model) = kind else { return nil }
    return try EndlessMap(
      model, Self.draw(index, seed: seed, options),
      dtype: (options.precision ?? .float32).dtype, regionSide: options.regions)
  }

  /// What can be asked of this model; `nil` for one of fixed size, whose maps come as they are.
  package var controls: MapControls? {
    guard case .field(let model) = kind else { return nil }
    let bounds = model.labelBounds
    return MapControls(
      spread: bounds.spread, mean: bounds.mean, quietFraction: bounds.quietFraction,
      scenes: bounds.quietFraction == nil ? [] : model.description.scenes)
  }

  /// The settings of the real patches beside the maps: as in the last epoch of the model's
  /// training, without offsets. Field models are trained on windows without the filter.
  var patches: (configuration: PatchLoaderConfiguration, epoch: Int) {
    switch kind {
    case .fixedSize(let model):
      var configuration = model.description.patches
      configuration.offset.epochs = .never
      return (configuration, model.description.epoch)
    case .field:
      var configuration = PatchLoaderConfiguration()
      configuration.offset.epochs = .never
      configuration.filter.epochs = .never
      return (configuration, 0)
    }
  }
}

extension MapPrecision {
  fileprivate var dtype: DType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    }
  }
}

extension ModelFile {
  /// Rate maps in cm/yr, and further quantities, row-major, for sample indices; all are drawn at once.
  fileprivate func maps(_ indices: Range<Int>, seed: UInt64) throws -> [[[Float]]] {
    let size = description.architecture.sizePixels
    let channels = description.quantities.count
    let latents = try Latents.samples(
      indices, size: description.architecture.latentSize, seed: seed)
    let values = try withoutGradients {
      try description.transform.decode(generator(latents.to(device: device))).to(device: .cpu)
        .floats()
    }
    return indices.map { index in
      (0..<channels).map { channel in
        let start = ((index - indices.lowerBound) * channels + channel) * size * size
        return Array(values[start..<start + size * size])
      }
    }
  }
}
