import DurableFiles
import Foundation
import Kernel
import Pictures
import RunSupport
import Settings
import StackFiles

extension StackComposition {
  /// What to do if the output exists.
  package enum Existing: Sendable, Equatable {
    /// Keep finished stacks of the same job; refuse anything else.
    case keepSame
    /// Replace stacks that an earlier `compose` wrote.
    case replace
  }

  /// Writes the stack of the only rate map to `output`, or one folder for each map inside it.
  ///
  /// Each stack is written atomically, so that several processes can write into one `output`.
  /// - Parameters:
  ///   - shard: the rate maps that this process composes.
  ///   - progress: called with the number of finished interferograms.
  /// - Throws: `StackIOError`, `RunError.alreadyExists`, `.otherContent`, `.cannotWrite`,
  ///   `.interrupted`, and the errors of reading rates and rasters.
  package func run(
    output: String, formats: [StackFormat] = [], shard: JobShard = .whole,
    existing: Existing = .keepSame, progress: (Int) -> Void = { _ in }
  ) throws {
    for format in formats where !format.isAvailable {
      throw StackIOError.badJob(
        faults: ["this build cannot write \(format.rawValue) (it has no GDAL)"])
    }
    let own = shard.range(of: rates.entries.count)
    var before = 0
    for index in own {
      let path =
        rates.entries.count == 1 ? output : "\(output)/\(rates.entries[index].name)"
      let prepared = try prepare(index)
      var manifest = StackManifest(prepared.description)
      manifest.program = ProgramVersion.name
      manifest.formats = StackFormat.allCases.filter(formats.contains)
      manifest.configuration = prepared.configuration
      manifest.stackSeed = prepared.stack.seed
      manifest.randomStreams = RandomStream.edition
      manifest.inputs = prepared.inputs
      manifest.rateReading = prepared.reading
      if existing == .keepSame, try Self.isFinished(path, manifest) {
        before += manifest.pairs.count
        progress(before)
        continue
      }
      try AtomicFolder.write(
        to: path,
        existing: existing == .replace ? .replace(ifItHolds: StackManifest.fileName) : .refuse
      ) { folder in
        try Self.write(prepared, manifest: manifest, to: folder) { progress(before + $0) }
      }
      before += manifest.pairs.count
    }
  }

  /// Whether `path` contains this stack.
  /// - Throws: `RunError.otherContent` if it is a folder with anything else.
  private static func isFinished(_ path: String, _ manifest: StackManifest) throws -> Bool {
    guard FileSystem.isFolder(path) else { return false }
    let job = JobDescription(
      fileName: StackManifest.fileName, content: Data(try OrderedJSON.text(of: manifest).utf8),
      ignoredKeys: ["checksums", "program"])
    switch try ResumableFolder.content(of: path, for: job) {
    case .nothing: return false
    case .sameJob: return true
    case .other(let reason):
      throw RunError.otherContent(
        path: path, reason: reason,
        remedy: "Delete it, give another name, or \(OptionName.overwrite) to replace a stack.")
    }
  }

  private static func write(
    _ prepared: Prepared, manifest: StackManifest, to folder: String, progress: (Int) -> Void
  ) throws {
    let stack = prepared.description
    var sinks: [any StackSink] = try manifest.formats.map { try $0.sink(stack, folder: folder) }
    // The manifest is written last.
    sinks.append(try StackFolderSink(stack, folder: folder, manifest: manifest))
    var done = 0
    try prepared.stack.forEachInterferogram { interferogram in
      try Interruption.check()
      let interferogram = try interferogram.finished(
        prepared.configuration, referencePixel: prepared.referencePixel)
      for index in sinks.indices { try sinks[index].add(interferogram) }
      done += 1
      progress(done)
    }
    for index in sinks.indices { try sinks[index].finish() }
    try PictureFile.write(
      try LayerSheet.stack(folder, count: 3).drawing(), to: "\(folder)/\(LayerSheet.fileName)")
  }
}
