import Evaluation
import Foundation
import TorchCore

extension FeatureBackend {
  /// Features of the Inception network and linear algebra, both computed by LibTorch.
  ///
  /// - Parameters:
  ///   - weights: the weight file; `nil` searches the usual places, and an evaluation without weights
  ///     there is one without a network.
  ///   - allowUnverified: accepts other values than the published ones.
  ///   - environment: has `GANINSAR_INCEPTION` and the cache folders.
  public static func libTorch(
    weights: String? = nil, allowUnverified: Bool = false,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> FeatureBackend {
    FeatureBackend(
      algebra: LibTorchAlgebra(), libTorchVersion: Runtime.libTorchVersion,
      classifier: { try PatchClassifier().accuracy(real: $0, generated: $1) },
      network: { mode in
        let path: String
        do {
          path = try InceptionWeights.locate(weights, environment: environment)
        } catch let error as InceptionError {
          return .missing(reason: "\(error)")
        }
        let weights = try InceptionWeights.read(path, allowUnverified: allowUnverified)
        return .extractor(try InceptionExtractor(weights: weights, mode: mode))
      })
  }
}
