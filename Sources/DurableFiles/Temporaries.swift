import Foundation
import Synchronization

/// The temporary files and folders that this process is writing; they are removed if it is stopped.
package enum Temporaries {
  private static let paths = Mutex<Set<String>>([])

  static func add(_ path: String) { _ = paths.withLock { $0.insert(path) } }
  static func remove(_ path: String) { _ = paths.withLock { $0.remove(path) } }

  /// A new temporary name beside `path`.
  static func name(for path: String) -> String {
    "\(path).part-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  }

  /// Removes all of them from disk. Other threads may still be writing to them.
  static func removeAll() {
    for _ in 0..<3 { for path in paths.withLock({ $0 }) { FileSystem.remove(path) } }
  }

  /// Removes the half-written files that killed jobs left in a folder and its subfolders. Only this
  /// job may use the folder.
  package static func removeLeftovers(in folder: String) {
    for name in (try? FileSystem.namesBelow(folder)) ?? [] where isTemporary(FilePath.name(name)) {
      FileSystem.remove("\(folder)/\(name)")
    }
  }

  /// Whether a name was made by `name(for:)` or a claim.
  package static func isTemporary(_ name: String) -> Bool {
    guard let mark = name.range(of: ".part-", options: .backwards) else { return false }
    let rest = name[mark.upperBound...].split(separator: "-", omittingEmptySubsequences: false)
    return rest == ["claim"] || rest.count == 2 && rest.allSatisfy { UInt32($0) != nil }
  }
}
