import Foundation
import RasterIO
import RunSupport

/// The rasters of a folder: one file a map, whatever formats each was saved in.
struct RasterFolder {
  /// Names relative to the folder, sorted.
  let files: [String]
  /// What a manifest beside them says about files that state no unit.
  let unit: RasterUnit?
  let notes: [String]

  /// The part of the manifests of `ganinsar generate` and `ganinsar simulate` that is needed here.
  private struct Manifest: Decodable {
    var unit: RasterUnit?
    var isComplete: Bool?
  }

  /// Where a map was saved more than once, the first of these is read.
  private static let preference = ["npy", "tif", "tiff", "h5"]

  /// A folder of maps, or one with the folders of all shares of a job.
  /// - Throws: `RunError.cannotRead`, `RunError.missingShares`.
  init(_ path: String) throws {
    let folders = try ShareFolders.reading(path)
    if folders != [path] {
      let shares = try folders.map { try RasterFolder($0) }
      files = zip(folders, shares).flatMap { folder, share in
        share.files.map { "\((folder as NSString).lastPathComponent)/\($0)" }
      }
      unit = shares.lazy.compactMap(\.unit).first
      notes = shares.flatMap(\.notes)
      return
    }
    let names = try AtomicFolder.names(in: path)
    var best: [String: (rank: Int, name: String)] = [:]
    for name in names where !name.hasPrefix(".") {
      let parts = name as NSString
      guard let rank = Self.preference.firstIndex(of: parts.pathExtension.lowercased()) else {
        continue
      }
      let stem = parts.deletingPathExtension
      if let found = best[stem], found.rank <= rank { continue }
      best[stem] = (rank, name)
    }
    files = best.values.map(\.name).sorted()

    var unit: RasterUnit?
    var notes: [String] = []
    let manifest = "\(path)/manifest.json"
    if let data = FileManager.default.contents(atPath: manifest),
      let read = try? JSONDecoder().decode(Manifest.self, from: data)
    {
      unit = read.unit
      if read.isComplete == false {
        notes.append("\(path) is not complete: its generation was stopped.")
      }
    }
    self.unit = unit
    self.notes = notes
  }
}
