import ArgumentParser
import Foundation

/// `ganinsar-fuzz`: damaged and hostile inputs for every reader. See docs/reliability.md.
@main
struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganinsar-fuzz",
    abstract: "Read randomly damaged files with every reader; keep those that break something.",
    discussion: """
      Each input is read in a child process. A failure is a crash of that process, more than \
      \(FuzzRun.Limits.hangSeconds) s of processor time, memory beyond 2 GiB or 20 times the file, \
      a result that is not finite, or an error without words. The same seed gives the same inputs. \
      Exits with 1 after a failure.
      """)

  @Option(help: "How long to go on.")
  var minutes: Double?
  @Option(help: "Inputs for each reader, instead of --minutes.")
  var rounds: Int?
  @Option(help: "Seed of all changes.")
  var seed: UInt64 = 1
  @Option(help: "Only this reader; repeat for more.")
  var reader: [String] = []
  @Option(help: "Where inputs that break something are kept.")
  var keep = "fuzz-findings"
  @Option(help: "A folder with further files to start from.")
  var corpus: String?
  @Option(help: "Read this file with --reader, once and unchanged.")
  var replay: String?

  @Flag(help: "Check instead that a child process contains crashes, loops, memory and network.")
  var selfCheck = false

  static let readers = RasterReaders.all + StackReaders.all + ModelReaders.all + TextReaders.all

  func run() throws {
    if selfCheck {
      let faults = SelfCheck.run()
      for fault in faults { print(fault) }
      print(faults.isEmpty ? "contained" : "\(faults.count) faults")
      throw ExitCode(faults.isEmpty ? 0 : 1)
    }
    let unknown = reader.filter { name in !Self.readers.contains { $0.name == name } }
    guard unknown.isEmpty else {
      throw ValidationError(
        "no reader \(unknown.joined(separator: ", ")); there are: "
          + Self.readers.map(\.name).joined(separator: ", "))
    }
    let chosen = Self.readers.filter { reader.isEmpty || reader.contains($0.name) }
    // Must come before anything that starts a thread.
    let fuzz = try FuzzRun(readers: chosen, keep: keep)
    if let replay {
      try self.replay(replay, chosen, fuzz)
    } else {
      let minutes = minutes ?? (rounds == nil ? 1 : nil)
      try fuzz.run(
        seed: seed, rounds: rounds, deadline: minutes.map { Date().addingTimeInterval($0 * 60) },
        corpus: try files(in: corpus))
    }
    report(fuzz)
    if fuzz.tallies.values.contains(where: { $0.failures > 0 }) { throw ExitCode(1) }
  }

  private func replay(_ path: String, _ readers: [FuzzReader], _ fuzz: FuzzRun) throws {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    var input = try FuzzCase(folder: folder, main: url.lastPathComponent)
    if input.files[input.main] == nil { input = try FuzzCase(folder: path, main: ".") }
    for reader in readers { try fuzz.read(input, reader, name: "replay") }
  }

  private func files(in folder: String?) throws -> [FuzzCase] {
    guard let folder else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
        data.count < 1 << 20
      else { return nil }
      return FuzzCase([name: Array(data)], main: name)
    }
  }

  private func report(_ fuzz: FuzzRun) {
    print(
      "| reader | inputs | read | refused | crash contained | slowest (s) | most memory (MB) | failures |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for (name, tally) in fuzz.tallies.sorted(by: { $0.key < $1.key }) {
      let slowest = String(format: "%.1f", tally.slowestSeconds)
      print(
        "| \(name) | \(tally.inputs) | \(tally.read) | \(tally.refused) | \(tally.contained) "
          + "| \(slowest) | \(tally.peakBytes >> 20) | \(tally.failures) |")
    }
  }
}
