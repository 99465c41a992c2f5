import DurableFiles
import Foundation
import Simulators

/// The folder of a running job: `<output>.partial`, beside the final output.
///
/// `job.json` describes the job, so that only the same job continues in it, and `records.jsonl`
/// gets a line for each finished sample, in order. A killed job may leave files of samples without
/// a line; they are written again. The folder gets its final name when the manifest has been
/// written.
final class PartialFolder {
  let path: String
  private let output: String
  /// Number of finished samples.
  private(set) var recordCount: Int
  private let lock: Int32
  private let records: FileHandle

  private var recordsPath: String { "\(path)/records.jsonl" }

  /// Creates the folder, or reuses the one that the same job began.
  /// - Throws: `RunError.alreadyExists` if the output exists already, `.cannotWrite`;
  ///   `SimulatorError.otherJob`, `.inUse`, `.damagedJob`.
  init(output: String, description: [String: String]) throws {
    let output = FilePath.trimmed(output)
    self.output = output
    path = output + ".partial"
    if FileSystem.exists(output), (try? FileSystem.names(in: output))?.isEmpty != true {
      throw RunError.alreadyExists(path: output, remedy: "Delete it, or give another name.")
    }
    try AtomicFolder.makeFolders(path)
    let jobPath = "\(path)/job.json"
    if !FileSystem.exists(jobPath) {
      try AtomicFile.write(try SimulationJob.json(description), to: jobPath)
    }
    lock = FileSystem.open(jobPath, O_RDONLY)
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      if lock >= 0 { close(lock) }
      throw SimulatorError.inUse(path: path)
    }
    do {
      try Self.check(jobPath, is: description, folder: path)
      Temporaries.removeLeftovers(in: path)
      (records, recordCount) = try Self.openRecords("\(path)/records.jsonl", folder: path)
    } catch {
      close(lock)
      throw error
    }
  }

  deinit { close(lock) }

  private static func reason(_ error: any Error) -> String {
    ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.localizedDescription
      ?? error.localizedDescription
  }

  private static func check(
    _ jobPath: String, is description: [String: String], folder: String
  ) throws {
    guard let data = try? InputFile.read(jobPath),
      let earlier = try? JSONDecoder().decode([String: String].self, from: data)
    else { throw SimulatorError.damagedJob(path: folder, reason: "its job.json cannot be read") }
    let keys = Set(earlier.keys).union(description.keys).sorted()
    let differences = keys.filter { earlier[$0] != description[$0] }.map {
      "\($0) \(earlier[$0] ?? "-") instead of \(description[$0] ?? "-")"
    }
    guard differences.isEmpty else {
      throw SimulatorError.otherJob(path: folder, differences: differences)
    }
  }

  /// Opens the records for appending; an incomplete last line is removed.
  private static func openRecords(
    _ path: String, folder: String
  ) throws -> (FileHandle, count: Int) {
    let descriptor = FileSystem.open(path, O_RDWR | O_CREAT)
    guard descriptor >= 0 else {
      throw RunError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var count = 0
    var position: UInt64 = 0
    var end: UInt64 = 0
    while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
      for (offset, byte) in chunk.enumerated() where byte == UInt8(ascii: "\n") {
        count += 1
        end = position + UInt64(offset) + 1
      }
      position += UInt64(chunk.count)
    }
    try file.truncate(atOffset: end)
    try file.seek(toOffset: end)
    return (file, count)
  }

  /// Records a sample as finished.
  func append(_ record: SimulationManifest.Sample) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = try encoder.encode(record) + Data("\n".utf8)
    let start = try records.offset()
    do {
      try records.write(contentsOf: line)
    } catch {
      try? records.truncate(atOffset: start)
      throw RunError.cannotWrite(path: recordsPath, reason: Self.reason(error))
    }
    recordCount += 1
  }

  /// Inserts the records into the manifest, writes it, and renames the folder.
  func finish(manifest: (before: String, after: String)) throws {
    let recordsPath = recordsPath
    try AtomicFile.write(to: "\(path)/\(SimulationJob.manifestName)") { temporary in
      let file = try FileWriter(path: temporary, named: "\(path)/\(SimulationJob.manifestName)")
      func write(_ data: Data) throws { try data.withUnsafeBytes { try file.write($0) } }
      try write(Data(manifest.before.utf8))
      let descriptor = FileSystem.open(recordsPath, O_RDONLY)
      guard descriptor >= 0 else {
        throw RunError.cannotRead(path: recordsPath, reason: String(cString: strerror(errno)))
      }
      let lines = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      var left = recordCount
      while let chunk = try lines.read(upToCount: 1 << 20), !chunk.isEmpty {
        var text = Data()
        text.reserveCapacity(chunk.count + chunk.count / 100)
        for byte in chunk {
          if byte == UInt8(ascii: "\n") {
            left -= 1
            if left > 0 { text.append(UInt8(ascii: ",")) }
          }
          text.append(byte)
        }
        try write(text)
      }
      try write(Data(manifest.after.utf8))
    }
    // An empty folder of that name may exist.
    guard FileSystem.rename(path, to: output) else {
      throw RunError.cannotWrite(path: output, reason: String(cString: strerror(errno)))
    }
    // After renaming, so that a kill in between leaves a complete folder with two extra files.
    FileSystem.remove("\(output)/records.jsonl")
    FileSystem.remove("\(output)/job.json")
  }

  /// Removes the folder of a job that could not start.
  func discard() { FileSystem.remove(path) }
}
