import DurableFiles
import Foundation

/// The folders of the shards of a job: `OUT/shard-0003-of-0010`, each one like the output folder of
/// a whole job. No two processes write into the same folder, and no folder has more files than one
/// shard.
package enum ShardFolders {
  /// The folder of a shard inside the job's output; the output itself for the whole job.
  package static func path(_ output: String, _ shard: JobShard) -> String {
    shard == .whole ? output : "\(output)/\(name(shard))"
  }

  static func name(_ shard: JobShard) -> String {
    "shard-\(shard.index.zeroPadded(4))-of-\(shard.count.zeroPadded(4))"
  }

  /// The shard that a folder's name states.
  package static func shard(of name: String) -> JobShard? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "shard", parts[2] == "of", let index = Int(parts[1]),
      let count = Int(parts[3]), let shard = try? JobShard(index, of: count),
      Self.name(shard) == name
    else { return nil }
    return shard
  }

  /// The folders to read: `path` itself, or the shards inside it, in order.
  /// - Throws: `RunError.missingShards` if some shards are missing, or if their names state
  ///   different numbers of shards.
  package static func reading(_ path: String) throws -> [String] {
    let names = try AtomicFolder.names(in: path)
    let shards = names.compactMap(shard(of:)).sorted { $0.index < $1.index }
    guard let count = shards.first?.count else { return [path] }
    guard shards.allSatisfy({ $0.count == count }) else {
      throw RunError.missingShards(
        path: path, reason: "it contains shards of jobs with different numbers of shards")
    }
    let missing = Set(0..<count).subtracting(shards.map(\.index)).sorted()
    guard missing.isEmpty else {
      let list = missing.prefix(10).map(String.init).joined(separator: ", ")
      throw RunError.missingShards(
        path: path,
        reason: "\(missing.count) of \(count) shards are missing: "
          + list + (missing.count > 10 ? ", ..." : ""))
    }
    return shards.map { "\(path)/\(name($0))" }
  }
}
