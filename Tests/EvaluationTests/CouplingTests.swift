import Foundation
import RasterIO
import Settings
import TestSupport
import Testing

@testable import Evaluation

/// Sets whose maps have several quantities.
struct CouplingTests {
  private let folder: TemporaryFolder
  private let side = 16

  init() throws { folder = try TemporaryFolder() }

  /// A folder as a model of rate and coherence writes it; coherence follows the rate where `isCoupled`.
  private func maps(_ name: String, count: Int, isCoupled: Bool) throws -> String {
    let path = folder.file(name)
    func write(_ file: String, _ text: String) throws {
      let url = URL(fileURLWithPath: file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    try write(
      "\(path)/manifest.json",
      """
      {"isComplete": true, "modelSHA256": "00", "seed": 1, "first": 0, "count": \(count),
       "quantities": ["rate", "coherence"]}
      """)
    let common = "{\"isComplete\": true, \"modelSHA256\": \"00\", "
    try write("\(path)/rate/manifest.json", common + "\"unit\": \"cm/yr\"}")
    try write(
      "\(path)/coherence/manifest.json",
      common + "\"quantity\": \"coherence\", \"unit\": \"1\"}")
    for map in 0..<count {
      func wave(_ phase: Float) -> [Float] {
        (0..<side * side).map { index in
          sinf(Float(index % side) * 0.9 + phase + Float(index / side) * 0.31 * Float(map + 1))
        }
      }
      let rate = wave(Float(map))
      let coherence = (isCoupled ? rate : wave(Float(7 * map) + 1.6)).map { 0.5 - 0.4 * $0 }
      for (quantity, values) in [("rate", rate.map { 9 * $0 }), ("coherence", coherence)] {
        try NpyArray(shape: [side, side], values: values)
          .write(to: "\(path)/\(quantity)/sample-0000000\(map % 10).npy")
      }
    }
    return path
  }

  private func run(_ real: String, _ set: String, quantity: Bool = false) throws
    -> EvaluationRecord
  {
    var settings = EvaluationSettings()
    settings.count = 8
    settings.neighbors = 2
    settings.resamples = 0
    if quantity { settings.quantity = .coherence }
    return try EvaluationJob(
      real: real, sets: [NamedPath(name: "ours", path: set)], settings: settings
    ).run().record
  }

  @Test func theRecordSaysHowQuantitiesDependOnEachOther() throws {
    let (real, set) = (
      try maps("real", count: 8, isCoupled: true), try maps("set", count: 8, isCoupled: false)
    )
    let record = try run(real, set)
    let own = try #require(record.real.coupling?.first)
    let ours = try #require(record.sets[0].coupling?.first)
    #expect(own.first == "rate" && own.second == "coherence")
    #expect(try #require(own.bands[1].correlation.measured).value < -0.99)
    #expect(
      try #require(own.mutualInformationBits.measured).value
        > #require(ours.mutualInformationBits.measured).value + 1)
    let json = try OrderedJSON.text(of: record)
    #expect(try JSONDecoder().decode(EvaluationRecord.self, from: Data(json.utf8)) == record)
    // One quantity that is asked for is compared alone.
    let alone = try run(real, set, quantity: true)
    #expect(alone.measured == .coherence && alone.real.coupling == nil)
  }

  @Test func mapsThatDoNotPairAreRefused() throws {
    let real = try maps("real", count: 8, isCoupled: true)
    try FileManager.default.removeItem(atPath: "\(real)/coherence/sample-00000003.npy")
    #expect(message { _ = try run(real, real) }.contains("coherence"))
  }
}
