import DurableFiles
import Foundation
import RasterIO
import Rasters
import RunSupport

/// The rate maps of a folder: one file per map, even if a map was saved in several formats.
///
/// All commands list folders with this type. Layers of simulated samples, and heights and errors
/// beside the rate of a stack, are not rate maps and are left out.
public struct RateMapFolder: Sendable, Equatable {
  /// File name endings that are read. If a map was saved in several formats, the first of these is
  /// used: formats with unit, sign and grid come before the one without.
  public static let endings: [String] = {
    let rich = ["tif", "tiff", "h5"]
    return RasterFormat.tif.isAvailable ? rich + ["npy"] : ["npy"] + rich
  }()

  public let path: String
  /// Names relative to `path`, sorted; names in shards are in the order of the shards.
  public let files: [String]
  /// What the maps measure, where the folder's manifest states it.
  public let quantity: Quantity?
  /// What the maps of a folder with several quantities hold besides; empty for other folders.
  public private(set) var companions: [Quantity] = []
  /// Notes for the user, one sentence each.
  public let notes: [String]

  /// Lists a folder of maps, or a folder that contains the folders of all shards of a job.
  /// - Throws: `RunError.cannotRead`, `RunError.missingShards`.
  ///
  /// - Parameter wanted: the quantity whose maps are listed in a folder with several quantities (`JointManifest`);
  ///   `nil`: those of the first one.
  public init(_ path: String, of wanted: Quantity? = nil) throws {
    if let joint = JointManifest.read(path) {
      self = try RateMapFolder(joint.folder(of: wanted, in: path))
      companions = joint.quantities.filter { $0.rawValue != FilePath.name(self.path) }
      return
    }
    self.path = path
    let folders = try ShardFolders.reading(path)
    if folders != [path] {
      let shards = try folders.map { try RateMapFolder($0, of: wanted) }
      // Relative to this folder.
      files = shards.flatMap(\.paths).map { String($0.dropFirst(path.count + 1)) }
      notes = shards.flatMap(\.notes)
      quantity = shards.lazy.compactMap(\.quantity).first
      companions = shards[0].companions
      return
    }
    let manifest = SidecarManifest.of(folder: path)
    var best: [String: (rank: Int, name: String)] = [:]
    for name in try AtomicFolder.names(in: path).sorted()
    where !name.hasPrefix(".") && !name.contains(".part-") {
      guard let rank = Self.endings.firstIndex(of: FilePath.fileExtension(name).lowercased()),
        manifest?.isNoRateMap(name) != true
      else { continue }
      let stem = FilePath.withoutExtension(name)
      if let found = best[stem], found.rank <= rank { continue }
      best[stem] = (rank, name)
    }
    files = best.values.map(\.name).sorted()
    quantity = files.first.flatMap { manifest?.quantity(ofFile: $0) }
    notes =
      manifest?.isComplete == false
      ? ["\(path) is not complete: the job that writes it was stopped."] : []
  }

  /// The paths of the maps.
  public var paths: [String] { files.map { "\(path)/\($0)" } }
}
