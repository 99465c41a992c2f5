import DeformationStatistics
import DurableFiles
import Kernel
import Patches

extension EvaluationSet {
  /// How each two quantities of the maps depend on each other; `nil` for a set of one quantity.
  func coupling(_ bootstrap: Bootstrap) throws -> [ChannelCoupling]? {
    guard !companions.isEmpty else { return nil }
    let channels = try ([(quantity, patches)] + companions.map { ($0.quantity, $0.patches) }).map {
      try RatePatches(name: $0.0.rawValue, size: size, patches: $0.1)
    }
    return try channels.indices.flatMap { first in
      try channels.indices.dropFirst(first + 1).map { second in
        try Interruption.check()
        return try ChannelCoupling(channels[first], channels[second], bootstrap: bootstrap)
      }
    }
  }
}
