import DurableFiles
import Foundation
import Rasters

/// A named set of patches for evaluation: real ones, or those of a simulator or a model.
public struct EvaluationSet: Sendable, Equatable {
  /// The name in tables and reports, such as `real` or `sun-master`.
  public let name: String
  /// The file or folder from which the patches were read, as given.
  public let path: String
  public let kind: Kind
  /// What the patches measure.
  public let quantity: Quantity
  /// Pixels along each side of every patch.
  public let size: Int
  /// [N][size * size]: row-major, row 0 at the top, in the unit of the quantity (rates: cm/yr), finite.
  public let patches: [[Float]]
  /// [N]: the origin of each patch.
  public let origins: [PatchOrigin]
  /// Notes for readers of the results, one sentence each.
  public let notes: [String]
  /// Further quantities of the same ground; empty if the set has one quantity.
  public let companions: [Companion]

  /// A further quantity of every patch.
  public struct Companion: Sendable, Equatable {
    public var quantity: Quantity
    /// [N][size * size] in the unit of the quantity, in the order of the set's patches.
    public var patches: [[Float]]
  }

  public enum Kind: String, Sendable, Codable {
    /// Windows drawn from the scenes of a dataset.
    case dataset
    /// A folder of rasters, such as `ganinsar generate` and `ganinsar simulate` write.
    case folder
    /// One `.npy` file [N, H, W].
    case stack
  }

  public var count: Int { patches.count }

  public init(
    name: String, path: String, kind: Kind, size: Int, patches: [[Float]], origins: [PatchOrigin],
    notes: [String] = [], quantity: Quantity = .rate, companions: [Companion] = []
  ) {
    precondition(patches.count == origins.count, "every patch has an origin")
    precondition(patches.allSatisfy { $0.count == size * size }, "patches are squares of `size`")
    precondition(
      companions.allSatisfy { $0.patches.count == patches.count }, "every patch has all quantities")
    self.companions = companions
    self.name = name
    self.path = path
    self.kind = kind
    self.quantity = quantity
    self.size = size
    self.patches = patches
    self.origins = origins
    self.notes = notes
  }

  /// The patches in `range`, with the same or another name.
  public func part(_ range: Range<Int>, name: String? = nil) -> EvaluationSet {
    EvaluationSet(
      name: name ?? self.name, path: path, kind: kind, size: size, patches: Array(patches[range]),
      origins: Array(origins[range]), notes: notes, quantity: quantity,
      companions: companions.map {
        Companion(quantity: $0.quantity, patches: Array($0.patches[range]))
      })
  }

  /// SHA-256 of size and values.
  public var sha256: String {
    var hash = SHA256()
    hash.update(Data("\(count) \(size)\n".utf8))
    for patch in patches { patch.withUnsafeBytes { hash.update($0) } }
    return hash.hex()
  }
}

/// The origin of one patch of a set.
public struct PatchOrigin: Sendable, Equatable, Codable {
  /// Short enough for a caption: `coso_d071 (120, 48)`, `sample-00000007`, `item 7`.
  public var label: String
  /// The file, relative to the set's path; `nil` for windows of a dataset.
  public var file: String?
  /// The scene of a dataset, the first pixel of the window, and its size in scene pixels.
  public var scene: String?
  public var column: Int?
  public var row: Int?
  public var windowSide: Int?

  public init(
    label: String, file: String? = nil, scene: String? = nil, column: Int? = nil, row: Int? = nil,
    windowSide: Int? = nil
  ) {
    self.label = label
    self.file = file
    self.scene = scene
    self.column = column
    self.row = row
    self.windowSide = windowSide
  }
}
