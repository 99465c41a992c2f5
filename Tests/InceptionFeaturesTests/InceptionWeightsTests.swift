import DurableFiles
import Foundation
import TestSupport
import Testing
import TorchCore

@testable import InceptionFeatures

struct InceptionWeightsTests {
  /// All tensors of the trunk, of zeros.
  private func zeros() throws -> [String: Tensor] {
    try InceptionShapes.all.mapValues { try Tensor.zeros($0) }
  }

  @Test("looks at the option, then the variable, then the usual places")
  func locate() throws {
    let folder = try TemporaryFolder()
    #expect(try InceptionWeights.locate("a.pth", environment: [:]) == "a.pth")
    #expect(
      try InceptionWeights.locate(nil, environment: ["GANINSAR_INCEPTION": "b.pth"]) == "b.pth")
    let cache = folder.file("torch/hub/checkpoints")
    let text = message {
      _ = try InceptionWeights.locate(nil, environment: ["XDG_CACHE_HOME": folder.path])
    }
    #expect(text.contains(cache) && text.contains("pytorch-fid"))
    try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
    let file = "\(cache)/\(InceptionWeights.wellKnownName)"
    try Data([1]).write(to: URL(fileURLWithPath: file))
    #expect(
      try InceptionWeights.locate(nil, environment: ["XDG_CACHE_HOME": folder.path]) == file)
  }

  @Test("a missing, cut-off or foreign file is named with the reason")
  func unusable() throws {
    let folder = try TemporaryFolder()
    func reason(_ path: String) -> String { message { _ = try InceptionWeights.read(path) } }
    #expect(reason(folder.file("none.pth")).contains("cannot be read"))
    let text = folder.file("text.safetensors")
    try Data("no weights at all".utf8).write(to: URL(fileURLWithPath: text))
    #expect(reason(text).contains("not a safetensors file"))
    var tensors = try zeros()
    tensors["Mixed_7c.branch_pool.bn.bias"] = nil
    let lacking = folder.file("lacking.safetensors")
    try Safetensors.write(tensors, to: lacking)
    #expect(reason(lacking).contains("holds no 'Mixed_7c.branch_pool.bn.bias'"))
    let cut = folder.file("cut.safetensors")
    try (try Data(contentsOf: URL(fileURLWithPath: lacking))).prefix(1_000_000).write(
      to: URL(fileURLWithPath: cut))
    #expect(reason(cut).contains("truncated"))
    // What a download can be compared by.
    for path in [text, lacking, cut] {
      let checksum = try SHA256.hex(ofFile: path).prefix(12)
      #expect(reason(path).contains(checksum) && reason(path).contains("6726825d"))
    }
  }

  @Test("other values and shapes than the published ones are refused")
  func wrong() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("zeros.safetensors")
    try Safetensors.write(zeros(), to: path)
    let text = message { _ = try InceptionWeights.read(path) }
    #expect(text.contains("checksum") && text.contains("unverifiedWeights"))
    #expect(try !InceptionWeights.read(path, allowUnverified: true).isVerified)
    var tensors = try zeros()
    tensors["Conv2d_1a_3x3.conv.weight"] = try .zeros([32, 1, 3, 3])
    try Safetensors.write(tensors, to: path)
    #expect(message { _ = try InceptionWeights.read(path) }.contains("[32, 3, 3, 3] is expected"))
  }
}
