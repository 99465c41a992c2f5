import Rasters

@testable import RasterIO

#if GDAL
  import Foundation
  import TestSupport
  import Testing

  @testable import RasterIO

  import Rasters

  @Suite struct HDF5FiltersTests {
    private func decode(_ input: [UInt8], room: Int) -> [UInt8]? {
      var output = [UInt8](repeating: 0, count: room)
      let count = output.withUnsafeMutableBytes { output in
        input.withUnsafeBytes { LZF.decode($0, into: output) }
      }
      return count.map { Array(output[..<$0]) }
    }

    @Test func literalsAndRepetitionsAreDecoded() {
      let abc = Array("abc".utf8)
      #expect(decode([2] + abc, room: 3) == abc)
      // 2 + 2 bytes from 3 back, overlapping what is being written.
      #expect(decode([2] + abc + [2 << 5, 2], room: 9) == Array("abcabca".utf8))
      // A long repetition: 7 + 20 + 2 bytes from 1 back.
      #expect(decode([0, 9, 7 << 5, 20, 0], room: 30) == [UInt8](repeating: 9, count: 30))
      // A distance of more than one byte: 300 bytes lie between.
      var far: [UInt8] = []
      for part in 0..<10 { far += [31] + (0..<32).map { UInt8(part * 16 + $0 / 2) } }
      let decoded = decode(far + [1 << 5 | 1, 43], room: 400)
      #expect(decoded?.count == 323 && decoded?[320...] == decoded?[20..<23])
    }

    @Test func damagedBytesAreRefusedWithoutATrap() {
      for input in [[5, 1], [32], [32, 0], [0, 1, 7 << 5], [0, 1, 7 << 5, 3], [0, 1, 32, 1]] {
        #expect(decode(input.map { UInt8($0) }, room: 100) == nil, "\(input)")
      }
      #expect(decode([2, 1, 2, 3], room: 2) == nil)
      #expect(decode([0, 1, 7 << 5, 200, 0], room: 50) == nil)
      #expect(decode([], room: 0) == [])
    }

    /// Values of h5py.h5, exact in binary.
    static let steps: [Float] = (0..<960).map { (index: Int) in Float(index / 7) / 4 }
    static let noise: [Float] = (0..<960).map { (index: Int) in Float(index * 7919 % 1013) / 8 }

    @Test(arguments: ["lzf", "shuffled", "checked"])
    func lzfOfH5pyIsRead(name: String) throws {
      let path = fixturePath("h5py.h5")
      func read(_ dataset: String) throws -> [Float] {
        try RasterReader.read(path, options: .init(dataset: dataset)).raster.values
      }
      #expect(try read("steps_\(name)") == Self.steps)
      #expect(try read("noise_\(name)") == Self.noise)
      let rows = try HDF5Reader(path).plane("noise_\(name)", rows: 14..<18)
      #expect(rows == Array(Self.noise[560..<720]))
    }

    @Test func aFilterThatIsNotThereIsNamed() throws {
      let path = fixturePath("h5py.h5")
      let error = #expect(throws: RasterError.self) {
        try RasterReader.read(path, options: .init(dataset: "blosc"))
      }
      let text = try #require(error).description
      for words in [path, "'blosc'", "Blosc", "32001"] { #expect(text.contains(words), "\(text)") }
      #expect(!text.contains("damaged"))
    }

    @Test func flagsAndTextsOfEveryKindAreRead() throws {
      let reader = try HDF5Reader(fixturePath("h5py.h5"))
      for kind in ["boolean", "enumeration", "integer", "float", "bits"] {
        #expect(reader.shapes["flags_\(kind)"] == [3], "\(kind)")
        #expect(try reader.values("flags_\(kind)") == [1, 0, 1], "\(kind)")
      }
      for kind in ["fixed", "padded", "variable", "ascii", "number"] {
        let texts = try reader.texts("texts_\(kind)")
        #expect(texts == ["20200101", "20200113", "20200125"], "\(kind)")
      }
      #expect(throws: RasterError.self) { try reader.texts("flags_float") }
      #expect(throws: RasterError.self) { try reader.values("texts_fixed") }
      #expect(throws: RasterError.self) { try reader.plane("flags_boolean") }
      for rows in [20..<25, -1..<3] {
        #expect(throws: RasterError.self) { try reader.plane("steps_lzf", rows: rows) }
      }
    }
  }
#endif
