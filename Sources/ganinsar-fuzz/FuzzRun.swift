import DurableFiles
import Foundation
import RasterIO

/// Reads mutated inputs with one reader after another, in a monitored child process.
final class FuzzRun {
  struct Limits {
    /// Limit of processor time, in s.
    static let hangSeconds = 20
    /// Limit of wall time in s, for processes that wait without working; large, because a busy
    /// machine is slow.
    static let waitSeconds = 240.0
    static let memoryBytes = 2 << 30
    static let timesFile = 20
  }

  /// The request to the child process.
  private struct Question: Codable {
    var reader: String
    var path: String
  }

  /// The result of reading in the child process.
  private struct Ending: Codable {
    enum Kind: String, Codable { case read, refused, contained, broken }
    var kind: Kind
    var text: String
    var peakBytes: Int
  }

  /// Counts and extreme values of one reader.
  struct Tally {
    var inputs = 0
    var read = 0
    var refused = 0
    /// Number of inputs on which GDAL or HDF5 crashed in its own process.
    var contained = 0
    var failures = 0
    var slowestSeconds = 0.0
    var peakBytes = 0
  }

  private let readers: [FuzzReader]
  private let child: ContainedProcess
  private let scratch: String
  private let keep: String
  private(set) var tallies: [String: Tally] = [:]
  private var lastRefusal = ""
  /// Number of stored failures by reader and kind; only the first ten of each are stored.
  private var kept: [String: Int] = [:]

  /// Forks; must be called while the process has a single thread.
  init(readers: [FuzzReader], keep: String) throws {
    self.readers = readers
    self.keep = keep
    scratch = NSTemporaryDirectory() + "/ganinsar-fuzz-\(getpid())"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    let child = ContainedProcess { question in
      .init(data: (try? JSONEncoder().encode(Self.answer(question, readers))) ?? Data())
    }
    guard let child else { throw RunError.cannotRead(path: "fork", reason: "no child process") }
    self.child = child
  }

  deinit { try? FileManager.default.removeItem(atPath: scratch) }

  // MARK: - In the child process

  nonisolated(unsafe) private static var isContained = false

  private static func answer(_ question: Data, _ readers: [FuzzReader]) -> Ending {
    #if GDAL
      if !isContained { ForeignFiles.contain() }
      isContained = true
    #endif
    guard let question = try? JSONDecoder().decode(Question.self, from: question),
      let reader = readers.first(where: { $0.name == question.reader })
    else { return Ending(kind: .broken, text: "no such reader", peakBytes: 0) }
    PeakMemory.reset()
    var ending = Ending(kind: .read, text: "", peakBytes: 0)
    do {
      try reader.read(question.path)
    } catch {
      ending = judged(error)
    }
    ending.peakBytes = PeakMemory.bytes()
    return ending
  }

  /// The expected result is an error of this project with a readable message.
  private static func judged(_ error: any Error) -> Ending {
    let text = "\(error)"
    func ending(_ kind: Ending.Kind, _ text: String) -> Ending {
      Ending(kind: kind, text: text, peakBytes: 0)
    }
    if error is Finding { return ending(.broken, text) }
    if error is DecodingError || error is CocoaError {
      return ending(.broken, "an error without words: \(text)")
    }
    if text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" }) {
      return ending(.broken, "a control character in the message: \(text)")
    }
    let crashed =
      text.contains("the library that reads it ended")
      || text.contains("the library that reads it was still")
    return ending(crashed ? .contained : .refused, text)
  }

  // MARK: - In this process

  /// - Parameters:
  ///   - rounds: number of inputs per reader; `nil`: until `deadline`.
  ///   - corpus: further valid or invalid inputs to start from.
  func run(seed: UInt64, rounds: Int?, deadline: Date?, corpus: [FuzzCase]) throws {
    var seeds: [String: (all: [FuzzCase], ownCount: Int)] = [:]
    for reader in readers {
      let folder = "\(scratch)/seeds-\(reader.name)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let own = try reader.seeds(folder)
      guard !own.isEmpty else { throw Finding("\(reader.name) has no input to start from") }
      seeds[reader.name] = (own + corpus, own.count)
      for (index, sound) in own.enumerated() {
        var input = sound
        reader.mend?(&input)
        try read(input, reader, name: "seed-\(index)")
      }
      if reader.readsItsSeeds && tallies[reader.name]?.read == 0 {
        throw Finding("\(reader.name) cannot read what it starts from: \(lastRefusal)")
      }
    }
    var round = 0
    while rounds.map({ round < $0 }) ?? true {
      for (index, reader) in readers.enumerated() {
        if let deadline, Date() >= deadline { return }
        var mutation = Mutation(seed: seed &+ UInt64(round) &* 1000 &+ UInt64(index))
        guard let start = seeds[reader.name] else { continue }
        var input = mutation.input(from: start.all, ownCount: start.ownCount)
        reader.mend?(&input)
        try read(input, reader, name: "\(seed)-\(round)")
      }
      round += 1
    }
  }

  /// Reads one input in the child process and checks the result.
  func read(_ input: FuzzCase, _ reader: FuzzReader, name: String) throws {
    let path = try input.write(to: "\(scratch)/input")
    var tally = tallies[reader.name] ?? Tally()
    tally.inputs += 1
    let start = ContinuousClock.now
    var failure: (kind: String, text: String)?
    let allowed = max(Limits.memoryBytes, Limits.timesFile * input.byteCount)
    do {
      let answer = try child.ask(
        JSONEncoder().encode(Question(reader: reader.name, path: path)),
        limits: .init(
          processorSeconds: Limits.hangSeconds, memoryBytes: 2 * allowed,
          seconds: Limits.waitSeconds))
      let ending = try JSONDecoder().decode(Ending.self, from: answer.data)
      tally.peakBytes = max(tally.peakBytes, ending.peakBytes)
      if ending.peakBytes > allowed {
        failure = ("memory", "\(ending.peakBytes >> 20) MB for \(input.byteCount) bytes")
      }
      switch ending.kind {
      case .read: tally.read += 1
      case .refused:
        tally.refused += 1
        lastRefusal = ending.text
      case .contained: tally.contained += 1
      case .broken: failure = ("broken", ending.text)
      }
    } catch let error as ContainedProcess.Failure {
      if case .tookTooLong = error {
        failure = ("hang", "\(error)")
      } else {
        failure = ("crash", "\(error)")
      }
    }
    let seconds =
      Double((ContinuousClock.now - start).components.seconds)
      + Double((ContinuousClock.now - start).components.attoseconds) / 1e18
    tally.slowestSeconds = max(tally.slowestSeconds, seconds)
    if let failure {
      tally.failures += 1
      try record(input, reader, name: name, failure)
    }
    tallies[reader.name] = tally
  }

  private func record(
    _ input: FuzzCase, _ reader: FuzzReader, name: String, _ failure: (kind: String, text: String)
  ) throws {
    let key = "\(reader.name)-\(failure.kind)"
    let count = kept[key, default: 0]
    kept[key] = count + 1
    print("\(reader.name): \(failure.kind): \(failure.text.printable)")
    guard count < 10 else { return }
    let folder = "\(keep)/\(key)-\(name)"
    _ = try input.write(to: folder)
    print("  kept: \(folder) (reader \(reader.name), \(input.main))")
    fflush(nil)
  }
}

/// The largest resident memory of this process and the one in which it reads foreign files.
enum PeakMemory {
  static func reset() {
    for process in processes {
      guard let file = fopen("/proc/\(process)/clear_refs", "w") else { continue }
      fputs("5", file)
      fclose(file)
    }
  }

  static func bytes() -> Int { processes.reduce(0) { $0 + peak(of: $1) } }

  private static var processes: [String] {
    #if GDAL
      ["self"] + (ForeignFiles.childProcess.map { ["\($0)"] } ?? [])
    #else
      ["self"]
    #endif
  }

  private static func peak(of process: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    return kibibytes.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
  }
}
