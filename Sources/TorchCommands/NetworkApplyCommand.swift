import ArgumentParser
import Commands
import DurableFiles
import Foundation
import PhaseNetworks
import RasterIO
import RunSupport
import Settings

struct NetworkApplyCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Filter and unwrap interferograms with a trained network.",
    discussion: """
      Reads complex or wrapped phase in every format that 'ganinsar info' reads, and MintPy's \
      ifgramStack.h5. For each raster it writes NAME_filtered, NAME_unwrapped (the input plus whole \
      turns), NAME_filtered_unwrapped, NAME_uncertainty (circular standard deviation in rad), NAME_mask \
      (1 where it is at most --max-uncertainty), NAME_regions and a picture NAME.png into OUT, with \
      the input's georeference; for a stack, a stack of the same dates. Between regions without a \
      bridge of data, the number of turns is not known.
      """.withExamples(
        "ganinsar network apply ifg.tif -o unwrapped",
        "ganinsar network apply filt_fine.int --coherence filt_fine.cor -o unwrapped --format tif,npy",
        "ganinsar network apply inputs/ifgramStack.h5 -o unwrapped --network runs/00000-network"))

  @Argument(help: "Interferograms, or MintPy's ifgramStack.h5.")
  var interferograms: [String]
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Reading") var reading: InputOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct InputOptions: ParsableArguments {
    @Option(
      help: .init(
        "The coherence of each interferogram, in their order; repeatable.", valueName: "file"))
    var coherence: [String] = []
    @OptionGroup var file: ReadingOptions
    @OptionGroup var units: MissingUnitOptions
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The folder to create.", valueName: "folder"))
    var output: String
    @Option(help: .init("File formats of rasters, separated by commas.", valueName: "format,..."))
    var format = ChoiceList<RasterFormat>([RasterFormat.tif.isAvailable ? .tif : .npy])
    @Option(help: .init("The uncertainty up to which the mask is 1.", valueName: "rad"))
    var maxUncertainty = 1.0
    @Flag(help: "Replace the output of an earlier apply.")
    var overwrite = false
  }

  func validate() throws {
    if interferograms.isEmpty { throw ValidationError("Give at least one interferogram.") }
    try require("--max-uncertainty", out.maxUncertainty, in: 0...100, unit: "rad")
    if !reading.coherence.isEmpty, reading.coherence.count != interferograms.count {
      throw ValidationError(
        "--coherence is given \(reading.coherence.count) times for \(interferograms.count) "
          + "interferograms: give one for each, in their order.")
    }
    if out.format.choices.contains(.h5) {
      throw ValidationError(
        "--format h5 is MintPy's velocity.h5: phases are written as tif or npy, and stacks as "
          + "ifgramStack.h5.")
    }
    let names = interferograms.map(Self.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError(
        "Two interferograms are named \(twice): process them into different folders.")
    }
  }

  private static let manifestName = "network.json"

  /// What lies beside the results.
  private struct Manifest: Encodable {
    var program = ProgramVersion.name
    var network: String
    var sha256: String
    var maxUncertaintyRadians: Double
    var interferograms: [String]
    var seconds: Double
  }

  func run() throws {
    Interruption.install()
    let stopwatch = Stopwatch()
    let file = try network.read()
    let processor = network.processor(file)
    let progress = ProgressReporter(
      "unwrapping", total: interferograms.count == 1 ? nil : interferograms.count,
      unit: "interferograms")
    try AtomicFolder.write(
      to: out.output, existing: out.overwrite ? .replace(ifItHolds: Self.manifestName) : .refuse
    ) { folder in
      for (number, path) in interferograms.enumerated() {
        try apply(path, number, processor, file, folder)
        progress.update(to: number + 1)
      }
      let manifest = Manifest(
        network: network.network ?? NetworkFile.shippedName, sha256: file.sha256,
        maxUncertaintyRadians: out.maxUncertainty, interferograms: interferograms,
        seconds: stopwatch.seconds)
      try AtomicFile.write(
        Data(try OrderedJSON.text(of: manifest).utf8), to: "\(folder)/\(Self.manifestName)")
    }
    progress.finish()
    if messages.json {
      return try printJSON(
        Written(out.output, count: interferograms.count, "interferograms", stopwatch))
    }
    print(out.output)
  }

  private func apply(
    _ path: String, _ number: Int, _ processor: PhaseProcessor, _ file: NetworkFile,
    _ folder: String
  ) throws {
    let name = Self.name(path)
    #if GDAL
      if PhaseStackFile.isOne(path) {
        guard reading.coherence.isEmpty else {
          throw ValidationError("\(path) has its own coherence: leave out --coherence.")
        }
        let stack = try PhaseStackFile(path)
        let progress = ProgressReporter(
          name, total: stack.interferograms, unit: "interferograms")
        try stack.write(to: "\(folder)/\(name).h5", network: file.sha256) { phase, coherence in
          guard phase.contains(where: \.isFinite) else {
            throw PhaseNetworkError.interferogram(
              path: path, reason: "an interferogram has no data",
              remedy: "Leave it out of the stack.")
          }
          return try processor.process(
            phase, coherence: coherence, width: stack.width, height: stack.height,
            interruption: Interruption.check)
        } progress: {
          progress.update(to: $0)
        }
        progress.finish()
        return
      }
    #endif
    var options = reading.file.options()
    options.unit = reading.units.unit
    options.losConvention = reading.units.losSign
    let given = try InterferogramFile(
      path, options: options,
      coherence: reading.coherence.isEmpty ? nil : reading.coherence[number])
    for note in given.notes { printNote("Note: \(path): \(note)") }
    let result = try processor.process(
      given.phase.values, coherence: given.coherence, width: given.phase.width,
      height: given.phase.height, interruption: Interruption.check)
    try result.write(
      named: name, of: given, in: folder, formats: out.format.choices,
      limitRadians: out.maxUncertainty, network: file.sha256)
    try result.writePicture(given.phase.values, label: name, to: "\(folder)/\(name).png")
  }

  private static func name(_ path: String) -> String {
    FilePath.withoutExtension(FilePath.name(path))
  }
}
