import Foundation
import RasterIO
import TestSupport

/// Runs the built `ganinsar` as a user does: in a process of its own.
enum CommandRunner {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  /// Built with the tests, whatever their configuration, so it lies beside them.
  static let executable =
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("ganinsar").path
  /// What measures for Benchmarks/.
  static let bench = executable + "-bench"
  static var isBenchBuilt: Bool {
    isBuilt && FileManager.default.isExecutableFile(atPath: bench)
  }
  static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: executable) }

  struct Outcome {
    let code: Int32
    let output: String
    let errors: String
  }

  static func start(
    _ arguments: [String], environment: [String: String] = [:], executable: String = executable
  ) throws -> (process: Process, outputs: [Pipe]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"].merging(environment) { $1 }
    ) { $1 }
    let outputs = [Pipe(), Pipe()]
    process.standardOutput = outputs[0]
    process.standardError = outputs[1]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return (process, outputs)
  }

  static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Outcome {
    let (process, outputs) = try start(arguments)
    return finish(process, outputs)
  }

  /// Waits for the end; a process that hangs is killed, after ten minutes, and fails its test.
  static func finish(_ process: Process, _ outputs: [Pipe], withinSeconds limit: Double = 600)
    -> Outcome
  {
    let pid = process.processIdentifier
    let guardian = DispatchWorkItem { kill(pid, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: guardian)
    defer { guardian.cancel() }
    // What these commands print fits a pipe's buffer, so one may be read after the other.
    let texts = outputs.map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return Outcome(code: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// A prepared dataset of one loud made-up scene with `side` pixels a side.
  static func dataset(in folder: TemporaryFolder, side: Int = 160) throws -> String {
    let values = (0..<side * side).map { index in
      14 * sinf(Float(index / side) / 15) * cosf(Float(index % side) / 21) + 8
    }
    let scene = folder.file("waves.npy")
    try NpyArray(shape: [side, side], values: values).write(to: scene)
    let path = folder.file("dataset")
    let outcome = try run("prepare", scene, "--unit", "cm/yr", "-o", path)
    guard outcome.code == 0 else { throw Failure(text: outcome.errors) }
    return path
  }

  struct Failure: Error { let text: String }

  static var smoke: String { "\(root)/configs/smoke.yaml" }
}

/// The bytes of every file in a folder, by name.
func content(of folder: String) throws -> [String: Data] {
  var result: [String: Data] = [:]
  for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
    result[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
  }
  return result
}
