import GANModel
import Kernel
import Patches
import TorchCore

/// Width and height of a map in pixels.
public struct MapSize: Sendable, Equatable, CustomStringConvertible {
  public var width: Int
  public var height: Int

  /// The largest side in pixels; a map of 20,000 x 20,000 px needs 1.6 GB.
  public static let largestSide = 20_000

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Reads `256` and `640x480`.
  /// - Throws: `SamplingError.arguments` for any other text, and for sides out of range.
  public init(parsing text: String) throws {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard let width = sides[0], let height = sides.count == 1 ? width : sides[1], sides.count < 3
    else {
      throw SamplingError.arguments([
        "the size is '\(text)': give pixels, such as 256 or 640x480 (width x height)"
      ])
    }
    for side in [width, height] where !(1...Self.largestSide).contains(side) {
      throw SamplingError.arguments([
        "the size is '\(text)': use 1 to \(Self.largestSide) pixels per side"
      ])
    }
    self.init(width: width, height: height)
  }

  public var description: String { "\(width)x\(height)" }
}

/// A model for rate maps: a generator of fixed size, or a field model for any size.
enum RateMapModel {
  case fixedSize(ModelFile)
  case field(FieldModel)

  static func read(_ path: String, device: Device) throws -> RateMapModel {
    FieldModel.isOne(path)
      ? .field(try FieldModel.read(path, device: device))
      : .fixedSize(try ModelFile.read(path, device: device))
  }

  var sha256: String {
    switch self {
    case .fixedSize(let model): model.sha256
    case .field(let model): model.sha256
    }
  }

  var scenes: [String] {
    switch self {
    case .fixedSize(let model): model.description.scenes
    case .field(let model): model.description.scenes
    }
  }

  /// The rate in cm/yr that is 1 inside the network; `nil` for models without such a rate.
  var scaleCMPerYear: Double? {
    switch self {
    case .fixedSize(let model): model.description.transform.scaleCMPerYear
    case .field: nil
    }
  }

  /// The default side of maps in pixels.
  var side: Int {
    switch self {
    case .fixedSize(let model): model.description.architecture.sizePixels
    case .field(let model): model.description.sizePixels
    }
  }

  /// The size of the maps.
  /// - Throws: `SamplingError.arguments` for a size that this model does not support.
  func size(asked: MapSize?) throws -> MapSize {
    let own = MapSize(width: side, height: side)
    if case .fixedSize = self, let asked, asked != own {
      throw SamplingError.arguments([
        "this model generates only maps of \(own) pixels: omit \(OptionName.size), or use a model for any size"
      ])
    }
    return asked ?? own
  }

  /// Rate maps in cm/yr, row-major, for sample indices.
  func maps(_ indices: Range<Int>, seed: UInt64, size: MapSize, interruption: () throws -> Void)
    throws -> [[Float]]
  {
    switch self {
    case .fixedSize(let model): try SampleGeneration.maps(model, indices, seed: seed)
    case .field(let model):
      try indices.map {
        try model.map(
          $0, seed: seed, width: size.width, height: size.height, interruption: interruption)
      }
    }
  }

  /// The settings of the real patches beside the maps: as in the last epoch of the model's
  /// training, without offsets. Field models are trained on windows without the filter.
  var patches: (configuration: PatchLoaderConfiguration, epoch: Int) {
    switch self {
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
