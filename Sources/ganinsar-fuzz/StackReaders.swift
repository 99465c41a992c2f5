import Datasets
import Foundation
import Jobs
import Patches
import RasterIO
import StackFiles

/// Readers of stacks, datasets and sets of patches.
enum StackReaders {
  static var all: [FuzzReader] {
    var readers = [
      FuzzReader(
        name: "stack-folder", seeds: { [try stack($0, format: nil)] }, read: { try invert($0) }),
      FuzzReader(
        name: "dataset", seeds: { [try dataset($0)] },
        read: { path in
          _ = try RateDataset.open(path)
          _ = try PatchSetReader(count: 2, patchSize: 64).read(path, name: "a")
        }),
      FuzzReader(
        name: "patch-folder", seeds: { [try maps($0)] },
        read: { path in
          _ = try PatchSetReader(count: 3).read(path, name: "a")
          let maps = try RateMaps([path])
          for index in maps.entries.indices { _ = try maps.load(index) }
        }),
      FuzzReader(
        name: "patch-stack",
        seeds: { folder in
          try NpyArray(shape: [3, 16, 16], values: [Float](repeating: 1, count: 768))
            .write(to: "\(folder)/a.npy")
          return [try FuzzCase(folder: folder, main: "a.npy")]
        }, read: { _ = try PatchSetReader(count: 2).read($0, name: "a") }),
    ]
    #if GDAL
      readers += [
        FuzzReader(
          name: "mintpy-stack", seeds: { [try stack($0, format: .mintpy)] },
          read: { try invert($0) })
      ]
    #endif
    return readers
  }

  private static func stack(_ folder: String, format: StackFormat?) throws -> FuzzCase {
    let rate = "\(folder)/rate.npy"
    try NpyArray(
      shape: [10, 12], values: (0..<120).map { sinf(Float($0) / 20) * 3 }
    ).write(to: rate)
    var configuration = ComposeConfiguration()
    configuration.network.count = 4
    configuration.network.maximumConnections = 2
    let composition = try StackComposition(
      rates: RateMaps([rate], options: .init(unit: .centimetersPerYear)),
      configuration: configuration)
    let output = "\(folder)/stack"
    try composition.run(output: output, formats: format.map { [$0] } ?? [])
    guard format != nil else { return try FuzzCase(folder: output, main: ".") }
    return try FuzzCase(folder: "\(output)/mintpy/inputs", main: "ifgramStack.h5")
  }

  /// Opens a stack and estimates rates, as `ganinsar invert` does.
  private static func invert(_ path: String) throws {
    let source = try StackSource.open(path)
    let output = path + ".rates"
    defer { try? FileManager.default.removeItem(atPath: output) }
    var inversion = StackInversion(stack: source)
    inversion.formats = [.npy]
    try inversion.run(output: output)
  }

  private static func dataset(_ folder: String) throws -> FuzzCase {
    let scene = "\(folder)/scene.npy"
    try NpyArray(
      shape: [80, 90], values: (0..<7200).map { sinf(Float($0) / 50) * 12 }
    ).write(to: scene)
    let preparation = DatasetPreparation(reading: .init(unit: .centimetersPerYear))
    _ = try preparation.run(files: [scene], output: "\(folder)/dataset")
    return try FuzzCase(folder: "\(folder)/dataset", main: ".")
  }

  private static func maps(_ folder: String) throws -> FuzzCase {
    for index in 0..<2 {
      try NpyArray(shape: [16, 16], values: [Float](repeating: Float(index), count: 256))
        .write(to: "\(folder)/sample-0000000\(index).npy")
    }
    let manifest = "{\"isComplete\": true, \"unit\": \"cm/yr\", \"count\": 2}"
    try Data(manifest.utf8).write(to: URL(fileURLWithPath: "\(folder)/manifest.json"))
    return try FuzzCase(folder: folder, main: ".")
  }
}
