import Foundation
import GANSampling
import RasterIO
import Rasters
import TestSupport
import Testing
import TorchCore

@testable import Studio

/// Maps and interferograms of the page, with the models that ship.
@Suite struct StudioDrawerTests {
  /// An answer as the page reads it.
  private struct Answer {
    let header: [String: Any]
    let planes: [[Float]]

    init(_ data: Data) throws {
      let length = data.withUnsafeBytes { Int($0.loadUnaligned(as: UInt32.self)) }
      header = try #require(
        try JSONSerialization.jsonObject(with: data[4..<4 + length]) as? [String: Any])
      let width = try #require(header["width"] as? Int)
      let height = try #require(header["height"] as? Int)
      let count = try #require(header["planes"] as? [Any]).count
      #expect(data.count == 4 + length + 4 * width * height * count && length % 4 == 0)
      planes = (0..<count).map { plane in
        (0..<width * height).map { pixel in
          data.withUnsafeBytes {
            $0.loadUnaligned(
              fromByteOffset: 4 + length + 4 * (plane * width * height + pixel), as: Float.self)
          }
        }
      }
    }

    var facts: [String: Any] { header["facts"] as? [String: Any] ?? [:] }
  }

  private func drawer(real: RealMaps? = nil) throws -> StudioDrawer {
    try StudioDrawer(StudioModel(nil, device: .cpu), real: real)
  }

  private func request(_ query: String) throws -> MapRequest {
    try MapRequest(QueryParameters(query, known: MapRequest.names))
  }

  @Test func onlyRatesMakeInterferograms() throws {
    try StudioDrawer.check(.rate, of: "model.safetensors")
    #expect(throws: StudioError.otherQuantity(path: "a.safetensors", quantity: "coherence")) {
      try StudioDrawer.check(.coherence, of: "a.safetensors")
    }
  }

  /// What a request says is what `SampleGeneration` writes for the command's numbers.
  @Test(arguments: [
    "seed=1&size=64", "seed=2&map=3&size=32&spread=2..5",
    "seed=5&size=48&interpolate=9&steps=5&step=2",
  ])
  func theMapIsThatOfGenerate(query: String) throws {
    let folder = try TemporaryFolder()
    let request = try request(query)
    let answer = try Answer(try drawer().draw(.map(request)))
    var job = SampleGeneration(
      model: try StudioModel(nil, device: .cpu).path, output: folder.file("map"), count: 1,
      seed: request.seed, formats: [.npy])
    job.first = request.index
    job.size = request.size
    job.options = request.options
    job.device = .cpu
    try job.run { _ in }
    let written = try NpyArray.read(folder.file(request.fileName))
    #expect(written.values.map(\.bitPattern) == answer.planes[0].map(\.bitPattern))
    #expect((answer.facts["file"] as? String) == request.fileName)
  }

  @Test func aMapIsDrawnOnce() throws {
    let drawer = try drawer()
    let first = try Answer(try drawer.draw(.map(try request("seed=3&size=32"))))
    let again = try Answer(try drawer.draw(.map(try request("seed=3&size=32"))))
    #expect(first.planes == again.planes)
    #expect(first.facts["milliseconds"] as? Int == again.facts["milliseconds"] as? Int)
  }

  @Test func theCacheKeepsTheLastMapsWithinItsBytes() {
    var cache = MapCache(capacityBytes: 40)
    func map(_ value: Float) -> DrawnMap {
      DrawnMap(
        size: MapSize(width: 2, height: 2), values: [value, 0, 0, 0], rejected: 0, milliseconds: 0)
    }
    cache["a"] = map(1)
    cache["b"] = map(2)
    #expect(cache["a"]?.values[0] == 1)
    cache["c"] = map(3)
    #expect(cache["b"] == nil && cache["a"] != nil && cache["c"] != nil)
  }

  @Test func anInterferogramHasThePlanesThatAreOn() throws {
    let drawer = try drawer()
    func planes(_ query: String) throws -> [String] {
      let phase = try PhaseRequest(QueryParameters(query, known: PhaseRequest.names))
      let answer = try Answer(
        try drawer.draw(.interferogram(try request("seed=1&size=32"), phase)))
      let planes = answer.header["planes"] as? [[String: Any]] ?? []
      #expect(answer.planes.allSatisfy { $0.allSatisfy(\.isFinite) })
      #expect(answer.planes[0].allSatisfy { abs($0) <= Float.pi })
      return planes.compactMap { $0["name"] as? String }
    }
    #expect(try planes("") == ["wrapped", "unwrapped", "coherence", "atmosphere"])
    #expect(try planes("noise=0&atmosphere=0") == ["wrapped", "unwrapped"])
  }

  @Test(arguments: [
    ("style=atlantis&size=32", "not trained on a scene 'atlantis'"),
    ("spread=5000..6000&size=32", "wider ranges"),
    ("maxRate=0.01&size=32&spread=5..9", "allow greater"),
  ])
  func whatCannotBeDrawnIsARequestError(query: String, message: String) throws {
    let error = #expect(throws: StudioError.self) {
      try drawer().draw(.map(try request(query)))
    }
    #expect(error?.status.code == 400 || error?.status.code == 503)
    #expect(error?.description.contains(message) == true || error?.status.code == 503, "\(error!)")
  }

  @Test func realMapsOfAStackAndAScene() throws {
    let folder = try TemporaryFolder()
    let values = (0..<6000).map { (index: Int) -> Float in
      index % 7 == 0 ? .nan : Float(index % 11)
    }
    try NpyArray(shape: [3, 40, 50], values: values).write(to: folder.file("stack.npy"))
    let real = try RealMaps(folder.file("stack.npy"), options: RasterReadOptions(), unit: nil)
    let drawer = try drawer(real: real)
    let first = try Answer(try drawer.draw(.realMap(index: 4, side: 32)))
    #expect((first.facts["label"] as? String)?.hasPrefix("item 1") == true)
    #expect(first.planes[0].contains { $0.isNaN } && first.planes[0].contains { $0.isFinite })
    let again = try Answer(try drawer.draw(.realMap(index: 4, side: 32)))
    #expect(first.planes[0].map(\.bitPattern) == again.planes[0].map(\.bitPattern))
    let error = #expect(throws: StudioError.self) { try drawer.draw(.realMap(index: 0, side: 64)) }
    #expect(error?.description.contains("has room for 40 pixels") == true)
    try NpyArray(shape: [2, 2], values: [.nan, .nan, .nan, .nan]).write(
      to: folder.file("empty.npy"))
    #expect(throws: (any Error).self) {
      try RealMaps(
        folder.file("empty.npy"), options: RasterReadOptions(), unit: .centimetersPerYear)
    }
    #expect(throws: (any Error).self) {
      try RealMaps(folder.file("missing.tif"), options: RasterReadOptions(), unit: nil)
    }
  }

  @Test func withoutRealMapsTheyAreRefused() throws {
    #expect(throws: StudioError.noRealMaps) { try drawer().draw(.realMap(index: 0, side: 32)) }
  }
}
