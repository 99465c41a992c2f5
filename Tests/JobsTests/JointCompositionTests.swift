import DurableFiles
import Foundation
import InSARPhase
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import Jobs
@testable import StackFiles

/// Rate maps that come with coherence and heights of the same ground.
struct JointCompositionTests {
  private static let side = 40
  private let fixture: StackFixture

  init() throws {
    fixture = try StackFixture()
    try file(
      "maps", "manifest.json",
      text: """
        {"isComplete": true, "modelSHA256": "00", "seed": 1, "first": 0, "count": 2,
         "quantities": ["rate", "coherence", "height"]}
        """)
    for (quantity, unit) in [("rate", "cm/yr"), ("coherence", "1"), ("height", "m")] {
      let name = quantity == "rate" ? "" : "\"quantity\": \"\(quantity)\", "
      try file(
        "maps/\(quantity)", "manifest.json",
        text: "{\"isComplete\": true, \"modelSHA256\": \"00\", \(name)\"unit\": \"\(unit)\"}")
      for index in 0..<2 {
        let values = (0..<Self.side * Self.side).map { Self.value(quantity, index, $0) }
        try NpyArray(shape: [Self.side, Self.side], values: values).write(
          to: fixture.folder.file("maps/\(quantity)/sample-0000000\(index).npy"))
      }
    }
  }

  private static func value(_ quantity: String, _ index: Int, _ place: Int) -> Float {
    switch quantity {
    case "coherence": Float(place % 50) / 100 + 0.2 * Float(index)
    case "height": Float(place + 1000 * index)
    default: Float(place % 7) - 3
    }
  }

  private func file(_ folder: String, _ name: String, text: String) throws {
    let path = fixture.folder.file(folder)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  private func ground(
    _ path: String, _ index: Int, _ rasters: StackComposition.Rasters = .init()
  ) throws -> (StackComposition.Ground, StackComposition) {
    let composition = try StackComposition(
      rates: RateMaps([fixture.folder.file(path)]), configuration: StackFixture.configuration(),
      rasters: rasters)
    return (try composition.ground(index), composition)
  }

  @Test(arguments: [0, 1]) func eachMapGetsItsOwnCoherenceAndHeights(index: Int) throws {
    let (ground, composition) = try ground("maps", index)
    let places = 0..<Self.side * Self.side
    #expect(ground.coherence?.values == places.map { Self.value("coherence", index, $0) })
    #expect(ground.dem?.values == places.map { Self.value("height", index, $0) })
    #expect(ground.coherence?.origin.kind == .file)
    #expect(composition.rates.notes.contains { $0.contains("height and coherence") })
    let inputs = try composition.prepare(index).inputs
    #expect(inputs.count == 3)
  }

  @Test func theRatesAloneAndOtherSourcesCanBeTaken() throws {
    let (rates, composition) = try ground("maps/rate", 1)
    #expect(
      rates.coherence == nil && rates.dem == nil
        && composition.rates.notes.allSatisfy { !$0.contains("height and") })
    let other = fixture.folder.file("dem.npy")
    try NpyArray(
      shape: [Self.side, Self.side], values: [Float](repeating: 7, count: Self.side * Self.side)
    ).write(to: other)
    let (mixed, _) = try ground("maps", 1, .init(dem: other))
    #expect(mixed.dem?.values.allSatisfy { $0 == 7 } == true && mixed.coherence != nil)
  }

  @Test func aMissingPartnerIsNamed() throws {
    try FileManager.default.removeItem(
      atPath: fixture.folder.file("maps/coherence/sample-00000001.npy"))
    #expect(message { _ = try ground("maps", 0) }.contains("coherence"))
  }
}
