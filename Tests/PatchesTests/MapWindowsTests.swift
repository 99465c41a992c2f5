import Foundation
import RasterIO
import TestSupport
import Testing

@testable import Patches

@Suite struct MapWindowsTests {
  /// Maps whose values say where they are: 1000 * map + row + column / 100, or one constant.
  private func maps(_ count: Int, side: Int, constant: Bool = false) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for map in 0..<count {
      let values = (0..<side * side).map { place in
        constant ? 5 : Float(1000 * map + place / side) + Float(place % side) / 100
      }
      try NpyArray(shape: [side, side], values: values).write(to: folder.file("map-\(map).npy"))
    }
    return folder
  }

  private func reader(_ count: Int, seed: UInt64 = 3) -> PatchSetReader {
    PatchSetReader(
      count: count, patchSize: 16, seed: seed, drawing: PatchSetReader.drawing(filter: false),
      unit: .centimetersPerYear)
  }

  @Test func windowsAreCutFromTheMapsInTurnAtBothScales() throws {
    let folder = try maps(3, side: 64)
    let set = try reader(60).windows(ofMapsIn: [folder.path], name: "maps")
    #expect(set.count == 60 && set.size == 16)
    var factors: Set<Int> = []
    for (index, (patch, origin)) in zip(set.patches, set.origins).enumerated() {
      let side = try #require(origin.windowSide)
      let (row, column) = (try #require(origin.row), try #require(origin.column))
      let factor = side / 16
      factors.insert(factor)
      #expect(row + side <= 64 && column + side <= 64)
      // The mean of the block is the value at its middle, since values are linear.
      let middle = Float(factor - 1) / 2
      let expected =
        Float(1000 * (index % 3)) + Float(row) + middle + (Float(column) + middle) / 100
      #expect(abs(patch[0] - expected) < 0.01)
      #expect(abs(patch[16] - patch[0] - Float(factor)) < 0.01)
    }
    #expect(factors == [1, 2])
  }

  @Test func theSeedDecidesAndConstantMapsAreNotRefused() throws {
    let folder = try maps(2, side: 40)
    let first = try reader(10).windows(ofMapsIn: [folder.path], name: "a")
    #expect(try reader(10).windows(ofMapsIn: [folder.path], name: "a") == first)
    #expect(
      try reader(10, seed: 4).windows(ofMapsIn: [folder.path], name: "a").patches != first.patches)
    let flat = try maps(1, side: 32, constant: true)
    let both = try reader(3).windows(ofMapsIn: [folder.path, flat.path], name: "b")
    #expect(both.patches[2] == [Float](repeating: 5, count: 256))
  }

  @Test func mapsThatAreTooSmallAndEmptyFoldersAreNamed() throws {
    let small = try maps(1, side: 31)
    #expect {
      try reader(2).windows(ofMapsIn: [small.path], name: "a")
    } throws: { "\($0)".contains("map-0.npy") && "\($0)".contains("32x32") }
    let empty = try TemporaryFolder()
    #expect {
      try reader(2).windows(ofMapsIn: [empty.path], name: "a")
    } throws: { "\($0)".contains(empty.path) }
  }
}
