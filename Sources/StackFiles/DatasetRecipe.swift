import InSARPhase
import Kernel
import Settings

/// The settings of `dataset`: those of `compose`, in which distributions may stand for values, and
/// those of the samples.
public struct DatasetRecipe: Codable, Sendable, Equatable, Validatable {
  public var samples = SampleSet()
  public var composition: ComposeConfiguration

  public init() {
    composition = ComposeConfiguration()
    composition.network.count = 2
    composition.network.maximumConnections = 1
  }

  private enum CodingKeys: CodingKey { case samples }

  /// The keys of a composition stand beside `samples`.
  public init(from decoder: any Decoder) throws {
    samples = try decoder.container(keyedBy: CodingKeys.self)
      .decode(SampleSet.self, forKey: .samples)
    composition = try ComposeConfiguration(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(samples, forKey: .samples)
    try composition.encode(to: encoder)
  }

  public func faults() -> [String] { samples.faults() + composition.faults() }

  /// Keys that cannot be drawn: they are the same for all samples.
  package static let fixedKeys = ["samples", "seed"]
}

extension DatasetRecipe: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "samples": "What each sample holds, and how rate maps are divided."
  ]
  package static var includedKeys: [any DocumentedKeys.Type] { [ComposeConfiguration.self] }
}
