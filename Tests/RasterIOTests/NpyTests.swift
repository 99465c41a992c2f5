import Foundation
import Rasters
import TestSupport
import Testing

@testable import RasterIO

/// An .npy file with any header text.
func npyBytes(_ header: String, data: [UInt8] = [], version: UInt8 = 1) -> Data {
  let count = header.utf8.count
  let size =
    version == 1
    ? [UInt8(count & 0xff), UInt8(count >> 8)]
    : [UInt8(count & 0xff), UInt8(count >> 8 & 0xff), UInt8(count >> 16), 0]
  return Data([0x93] + Array("NUMPY".utf8) + [version, 0] + size) + Data(header.utf8) + Data(data)
}

@Suite struct NpyTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [[], [0], [5], [2, 3], [2, 3, 4], [1, 0, 7]])
  func writtenIsRead(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let array = NpyArray(shape: shape, values: (0..<count).map { Float($0) * 0.25 - 1 })
    try array.write(to: folder.file("a.npy"))
    #expect(try NpyArray.read(folder.file("a.npy")) == array)
  }

  @Test func nanAndInfinitySurvive() throws {
    let array = NpyArray(shape: [4], values: [.nan, .infinity, -.infinity, -0.0])
    try array.write(to: folder.file("a.npy"))
    let read = try NpyArray.read(folder.file("a.npy")).values
    #expect(read[0].isNaN && read[1] == .infinity && read[2] == -.infinity)
    #expect(read[3].bitPattern == array.values[3].bitPattern)
  }

  @Test func valuesBeginAtAMultipleOf64() {
    for shape in [[], [1], [123_456, 789], [1, 2, 3, 4, 5, 6, 7]] {
      #expect(NpyHeader.bytes(floatShape: shape).count % 64 == 0)
    }
  }

  @Test(
    arguments: [
      ("<f8", [0, 0, 0, 0, 0, 0, 0xf8, 0xbf], Float(-1.5)),
      (">f8", [0xbf, 0xf8, 0, 0, 0, 0, 0, 0], -1.5), (">f4", [0xbf, 0xc0, 0, 0], -1.5),
      ("<i2", [0xfe, 0xff], -2), (">i2", [0xff, 0xfe], -2), ("<i4", [0xfe, 0xff, 0xff, 0xff], -2),
      (">i4", [0xff, 0xff, 0xff, 0xfe], -2), ("|u1", [200], 200), ("|b1", [1], 1),
      ("<u2", [1, 1], 257), ("|i1", [0xff], -1), ("<i8", [7, 0, 0, 0, 0, 0, 0, 0], 7),
    ] as [(String, [UInt8], Float)])
  func typesAndByteOrders(type: String, bytes: [UInt8], expected: Float) throws {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (1,), }\n"
    for version in [1, 2, 3] as [UInt8] {
      try npyBytes(header, data: bytes, version: version).write(
        to: URL(fileURLWithPath: folder.file("a.npy")))
      #expect(try NpyArray.read(folder.file("a.npy")).values == [expected])
    }
  }

  @Test func fortranOrderIsTurned() throws {
    // numpy.asfortranarray([[1, 2, 3], [4, 5, 6]])
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n"
    try npyBytes(header, data: [1, 4, 2, 5, 3, 6]).write(
      to: URL(fileURLWithPath: folder.file("a.npy")))
    #expect(try NpyArray.read(folder.file("a.npy")).values == [1, 2, 3, 4, 5, 6])
    #expect(throws: RasterError.self) { try NpyReader(folder.file("a.npy")).read(0..<2) }
  }

  @Test func partsAreRead() throws {
    let array = NpyArray(shape: [3, 2, 2], values: (0..<12).map(Float.init))
    try array.write(to: folder.file("a.npy"))
    let reader = try NpyReader(folder.file("a.npy"))
    #expect(try reader.read(3..<5) == [3, 4])
    #expect(try reader.readItem(2) == NpyArray(shape: [2, 2], values: [8, 9, 10, 11]))
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (two,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (", "{'descr': '<f4'}", "", "garbage",
    "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
  ])
  func hostileHeadersAreErrors(header: String) throws {
    let path = folder.file("bad.npy")
    try npyBytes(header, data: [0, 0, 0, 0]).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: RasterError.self) { try NpyArray.read(path) }
    #expect(error?.description.contains(path) == true)
  }

  @Test func faultyFilesAreNamed() throws {
    let path = folder.file("a.npy")
    #expect(throws: RasterError.self) { try NpyArray.read(path) }
    try NpyArray(shape: [10], values: .init(repeating: 1, count: 10)).write(to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in [0, 1, 8, 11, 60, whole.count - 1] {
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: RasterError.self) { try NpyArray.read(path) }
      #expect(error?.description.contains(path) == true)
    }
    let error = #expect(throws: RasterError.self) { try NpyArray.read(folder.path) }
    #expect(error?.description.contains("folder") == true)
    // A header that claims 4 GiB of itself.
    try Data([0x93] + Array("NUMPY".utf8) + [2, 0, 0xff, 0xff, 0xff, 0xff]).write(
      to: URL(fileURLWithPath: path))
    #expect(throws: RasterError.self) { try NpyArray.read(path) }
  }

  static let hasNumPy = run(["python3", "-c", "import numpy"]) == 0

  /// The exit status of a program.
  static func run(_ arguments: [String]) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(.enabled(if: hasNumPy, "needs python3 with NumPy"))
  func numPyReadsWhatIsWrittenAndTheOtherWay() throws {
    let array = NpyArray(shape: [2, 3], values: [0, 1, 2, .nan, -4, 5e-7])
    try array.write(to: folder.file("a.npy"))
    let program = """
      import numpy as np
      a = np.load("\(folder.file("a.npy"))")
      assert a.dtype == np.float32 and a.shape == (2, 3)
      np.testing.assert_array_equal(a, np.float32([[0, 1, 2], [np.nan, -4, 5e-7]]))
      np.save("\(folder.file("b.npy"))", np.asfortranarray(a.astype(">f8")))
      """
    #expect(Self.run(["python3", "-c", program]) == 0)
    let back = try NpyArray.read(folder.file("b.npy"))
    #expect(back.shape == [2, 3] && back.values[3].isNaN)
    #expect(back.values[1] == 1 && back.values[5] == 5e-7)
  }
}
