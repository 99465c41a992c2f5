import DurableFiles
import Foundation

/// The folder of a running simulation, a `ResumableFolder` beside the final output.
///
/// `job.json` describes the job, and `records.jsonl` gets a line for each finished sample, in
/// order. A killed job may leave files of samples without a line; they are written again. The
/// folder gets its final name when the manifest has been written.
final class RecordedFolder {
  private let folder: ResumableFolder
  private let output: String
  private let records: AppendedFile
  /// Number of finished samples.
  private(set) var recordCount: Int

  var path: String { folder.path }
  private var recordsPath: String { "\(path)/records.jsonl" }

  /// Creates the folder, or reuses the one that the same job began.
  /// - Throws: `RunError.alreadyExists` if the output exists already, `.otherContent`, `.inUse`,
  ///   `.cannotWrite`.
  init(output: String, description: Data) throws {
    let output = FilePath.trimmed(output)
    self.output = output
    if FileSystem.exists(output), (try? FileSystem.names(in: output))?.isEmpty != true {
      throw RunError.alreadyExists(path: output, remedy: "Delete it, or give another name.")
    }
    folder = try ResumableFolder(output, place: .beside)
    try folder.begin(
      JobDescription(fileName: "job.json", content: description),
      remedy: "To finish that job, give its command; or delete the folder, or give another output.")
    (records, recordCount) = try AppendedFile.ofLines("\(folder.path)/records.jsonl")
  }

  /// Records a sample as finished.
  func append(_ record: SimulationManifest.Sample) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try records.append(try encoder.encode(record) + Data("\n".utf8))
    recordCount += 1
  }

  /// Inserts the records into the manifest, writes it, and renames the folder.
  func finish(manifest: (before: String, after: String)) throws {
    let recordsPath = recordsPath
    try AtomicFile.write(to: "\(path)/\(SimulationJob.manifestName)") { temporary in
      let file = try FileWriter(path: temporary, named: "\(path)/\(SimulationJob.manifestName)")
      func write(_ data: Data) throws { try data.withUnsafeBytes { try file.write($0) } }
      try write(Data(manifest.before.utf8))
      var left = recordCount
      try InputFile.readPieces(recordsPath) { piece in
        var text = Data()
        text.reserveCapacity(piece.count + piece.count / 100)
        for byte in piece {
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
    try folder.finish()
    // After renaming, so that a kill in between leaves a complete folder with two extra files.
    FileSystem.remove("\(output)/records.jsonl")
    FileSystem.remove("\(output)/job.json")
  }

  /// Removes the folder of a job that could not start.
  func discard() { folder.discard() }
}
