import DurableFiles
import Foundation
import Kernel
import RasterIO
import Rasters

/// A dataset folder, read and checked.
public struct RateDataset: Sendable {
  public let path: String
  public let manifest: DatasetManifest
  /// In the manifest's order.
  public let scenes: [RateScene]

  /// What the scenes measure.
  public var quantity: Quantity { manifest.measured }
  /// All quantities of a scene: what the scenes measure, then their companions.
  public var quantities: [Quantity] { manifest.quantities }

  public var trainingScenes: [RateScene] { scenes.filter { !$0.isHeldOut } }
  public var heldOutScenes: [RateScene] { scenes.filter(\.isHeldOut) }

  /// A note about datasets of earlier versions; `nil` for others.
  public var signNote: String? {
    guard manifest.signConvention == nil, quantity == .rate else { return nil }
    return
      "\(path) was prepared by a version that ignored the sign of its files: if one is "
      + "positive away from the satellite, prepare it again."
  }

  /// Reads the folder that `ganinsar prepare` wrote.
  /// - Throws: `DatasetError.unusableDataset` if the manifest is missing, invalid or of another
  ///   version, or if a scene is missing, truncated or differs from the manifest.
  public static func open(_ path: String) throws -> RateDataset {
    let manifest = try readManifest(path)
    let scenes = try manifest.scenes.map { record in
      let grid = try readScene(record, manifest.measured, in: path)
      let companions = try readCompanions(record, beside: grid, manifest, in: path)
      return RateScene(
        name: record.name, grid: grid, companions: companions, isHeldOut: record.isHeldOut)
    }
    return RateDataset(path: path, manifest: manifest, scenes: scenes)
  }

  private static let remake = "Make the dataset again with ganinsar prepare."

  private static func readManifest(_ path: String) throws -> DatasetManifest {
    let file = "\(path)/\(DatasetManifest.fileName)"
    guard FileSystem.exists(path) else {
      throw DatasetError.unusableDataset(
        path: path, problem: "there is no such folder",
        remedy: "Make it with ganinsar prepare SCENE... -o \(path).")
    }
    guard FileSystem.isFolder(path), FileSystem.exists(file) else {
      throw DatasetError.unusableDataset(
        path: path, problem: "this is not a dataset: it contains no \(DatasetManifest.fileName)",
        remedy: "Make a dataset from your rasters with ganinsar prepare SCENE... -o DATASET.")
    }
    let data = try InputFile.read(file)
    struct Version: Decodable { let formatVersion: Int }
    let decoder = JSONDecoder()
    do {
      let version = try decoder.decode(Version.self, from: data).formatVersion
      let known = [
        DatasetManifest.currentVersion, DatasetManifest.quantityVersion,
        DatasetManifest.jointVersion,
      ]
      guard known.contains(version) else {
        throw DatasetError.unusableDataset(
          path: file,
          problem: "its format version is \(version), and this ganinsar reads versions "
            + known.dropLast().map(String.init).joined(separator: ", ") + " and \(known.last ?? 0)",
          remedy: version > DatasetManifest.currentVersion ? "Use a newer ganinsar." : remake)
      }
      if version != DatasetManifest.currentVersion {
        decoder.keyDecodingStrategy = QuantityKeys.decoding
      }
      return try decoder.decode(DatasetManifest.self, from: data)
    } catch let error as DecodingError {
      throw DatasetError.unusableDataset(
        path: file, problem: "it is not understood (\(error.fault))", remedy: remake)
    }
  }

  /// The further quantities of a scene, without data where it has none.
  private static func readCompanions(
    _ record: DatasetManifest.SceneRecord, beside grid: RateGrid, _ manifest: DatasetManifest,
    in folder: String
  ) throws -> [RateGrid] {
    let companions = record.companions ?? []
    guard companions.map(\.quantity) == manifest.companions ?? [] else {
      throw DatasetError.unusableDataset(
        path: "\(folder)/\(DatasetManifest.fileName)",
        problem: "the quantities of \(record.name) are not those of the dataset", remedy: remake)
    }
    return try companions.map { companion in
      var copy = record
      (copy.file, copy.fileSHA256) = (companion.file, companion.fileSHA256)
      let found = try readScene(copy, companion.quantity, in: folder)
      guard zip(found.values, grid.values).allSatisfy({ $0.isNaN == $1.isNaN }) else {
        throw DatasetError.unusableDataset(
          path: "\(folder)/\(companion.file)",
          problem: "it has no data in other pixels than \(record.file)", remedy: remake)
      }
      return found
    }
  }

  private static func readScene(
    _ record: DatasetManifest.SceneRecord, _ quantity: Quantity, in folder: String
  ) throws -> RateGrid {
    func unusable(_ problem: String) -> DatasetError {
      .unusableDataset(path: "\(folder)/\(record.file)", problem: problem, remedy: remake)
    }
    let steps = record.file.split(separator: "/", omittingEmptySubsequences: false)
    guard !record.file.isEmpty, !steps.contains(""), !steps.contains("..") else {
      throw unusable("the manifest names a file outside the dataset")
    }
    let file = "\(folder)/\(record.file)"
    guard FileSystem.exists(file) else { throw unusable("it is missing") }
    let sum = try SHA256.hex(ofFile: file)
    guard sum == record.fileSHA256 else {
      throw unusable(
        "it was changed or damaged since it was prepared (SHA-256 \(sum.prefix(12))..., expected "
          + "\(record.fileSHA256.prefix(12))...)")
    }
    let array = try NpyArray.read(file)
    guard array.shape == [record.height, record.width], record.width > 0, record.height > 0 else {
      throw unusable(
        "its shape is \(array.shape), but the manifest says [\(record.height), \(record.width)]")
    }
    if array.values.contains(where: \.isInfinite) { throw unusable("it has infinite values") }
    let outside = array.values.count { !$0.isNaN && !quantity.range.contains($0) }
    guard outside == 0 else {
      throw unusable(
        "\(outside) of its \(array.values.count) pixels are outside the range of \(quantity.words)")
    }
    return RateGrid(width: record.width, height: record.height, values: array.values)
  }
}
