import DurableFiles
import Foundation
import RasterIO
import RunSupport

/// The rate maps of a folder: one file a map, whatever formats each was saved in.
///
/// Every command that takes folders lists them here. Layers of simulated samples, and heights and
/// errors beside the rate of a stack, are no rate maps and are left out.
public struct RateMapFolder: Sendable, Equatable {
  /// Endings that are read. Where a map was saved more than once, the first of these is taken: the
  /// formats that hold unit, sign and grid come before the one that holds none.
  public static let endings: [String] = {
    let rich = ["tif", "tiff", "h5"]
    return RasterFormat.tif.isAvailable ? rich + ["npy"] : ["npy"] + rich
  }()

  public let path: String
  /// Names relative to `path`, sorted; those of a job's shards are in the shards' order.
  public let files: [String]
  /// What a user should know, a sentence each.
  public let notes: [String]

  /// A folder of maps, or one with the folders of all shards of a job.
  /// - Throws: `RunError.cannotRead`, `RunError.missingShares`.
  public init(_ path: String) throws {
    self.path = path
    let folders = try ShareFolders.reading(path)
    if folders != [path] {
      let shards = try folders.map { try RateMapFolder($0) }
      files = zip(folders, shards).flatMap { folder, shard in
        shard.files.map { "\(FilePath.name(folder))/\($0)" }
      }
      notes = shards.flatMap(\.notes)
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
    notes =
      manifest?.isComplete == false
      ? ["\(path) is not complete: the job that writes it was stopped."] : []
  }

  /// The paths of the maps.
  public var paths: [String] { files.map { "\(path)/\($0)" } }
}
