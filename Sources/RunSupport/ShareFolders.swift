import DurableFiles
import Foundation

/// The folders of the shards of a job: `OUT/shard-0003-of-0010`, each one like the output folder of
/// a whole job. No two processes write into the same folder, and no folder has more files than one
/// shard.
public enum ShareFolders {
  /// The folder of a shard inside the job's output; the output itself for the whole job.
  public static func path(_ output: String, _ share: JobShare) -> String {
    share == .whole ? output : "\(output)/\(name(share))"
  }

  static func name(_ share: JobShare) -> String {
    "shard-\(share.index.zeroPadded(4))-of-\(share.count.zeroPadded(4))"
  }

  /// The shard that a folder's name states.
  static func share(of name: String) -> JobShare? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "shard", parts[2] == "of", let index = Int(parts[1]),
      let count = Int(parts[3]), let share = try? JobShare(index, of: count),
      Self.name(share) == name
    else { return nil }
    return share
  }

  /// The folders to read: `path` itself, or the shards inside it, in order.
  /// - Throws: `RunError.missingShares` if some shards are missing, or if their names state
  ///   different numbers of shards.
  public static func reading(_ path: String) throws -> [String] {
    let names = try AtomicFolder.names(in: path)
    let shares = names.compactMap(share(of:)).sorted { $0.index < $1.index }
    guard let count = shares.first?.count else { return [path] }
    guard shares.allSatisfy({ $0.count == count }) else {
      throw RunError.missingShares(
        path: path, reason: "it holds shares of jobs that were cut in different numbers")
    }
    let missing = Set(0..<count).subtracting(shares.map(\.index)).sorted()
    guard missing.isEmpty else {
      let list = missing.prefix(10).map(String.init).joined(separator: ", ")
      throw RunError.missingShares(
        path: path,
        reason: "of \(count) shares \(missing.count) are not there: "
          + list + (missing.count > 10 ? ", ..." : ""))
    }
    return shares.map { "\(path)/\(name($0))" }
  }
}
