import Foundation
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

/// `ganinsar train` as several processes of this machine, started as torchrun or srun would.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct SeveralProcessesTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A quiet loss of balance shows in every part: CutMix, augmentation, offsets on both sides.
  private static let everything = [
    "cutMix.warmUpEpochs=0", "cutMix.mode=add", "diffAugment.translationShare=0.125",
    "diffAugment.cutoutShare=0.25", "data.offset.mode=realsAndFakes",
  ].flatMap { ["--set", $0] }

  private func run(_ name: String) -> String { folder.file("\(name)/00000-smoke") }

  private func new(_ dataset: String, _ name: String, _ more: String...) -> [String] {
    ["train", dataset, "-o", folder.file(name), "--config", CommandRunner.smoke] + more
  }

  private func start(_ arguments: [String], count: Int) throws -> [(Process, [Pipe])] {
    let port = try freePort()
    return try (0..<count).map { rank in
      try CommandRunner.start(
        arguments,
        environment: [
          "RANK": "\(rank)", "WORLD_SIZE": "\(count)", "MASTER_ADDR": "127.0.0.1",
          "MASTER_PORT": "\(port)",
        ])
    }
  }

  private func finish(_ processes: [(Process, [Pipe])]) -> [CommandRunner.Outcome] {
    processes.map { CommandRunner.finish($0.0, $0.1) }
  }

  private func newestCheckpoint(_ run: String) -> String? {
    let names = try? FileManager.default.contentsOfDirectory(atPath: "\(run)/checkpoints")
    return (names ?? []).filter { $0.hasSuffix(".safetensors") }.max()
  }

  private func waitForCheckpoint(in run: String, after old: String?, _ process: Process) {
    let deadline = Date().addingTimeInterval(600)
    while process.isRunning, Date() < deadline {
      if let name = newestCheckpoint(run), name > old ?? "" { return }
      usleep(5_000)
    }
  }

  private struct Line: Decodable {
    var step: Int
    var patchesSeen: Int
    var lossDiscriminator: Double
    var lossGenerator: Double
    var logitReal: Double
    var acceptedShare: Double
  }

  private func statistics(_ run: String) throws -> [Line] {
    try String(contentsOfFile: "\(run)/stats.jsonl", encoding: .utf8).split(separator: "\n")
      .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  /// The greatest difference of a checkpoint's generator weights, and what they moved at most.
  private func weights(_ run: String) throws -> [String: [Float]] {
    let newest = try #require(newestCheckpoint(run))
    let file = try Safetensors(path: "\(run)/checkpoints/\(newest)")
    var result: [String: [Float]] = [:]
    for name in file.names where name.hasPrefix("generator.") || name.hasPrefix("discriminator.") {
      result[name] = try file.tensor(name).floats()
    }
    return result
  }

  @Test func twoProcessesTrainAsOne() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let alone = try CommandRunner.run(new(dataset, "one") + Self.everything)
    #expect(alone.code == 0, "\(alone.errors)")
    let both = finish(try start(new(dataset, "two") + Self.everything, count: 2))
    #expect(both.map(\.code) == [0, 0], "\(both.map(\.errors))")
    // Only process 0 speaks and writes.
    #expect(both[0].output.contains("00000-smoke") && both[1].output.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("two")).count == 1)

    let (one, two) = (try statistics(run("one")), try statistics(run("two")))
    #expect(one.map(\.step) == [2, 4, 6, 8] && two.map(\.step) == [2, 4, 6, 8])
    for (a, b) in zip(one, two) {
      #expect(a.patchesSeen == b.patchesSeen)
      #expect(abs(a.acceptedShare - b.acceptedShare) < 1e-12)
      // Sums of float32 numbers in another order, over 8 iterations.
      for (x, y) in [
        (a.lossDiscriminator, b.lossDiscriminator), (a.lossGenerator, b.lossGenerator),
        (a.logitReal, b.logitReal),
      ] {
        #expect(abs(x - y) <= 1e-4 * max(1, abs(x)), "step \(a.step): \(x) and \(y)")
      }
    }
    let (first, second) = (try weights(run("one")), try weights(run("two")))
    #expect(first.keys.sorted() == second.keys.sorted())
    // With beta1 = 0 a first step of Adam has the size of the learning rate whatever the gradient's:
    // where that is nearly zero, its sign may differ. So few weights, by a few steps, may differ.
    var far = 0
    var total = 0
    for (name, values) in first {
      let others = try #require(second[name])
      for (x, y) in zip(values, others) {
        let difference = abs(x - y)
        #expect(difference <= 8 * 2 * 5e-4 * max(1, abs(x)), "\(name): \(x) and \(y)")
        if difference > 1e-4 * max(1, abs(x)) { far += 1 }
        total += 1
      }
    }
    #expect(Double(far) <= 0.001 * Double(total), "\(far) of \(total) weights differ")
  }

  /// A phase network: with holes, so that the processes' shares of the pixels differ.
  @Test func twoProcessesTrainANetworkAsOne() throws {
    func arguments(_ name: String) -> [String] {
      ["network", "train", "mixed", "-o", folder.file(name), "--maps", "4", "--size", "32"]
        + ["--iterations", "6", "--quiet", "--recipe-set", "mask.waterFraction=0.3"]
        + [
          "architecture.channels=2", "architecture.levels=2", "batchSize=4",
          "output.statisticsEveryIterations=2", "output.validationSamples=2",
        ].flatMap { ["--set", $0] }
    }
    let alone = try CommandRunner.run(arguments("one"))
    #expect(alone.code == 0, "\(alone.errors)")
    let both = finish(try start(arguments("two"), count: 2))
    #expect(both.map(\.code) == [0, 0], "\(both.map(\.errors))")
    #expect(both[0].output.contains("00000-network") && both[1].output.isEmpty)

    struct Line: Decodable {
      var step: Int
      var phaseLoss: Double
      var edgeLoss: Double
    }
    let lines = try ["one", "two"].map { name in
      try String(contentsOfFile: folder.file("\(name)/00000-network/stats.jsonl"), encoding: .utf8)
        .split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }
    #expect(lines[0].map(\.step) == [2, 4, 6] && lines[1].map(\.step) == [2, 4, 6])
    for (a, b) in zip(lines[0], lines[1]) {
      #expect(abs(a.phaseLoss - b.phaseLoss) < 1e-4 && abs(a.edgeLoss - b.edgeLoss) < 1e-4)
    }
    let other = finish(
      try start(
        ["network", "train", "mixed", "--maps", "4", "--size", "32", "--resume"]
          + [folder.file("two/00000-network"), "--quiet"], count: 2))
    #expect(
      other.map(\.code) == [1, 1] && other[0].errors.contains("other samples"),
      "\(other.map(\.errors))")
  }

  /// The losses of a field model's training, by one process and by two.
  private func fieldLosses(_ sets: [String]) throws -> [[FieldLine]] {
    let dataset = try CommandRunner.dataset(in: folder)
    func arguments(_ name: String) -> [String] {
      ["train", dataset, "-o", folder.file(name), "--model", "field"]
        + ([
          "batchSize=4", "architecture.channels=1", "architecture.discriminatorChannels=1",
          "average.calibrationBatches=2",
        ] + sets).flatMap { ["--set", $0] }
    }
    let alone = try CommandRunner.run(arguments("one"))
    #expect(alone.code == 0, "\(alone.errors)")
    let both = finish(try start(arguments("two"), count: 2))
    #expect(both.map(\.code) == [0, 0], "\(both.map(\.errors))")
    #expect(both[0].output.contains("00000-field") && both[1].output.isEmpty)
    return try ["one", "two"].map { name in
      try String(contentsOfFile: folder.file("\(name)/00000-field/stats.jsonl"), encoding: .utf8)
        .split(separator: "\n")
        .map { try JSONDecoder().decode(FieldLine.self, from: Data($0.utf8)) }
    }
  }

  private struct FieldLine: Decodable {
    var step: Int
    var generatorLoss: Double
    var discriminatorLoss: Double
    var logitGap: Double
    var featureLoss: Double?
    var featureGap: Double?

    var numbers: [Double] {
      [generatorLoss, discriminatorLoss, logitGap] + [featureLoss, featureGap].compactMap { $0 }
    }
  }

  private func expectAlike(_ a: FieldLine, _ b: FieldLine, _ tolerance: Double) {
    #expect(a.step == b.step && a.numbers.count == b.numbers.count)
    for (x, y) in zip(a.numbers, b.numbers) {
      #expect(abs(x - y) <= tolerance * max(1, abs(x)), "step \(a.step): \(x) and \(y)")
    }
  }

  @Test func twoProcessesTrainAFieldModelAsOne() throws {
    let lines = try fieldLosses([
      "iterations=4", "output.statisticsEveryIterations=2", "features.weight=0",
    ])
    #expect(lines[0].map(\.step) == [2, 4] && lines[1].count == 2)
    for (a, b) in zip(lines[0], lines[1]) { expectAlike(a, b, 1e-3) }
  }

  /// The second iteration has the updates of all networks by the first. Later ones are not compared: Adam
  /// without momentum divides gradients by their size, however small, so that rounding grows thirtyfold
  /// an iteration; another number of threads changes as much.
  @Test func twoProcessesJudgeByLearnedFeaturesAsOne() throws {
    let lines = try fieldLosses(["iterations=2", "output.statisticsEveryIterations=1"])
    #expect(lines[0].map(\.step) == [1, 2] && lines[1].count == 2)
    #expect(lines[0].allSatisfy { $0.numbers.count == 5 })
    for (a, b) in zip(lines[0], lines[1]) { expectAlike(a, b, a.step == 1 ? 1e-5 : 5e-3) }
  }

  /// Process 0 judges while the others wait for it, and all end after the same evaluation.
  @Test func twoProcessesAreJudgedAndEndTogether() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let judged = [
      "epochs=50", "evaluation.everyEpochs=1", "evaluation.samples=32", "evaluation.weights=none",
      "evaluation.patienceEvaluations=1", "evaluation.minimumEpochs=0",
    ].flatMap { ["--set", $0] }
    let both = finish(try start(new(dataset, "judged") + judged, count: 2))
    #expect(both.map(\.code) == [0, 0], "\(both.map(\.errors))")
    let verdicts = try String(contentsOfFile: "\(run("judged"))/stats.jsonl", encoding: .utf8)
      .split(separator: "\n").filter { $0.contains("\"evaluation\":{") }
    #expect((2..<50).contains(verdicts.count))
    for file in ["best.json", "model-best.safetensors", "model.safetensors"] {
      #expect(FileManager.default.fileExists(atPath: "\(run("judged"))/\(file)"), "no \(file)")
    }
  }

  @Test(arguments: [0, 1])
  func aProcessThatDiesStopsAllAndTheRunGoesOn(victim: Int) throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let long = ["--set", "epochs=100000", "--set", "output.snapshotEveryEpochs=100000"]
    let processes = try start(new(dataset, "runs") + long, count: 2)
    waitForCheckpoint(in: run("runs"), after: nil, processes[0].0)
    kill(processes[victim].0.processIdentifier, SIGKILL)
    let survivor = finish(processes)[1 - victim]
    #expect(survivor.code == 1)
    #expect(survivor.errors.contains("process \(victim)"), "\(survivor.errors)")
    #expect(survivor.errors.contains("has died") && survivor.errors.contains("--resume"))

    // With two processes, then with one. A signal to either stops both after the same step.
    let saved = try #require(newestCheckpoint(run("runs")))
    let resumed = try start(["train", dataset, "--resume", run("runs")], count: 2)
    waitForCheckpoint(in: run("runs"), after: saved, resumed[0].0)
    kill(resumed[1 - victim].0.processIdentifier, SIGTERM)
    let outcomes = finish(resumed)
    #expect(outcomes.map(\.code) == [130, 130], "\(outcomes.map(\.errors))")
    #expect(outcomes[0].errors.contains("resumed from"))
    let later = try #require(newestCheckpoint(run("runs")))
    #expect(later > saved)
    if victim == 0 {
      let alone = try CommandRunner.start(["train", dataset, "--resume", run("runs")])
      waitForCheckpoint(in: run("runs"), after: later, alone.process)
      kill(alone.process.processIdentifier, SIGTERM)
      #expect(CommandRunner.finish(alone.process, alone.outputs).code == 130)
    }
  }

  /// An error of one process reaches the others in its own words.
  @Test func anErrorOfOneProcessIsToldByAll() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    // A file where a folder must be; only process 0 writes.
    try Data().write(to: URL(fileURLWithPath: folder.file("file")))
    let outcomes = finish(
      try start(
        ["train", dataset, "-o", folder.file("file/runs"), "--config", CommandRunner.smoke],
        count: 2))
    #expect(outcomes.map(\.code) == [1, 1])
    #expect(outcomes[0].errors.contains("cannot write"), "\(outcomes[0].errors)")
    #expect(outcomes[1].errors.contains("process 0"), "\(outcomes[1].errors)")
    #expect(outcomes[1].errors.contains(folder.file("file/runs")))
  }

  @Test func processesThatCannotShareABatchOrDisagreeSaySo() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let uneven = finish(try start(new(dataset, "uneven"), count: 3))
    #expect(uneven.map(\.code) == [2, 2, 2], "\(uneven.map(\.errors))")
    #expect(uneven[0].errors.contains("3 processes") && uneven[0].errors.contains("batchSize"))

    let port = try freePort()
    let different = try (0..<2).map { rank in
      try CommandRunner.start(
        new(dataset, "different", "--seed", "\(rank)"),
        environment: [
          "RANK": "\(rank)", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1",
          "MASTER_PORT": "\(port)",
        ])
    }
    let outcomes = finish(different.map { ($0.process, $0.outputs) })
    #expect(outcomes.map(\.code) == [1, 1])
    #expect(outcomes[1].errors.contains("other settings"), "\(outcomes[1].errors)")
  }

  @Test func aProcessThatNeverComesIsNamed() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let (process, outputs) = try CommandRunner.start(
      new(dataset, "runs", "--timeout", "1"),
      environment: [
        "RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(freePort())",
      ])
    let outcome = CommandRunner.finish(process, outputs)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("process 1 of 2 did not come"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
  }
}
