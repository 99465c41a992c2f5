import Foundation
import RasterIO
import RunSupport

/// Rate maps named on a command line: rasters, and folders that `simulate` or `generate` wrote.
public struct RateMaps: Sendable {
  public struct Entry: Sendable, Equatable {
    public var path: String
    /// The file's name without its ending, and with a number where that comes twice.
    public var name: String
    /// What the folder's manifest says, for formats that hold no unit.
    var unit: RasterUnit?
  }

  public let entries: [Entry]
  private let options: RasterReadOptions

  /// - Throws: `StackIOError.badJob` for no path, or a folder without a raster; `RunError.cannotRead`.
  public init(_ paths: [String], options: RasterReadOptions = .init()) throws {
    var found: [Entry] = []
    for path in paths {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      if exists && isFolder.boolValue {
        // A share of a small job may be empty; the whole may not.
        let maps = try ShareFolders.reading(path).flatMap(Self.rasters(in:))
        guard !maps.isEmpty else {
          throw StackIOError.badJob(
            faults: ["\(path) holds no .tif, .h5 or .npy: give a folder of rate maps"])
        }
        found += maps
      } else {
        found.append(Entry(path: path, name: Self.stem(path), unit: nil))
      }
    }
    guard !found.isEmpty else {
      throw StackIOError.badJob(faults: ["no rate map was given"])
    }
    var seen: [String: Int] = [:]
    for index in found.indices {
      let name = found[index].name
      let count = seen[name, default: 0]
      seen[name] = count + 1
      if count > 0 { found[index].name = "\(name)-\(count + 1)" }
    }
    entries = found
    self.options = options
  }

  /// Rate map `index` in cm/yr, positive toward the satellite; NaN where it has no data.
  /// - Throws: `RasterError`, also for a raster that is no rate, is infinite somewhere or has no data.
  public func load(_ index: Int) throws -> Raster {
    let entry = entries[index]
    let scene = try RasterReader.read(entry.path, options: options)
    var raster = scene.raster
    if raster.unit == nil { raster.unit = entry.unit }
    guard let unit = raster.unit else {
      throw RasterError.doesNotFit(
        path: entry.path, reason: "nothing says in which unit its rates are",
        remedy: "Give --unit, such as --unit cm/yr.")
    }
    guard unit.quantity == .rate else {
      throw RasterError.doesNotFit(
        path: entry.path, reason: "its values are in \(unit.rawValue), which is no rate",
        remedy: "Give a rate map, or state its unit with --unit.")
    }
    if scene.description.infiniteCount > 0 {
      throw RasterError.infinite(path: entry.path, count: scene.description.infiniteCount)
    }
    guard scene.description.noDataCount < raster.values.count else {
      throw RasterError.noValidPixels(path: entry.path)
    }
    raster = try raster.converted(to: .centimetersPerYear)
    if scene.description.losConvention == .awayFromSatellite {
      raster.values = raster.values.map { -$0 }
    }
    return raster
  }

  /// One raster of each name, in the order of the names; of several formats the one that says most.
  private static func rasters(in folder: String) throws -> [Entry] {
    struct Manifest: Decodable { var unit: RasterUnit? }
    let preference = ["tif", "h5", "npy"]
    let unit = (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/manifest.json")))
      .flatMap { try? JSONDecoder().decode(Manifest.self, from: $0) }?.unit
    var best: [String: String] = [:]
    for name in try AtomicFolder.names(in: folder) {
      let ending = (name as NSString).pathExtension.lowercased()
      guard let rank = preference.firstIndex(of: ending), !name.contains(".part-") else { continue }
      let stem = stem(name)
      let other = best[stem].map { ($0 as NSString).pathExtension.lowercased() }
      if rank < other.flatMap(preference.firstIndex) ?? preference.count { best[stem] = name }
    }
    return best.keys.sorted().map { Entry(path: "\(folder)/\(best[$0]!)", name: $0, unit: unit) }
  }

  private static func stem(_ path: String) -> String {
    ((path as NSString).lastPathComponent as NSString).deletingPathExtension
  }
}
