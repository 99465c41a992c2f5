import EvaluationTestSupport
import Foundation
import TestSupport
import Testing

@testable import Evaluation
@testable import FeatureMetrics

struct FeatureCacheTests {
  @Test("keeps features by content, and takes a damaged entry for none")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let cache = FeatureCache(folder: folder.file("deep/cache"))
    let features = normalFeatures(5, dimension: 3, seed: 1)
    let key = FeatureCache.key(images: "a", mode: .fid, weights: "w")
    #expect(cache.read(key) == nil)
    try cache.write(features, key)
    #expect(cache.read(key) == features)
    #expect(cache.read(FeatureCache.key(images: "a", mode: .clean, weights: "w")) == nil)
    #expect(cache.read(FeatureCache.key(images: "a", mode: .fid, weights: "v")) == nil)

    let file = "\(cache.folder)/\(key).safetensors"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    bytes[bytes.count - 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: file))
    #expect(cache.read(key) == nil)
  }

  @Test("features are read from .npy and from the cache; other shapes are errors")
  func reading() throws {
    let folder = try TemporaryFolder()
    let path = try writeStack("stack.npy", count: 2, size: 3, in: folder)
    #expect(message { _ = try FeatureSet.read(path) }.contains("[2, 3, 3]"))
    let cache = FeatureCache(folder: folder.path)
    let features = normalFeatures(5, dimension: 3, seed: 1)
    try cache.write(features, "key")
    #expect(try FeatureSet.read(folder.file("key.safetensors")) == features)
  }
}
