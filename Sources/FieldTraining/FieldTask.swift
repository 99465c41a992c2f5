import Datasets
import GANModel
import Kernel
import Patches
import TorchCore
import TorchNN

/// What a generator is asked to draw.
enum FieldRequest {
  /// Maps with these statistics, [N, 5], as they are and normalized.
  case labels(raw: Tensor, normalized: Tensor)
  /// The detail of windows of which the means are given.
  case detail(DetailWindow)

  /// What a discriminator compares with the images.
  var labels: Tensor? {
    if case .labels(_, let labels) = self { return labels }
    return nil
  }

  /// The maps of which discriminators see `images`, in cm/yr: [N, 1, 64, 64].
  func restored(_ images: Tensor) throws -> Tensor {
    switch self {
    case .labels(let raw, _): try FieldNormalization.restored(images, labels: raw)
    case .detail(let windows): try windows.restored(images)
    }
  }
}

extension FieldGenerator {
  /// What discriminators see of the maps: [N, C, 64, 64].
  func seen(_ latents: Latents, _ request: FieldRequest) throws -> Tensor {
    switch request {
    case .labels(_, let labels): try seen(latents, labels: labels)
    case .detail(let windows): try seen(latents, windows)
    }
  }
}

/// What differs between the levels: the networks, what they see of real maps, and the file.
protocol FieldTask {
  /// Number of statistics that maps are asked for; 0 for none.
  var labelCount: Int { get }
  /// A generator with initial values.
  func generator(_ random: RandomGenerator) throws -> FieldGenerator
  func discriminator(_ random: RandomGenerator) throws -> FieldDiscriminator
  /// Loads the network that training begins with, if there is one.
  func begin(_ generator: FieldGenerator) throws
  /// What discriminators see of real maps in cm/yr, and the request for generated ones beside them.
  func seen(_ maps: Tensor, _ share: BatchShare, _ random: inout CounterRandom) throws -> (
    images: Tensor, request: FieldRequest
  )
  /// What the generator draws when it learns.
  /// - Parameter real: the request of this iteration's real maps.
  func learned(
    beside real: FieldRequest, _ share: BatchShare, _ random: inout CounterRandom, on device: Device
  ) throws -> FieldRequest
  /// Calls `draw` with requests like those of the training, for batch-norm statistics.
  func calibrate(on device: Device, _ draw: (FieldRequest, inout CounterRandom) throws -> Void)
    throws
  /// - Parameter generator: in evaluation mode, its norms calibrated.
  func write(_ generator: FieldGenerator, iterations: Int, to path: String) throws
}

/// A base network, whose maps have statistics drawn from those of the scenes.
struct BaseTask: FieldTask {
  let configuration: FieldConfiguration
  let samples: FieldSamples
  let table: FieldTable

  /// What is added to a label that is drawn from the table, in its deviations.
  private static let labelNoise: Float = 0.05
  /// Maps are drawn again beyond so many times the greatest rate of the scenes.
  private static let greatestRateFactor = 1.5
  let labelCount = FieldNormalization.labelCount

  init(_ configuration: FieldConfiguration, _ samples: FieldSamples) throws {
    self.configuration = configuration
    self.samples = samples
    table = try .measured(configuration, samples)
  }

  func generator(_ random: RandomGenerator) throws -> FieldGenerator {
    let architecture = configuration.architecture
    return try .base(
      channels: architecture.channels, noisePlanes: architecture.noisePlanes, random)
  }

  func discriminator(_ random: RandomGenerator) throws -> FieldDiscriminator {
    try FieldDiscriminator(
      channels: configuration.architecture.discriminatorChannels,
      labelCount: labelCount, random)
  }

  func begin(_ generator: FieldGenerator) throws {
    guard case .base(let model, let path) = samples.initial else { return }
    try generator.begin(
      with: model, path: path, means: table.means, deviations: table.deviations)
  }

  func seen(_ maps: Tensor, _ share: BatchShare, _ random: inout CounterRandom) throws -> (
    images: Tensor, request: FieldRequest
  ) {
    let (images, raw) = try FieldNormalization.seen(maps)
    return (images, .labels(raw: raw, normalized: try table.normalized(raw)))
  }

  func learned(
    beside real: FieldRequest, _ share: BatchShare, _ random: inout CounterRandom, on device: Device
  ) throws -> FieldRequest {
    try request(share.part(drawnLabels(share.total, &random), on: device))
  }

  private func request(_ normalized: Tensor) throws -> FieldRequest {
    .labels(raw: try table.raw(normalized), normalized: normalized)
  }

  /// Normalized labels of rows of the table: [N, 5].
  private func drawnLabels(_ count: Int, _ random: inout CounterRandom) throws -> Tensor {
    var (raw, noise): ([Float], [Float]) = ([], [])
    for _ in 0..<count {
      let row = table.labels[random.integer(below: table.labels.count)]
      raw += row
      noise += row.map { _ in Self.labelNoise * Float(random.normal()) }
    }
    let shape = [count, FieldNormalization.labelCount]
    return try table.normalized(Tensor(raw, shape: shape)) + Tensor(noise, shape: shape)
  }

  func calibrate(on device: Device, _ draw: (FieldRequest, inout CounterRandom) throws -> Void)
    throws
  {
    var random = CounterRandom(configuration.seed, .fieldCalibration)
    for _ in 0..<configuration.average.calibrationBatches {
      let labels = try drawnLabels(configuration.batchSize, &random).to(device: device)
      try draw(request(labels), &random)
    }
  }

  func write(_ generator: FieldGenerator, iterations: Int, to path: String) throws {
    try FieldModel.write(
      base: generator, channels: configuration.architecture.channels, detail: samples.detail,
      table: table, scenes: samples.dataset.trainingScenes.map(\.name), iterations: iterations,
      greatestRateCMPerYear: samples.greatestRateCMPerYear * Self.greatestRateFactor, to: path)
  }
}

/// A network that adds detail to the means of windows.
struct DetailTask: FieldTask {
  let configuration: FieldConfiguration
  let samples: FieldSamples
  /// Windows for batch-norm statistics, drawn apart from those of the training.
  private let calibration: PatchSampler
  let labelCount = 0

  init(_ configuration: FieldConfiguration, _ samples: FieldSamples) throws {
    self.configuration = configuration
    self.samples = samples
    calibration = try .apart(configuration, samples)
  }

  func generator(_ random: RandomGenerator) throws -> FieldGenerator {
    let architecture = configuration.architecture
    return try .detail(
      channels: architecture.channels, noisePlanes: architecture.noisePlanes, random)
  }

  func discriminator(_ random: RandomGenerator) throws -> FieldDiscriminator {
    try FieldDiscriminator(
      channels: configuration.architecture.discriminatorChannels,
      mapChannels: DetailWindow.channels, labelCount: labelCount, random)
  }

  func begin(_ generator: FieldGenerator) throws {
    guard case .detail(let model, let path) = samples.initial else { return }
    try generator.begin(with: model, path: path)
  }

  func seen(_ maps: Tensor, _ share: BatchShare, _ random: inout CounterRandom) throws -> (
    images: Tensor, request: FieldRequest
  ) {
    let floors = try DetailWindow.floors(share.total, &random)
    let windows = try DetailWindow(maps, floors: share.part(floors, on: maps.device))
    return (try windows.seen(), .detail(windows))
  }

  /// The same windows, for which other detail is drawn.
  func learned(
    beside real: FieldRequest, _ share: BatchShare, _ random: inout CounterRandom, on device: Device
  ) throws -> FieldRequest { real }

  func calibrate(on device: Device, _ draw: (FieldRequest, inout CounterRandom) throws -> Void)
    throws
  {
    var random = CounterRandom(configuration.seed, .fieldCalibration)
    let (count, side) = (configuration.batchSize, DetailWindow.side)
    for batch in 0..<configuration.average.calibrationBatches {
      let patches = try (0..<count).map { try calibration.patch(at: batch * count + $0) }
      let maps = try Tensor(patches.flatMap(\.values), shape: [count, 1, side, side])
      let windows = try DetailWindow(
        maps.to(device: device),
        floors: DetailWindow.floors(count, &random).to(device: device))
      try draw(.detail(windows), &random)
    }
  }

  func write(_ generator: FieldGenerator, iterations: Int, to path: String) throws {
    try DetailModel.write(
      generator, channels: configuration.architecture.channels,
      scenes: samples.dataset.trainingScenes.map(\.name), to: path)
  }
}
