import ArgumentParser
import Commands
import DurableFiles
import Foundation
import Kernel
import PhaseNetworks
import RunSupport
import Settings
import TorchCore

struct NetworkScoreCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Measure filtering and unwrapping on samples whose truth is known.",
    discussion: """
      Prints, for the network, for the Goldstein filter and for no filter (both with the same \
      minimum-cost flow): the root mean square of the filtered phase's error and the fraction of pixels \
      on a wrong cycle, by coherence; how well the network's uncertainty fits its errors; and the \
      processor time.

      A network of 'train --task atmosphere' is measured on a dataset of the recipe 'atmosphere', beside \
      leaving maps alone, removing a plane and a high-pass filter: the root mean square of what \
      remains wrong in cm, the fraction of maps that are nearer to the truth, and what is taken from maps \
      without atmosphere, by the strength of the atmosphere and of the deformation.
      """.withExamples(
        "ganinsar network score training",
        "ganinsar network score training --network runs/00000-network --count 100 -o scores.json",
        "ganinsar network score training --hide-coherence --write planes",
        "ganinsar network score maps --network runs/00000-atmosphere --beside runs/00001-atmosphere"
      ))

  @Argument(help: "A dataset that 'ganinsar dataset --recipe networks' (or atmosphere) wrote.")
  var dataset: String
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Samples") var samples: SampleOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct SampleOptions: ParsableArguments {
    @Option(help: .init("The part of the dataset.", valueName: "part"))
    var part = "test"
    @Option(help: .init("Number of samples (default: all).", valueName: "number"))
    var count: Int?
    @Flag(help: "Do not tell the network the coherence.")
    var hideCoherence = false
    @Option(help: .init("Exponent of the Goldstein filter beside it.", valueName: "number"))
    var goldstein = 0.8
    @Option(
      help: .init(
        "Another network that removes the atmosphere, measured beside it; repeatable.",
        valueName: "file"))
    var beside: [String] = []
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("A file for the scores as JSON.", valueName: "file"))
    var output: String?
    @Option(
      help: .init(
        "A folder for what the network made of all samples, as .npy.", valueName: "folder"))
    var write: String?
  }

  func validate() throws {
    try require("--count", samples.count, in: 1...1_000_000_000)
    try require("--goldstein", samples.goldstein, in: 0.0...2.0)
  }

  func run() throws {
    Interruption.install()
    if let path = network.network.map(NetworkFile.path), AtmosphereFile.isOne(path) {
      return try scoreAtmosphere(path)
    }
    guard samples.beside.isEmpty else {
      throw ValidationError("--beside is for networks of 'train --task atmosphere'.")
    }
    let given = try PhaseSamples(dataset: dataset, part: samples.part)
    let count = min(samples.count ?? .max, given.count ?? 0)
    let file = try network.read()
    var scoring = NetworkScoring(samples: given, count: count, processor: network.processor(file))
    scoring.knowsCoherence = !samples.hideCoherence
    scoring.goldstein.alpha = samples.goldstein
    scoring.planes = out.write
    let progress = ProgressReporter("scoring", total: count, unit: "samples")
    let scores = try scoring.run {
      progress.update(to: $0)
      try Interruption.check()
    }
    progress.finish()
    let json = try OrderedJSON.text(of: scores)
    if let path = out.output { try AtomicFile.write(Data(json.utf8), to: path) }
    if messages.json { return print(json, terminator: "") }
    print(Self.table(scores))
  }

  private func scoreAtmosphere(_ path: String) throws {
    if samples.hideCoherence || out.write != nil {
      throw ValidationError(
        "--hide-coherence and --write are for networks that unwrap; \(path) removes the atmosphere."
      )
    }
    let given = try AtmosphereSamples(dataset: dataset, part: samples.part)
    let count = min(samples.count ?? .max, given.knownCount ?? 0)
    let networks = try ([path] + samples.beside.map(NetworkFile.path)).map { path in
      let file = try AtmosphereFile.read(path, device: Device(network.device))
      let isOfRun = FilePath.name(path) == "network.safetensors"
      let name = FilePath.name(isOfRun ? FilePath.folder(FilePath.absolute(path)) : path)
      return (
        name: "\(name) (\(file.description.method.rawValue))",
        processor: AtmosphereProcessor(
          file, windowPixels: network.window, overlapPixels: network.overlap)
      )
    }
    let progress = ProgressReporter("scoring", total: count, unit: "maps")
    let scores = try AtmosphereScoring(samples: given, count: count, networks: networks).run {
      progress.update(to: $0)
      try Interruption.check()
    }
    progress.finish()
    let json = try OrderedJSON.text(of: scores)
    if let path = out.output { try AtomicFile.write(Data(json.utf8), to: path) }
    if messages.json { return print(json, terminator: "") }
    print(Self.table(scores))
  }

  static func table(_ scores: [AtmosphereScore]) -> String {
    var rows = [
      [
        "method", "maps by rms cm", "maps", "atmosphere", "deformation", "error", "improved",
        "taken",
      ]
    ]
    for place in scores[0].groups.indices {
      for score in scores where score.groups[place].maps > 0 {
        let group = score.groups[place]
        let range =
          group.to >= 1e6
          ? "\(group.from.decimals(1)) or more"
          : "\(group.from.decimals(1)) to \(group.to.decimals(1))"
        rows.append([
          score.method, group.by == "all" ? "all" : "\(group.by) \(range)", "\(group.maps)",
          group.atmosphereRMSCM.decimals(3), group.deformationRMSCM.decimals(3),
          group.errorRMSCM.decimals(3), "\((group.improved * 100).decimals(0)) %",
          group.takenRMSCM.decimals(3),
        ])
      }
    }
    return aligned(rows)
  }

  static func table(_ scores: [PhaseScore]) -> String {
    var rows = [["method", "coherence", "pixels", "rms rad", "wrong cycles", "CPU ms/megapixel"]]
    for score in scores {
      for group in score.groups + [score.all] where group.pixels > 0 {
        let isAll = group.from == 0 && group.to == 1
        rows.append([
          score.method, isAll ? "all" : "\(group.from.decimals(1)) to \(group.to.decimals(1))",
          "\(group.pixels)", group.filteredRMSRadians.decimals(3),
          "\((group.wrongCycles * 100).decimals(2)) %",
          isAll ? score.cpuMillisecondsPerMegapixel.decimals(0) : "",
        ])
      }
    }
    var text = aligned(rows)
    if let reliability = scores.first?.reliability, !reliability.isEmpty {
      var lines = [["stated uncertainty", "pixels", "mean stated rad", "found rad"]]
      for bin in reliability {
        lines.append([
          bin.to > 10
            ? "\(bin.from.decimals(2)) or more"
            : "\(bin.from.decimals(2)) to \(bin.to.decimals(2))",
          "\(bin.pixels)", bin.statedRadians.decimals(3), bin.foundRadians.decimals(3),
        ])
      }
      text += "\n\n" + aligned(lines)
    }
    return text
  }

  private static func aligned(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

/// The network that apply and score use.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: .init(
      "A network.safetensors, or the run folder that contains it (default: the shipped network).",
      valueName: "file"))
  var network: String?
  @Option(help: .init("Side of the windows that large images are cut into.", valueName: "pixels"))
  var window = 256
  @Option(help: .init("How far windows overlap.", valueName: "pixels"))
  var overlap = 32
  @Option(help: "Device that computes; auto is a GPU if there is one.")
  var device = DeviceChoice.auto

  func validate() throws {
    try require("--window", window, in: 16...4096, unit: "pixels")
    try require("--overlap", overlap, in: 0...2048, unit: "pixels")
  }

  func read() throws -> NetworkFile {
    try NetworkFile.read(
      network.map(NetworkFile.path) ?? NetworkFile.locateShipped(), device: Device(device))
  }

  func processor(_ file: NetworkFile) -> PhaseProcessor {
    PhaseProcessor(file, windowPixels: window, overlapPixels: overlap)
  }
}
