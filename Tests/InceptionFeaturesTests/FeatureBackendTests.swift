import Evaluation
import Foundation
import TestSupport
import Testing
import TorchCore

@testable import InceptionFeatures

struct FeatureBackendTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("where no weights are, their places are named")
  func missing() throws {
    let backend = FeatureBackend.libTorch(
      environment: ["HOME": folder.path, "XDG_CACHE_HOME": folder.path])
    #expect(backend.libTorchVersion == Runtime.libTorchVersion)
    guard case .missing(let reason) = try backend.network(.fid) else {
      Issue.record("there are no weights in an empty folder")
      return
    }
    #expect(reason.contains(folder.path) && reason.contains("pytorch-fid"))
  }

  @Test("weights that are named must be sound")
  func named() throws {
    let backend = FeatureBackend.libTorch(weights: folder.file("none.pth"), environment: [:])
    #expect(throws: InceptionError.self) { try backend.network(.fid) }
  }

  @Test(
    "weights are those of the published network", .tags(.weights),
    .enabled(if: SharedData.has(weightsPath), "needs shared/weights"))
  func published() throws {
    let path = SharedData.path(weightsPath)
    let backend = FeatureBackend.libTorch(environment: ["GANINSAR_INCEPTION": path])
    guard case .extractor(let extractor) = try backend.network(.clean) else {
      Issue.record("the weights are there")
      return
    }
    #expect(extractor.mode == .clean && extractor.network.isVerified)
    #expect(extractor.network.file == path)
    #expect(extractor.network.preprocessing.hasPrefix("clean-fid"))
  }
}
