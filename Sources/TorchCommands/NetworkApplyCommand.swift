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
    abstract: "Filter and unwrap interferograms, or remove the atmosphere, with a trained network.",
    discussion: """
      Reads complex or wrapped phase in every format that 'ganinsar info' reads, MintPy's \
      ifgramStack.h5, and folders of LiCSAR (GEOC), LiCSBAS (GEOCml1) and HyP3. Writes the same kind into \
      OUT, with the names that its programs look for: the unwrapped phase (the input plus whole turns), \
      the filtered phase wrapped and unwrapped, the uncertainty (circular standard deviation in rad), a \
      mask (1 where it is at most --max-uncertainty), the numbers of connected regions, and a picture; \
      docs/networks.md lists the names. The coherence beside ISCE, ROI_PAC, GAMMA, LiCSAR, LiCSBAS and \
      HyP3 files is found by its name. Between regions without a bridge of data, the number of turns is \
      not known.

      A network of 'train --task atmosphere' takes files of unwrapped phase, displacement or rate, and \
      writes NAME_corrected and NAME_atmosphere, whose sum is the input, in its unit, as GeoTIFF or .npy.
      """.withExamples(
        "ganinsar network apply ifg.tif -o unwrapped",
        "ganinsar network apply merged/interferograms/*/filt_fine.int -o unwrapped",
        "ganinsar network apply GEOC -o GEOC_network",
        "ganinsar network apply a.diff --coherence a.cc --width 2410 --type complex64 -o unwrapped",
        "ganinsar network apply inputs/ifgramStack.h5 -o unwrapped --network runs/00000-network",
        "ganinsar network apply unw.tif -o corrected --network runs/00001-atmosphere"))

  @Argument(help: "Interferograms, folders of them, or MintPy's ifgramStack.h5.")
  var interferograms: [String]
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Reading") var reading: InputOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct InputOptions: ParsableArguments {
    @Option(
      help: .init(
        "The coherence of each interferogram, in their order; repeatable. none: without.",
        valueName: "file"))
    var coherence: [String] = []
    @OptionGroup var file: ReadingOptions
    @OptionGroup var units: MissingUnitOptions
    @Option(
      help: .init(
        "To remove the atmosphere from phases in files that do not state it.", valueName: "m"))
    var wavelength: Double?
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The folder to create.", valueName: "folder"))
    var output: String
    @Option(
      help: .init(
        "Formats, separated by commas; same: the layout of the input.", valueName: "format,..."))
    var format = ChoiceList<PhaseFormat>([.same])
    @Option(help: .init("The uncertainty up to which the mask is 1.", valueName: "rad"))
    var maxUncertainty = 1.0
    @Flag(help: "Replace the output of an earlier apply.")
    var overwrite = false
  }

  func validate() throws {
    if interferograms.isEmpty { throw ValidationError("Give at least one interferogram.") }
    try require("--max-uncertainty", out.maxUncertainty, in: 0...100, unit: "rad")
    try require("--wavelength", reading.wavelength, in: 1e-4...100, unit: "m")
    if !reading.coherence.isEmpty, reading.coherence.count != interferograms.count {
      throw ValidationError(
        "--coherence is given \(reading.coherence.count) times for \(interferograms.count) "
          + "interferograms: give one for each, in their order.")
    }
  }

  static let manifestName = "network.json"

  /// What lies beside the results.
  private struct Manifest: Encodable {
    var program = ProgramVersion.name
    var network: String
    var sha256: String
    var maxUncertaintyRadians: Double
    var interferograms: [String]
    /// Of each interferogram.
    var coherences: [String?]
    var seconds: Double
  }

  func run() throws {
    Interruption.install()
    if let path = network.network.map(NetworkFile.path), AtmosphereFile.isOne(path) {
      return try removeAtmosphere(path)
    }
    if reading.wavelength != nil {
      throw ValidationError("--wavelength is for networks of 'train --task atmosphere'.")
    }
    let (inputs, companions) = try PhaseInput.resolve(
      interferograms, coherences: reading.coherence)
    let file = try network.read()
    let processor = network.processor(file)
    try writeResults(of: inputs, doing: "unwrapping", noun: "interferograms") { input, folder in
      try apply(input, processor, file, folder)
    } manifest: { folder, seconds in
      for path in companions { try FileWriter.copy(path, to: "\(folder)/\(FilePath.name(path))") }
      return Manifest(
        network: network.network ?? NetworkFile.shippedName, sha256: file.sha256,
        maxUncertaintyRadians: out.maxUncertainty, interferograms: inputs.map(\.path),
        coherences: inputs.map(\.coherence), seconds: seconds)
    }
  }

  /// Writes the results of all inputs and a manifest into a folder that appears whole or not at all,
  /// with progress, and says where it is.
  /// - Parameters:
  ///   - apply: writes the results of one input into a folder.
  ///   - manifest: what lies beside the results in a folder, which took so many seconds.
  func writeResults<Input>(
    of inputs: [Input], doing: String, noun: String,
    apply: (_ input: Input, _ folder: String) throws -> Void,
    manifest: (_ folder: String, _ seconds: Double) throws -> some Encodable
  ) throws {
    let stopwatch = Stopwatch()
    let progress = ProgressReporter(
      doing, total: inputs.count == 1 ? nil : inputs.count, unit: noun)
    try AtomicFolder.write(
      to: out.output, existing: out.overwrite ? .replace(ifItHolds: Self.manifestName) : .refuse
    ) { folder in
      for (number, input) in inputs.enumerated() {
        try apply(input, folder)
        progress.update(to: number + 1)
      }
      let text = try OrderedJSON.text(of: manifest(folder, stopwatch.seconds))
      try AtomicFile.write(Data(text.utf8), to: "\(folder)/\(Self.manifestName)")
    }
    progress.finish()
    if messages.json {
      return try printJSON(Written(out.output, count: inputs.count, noun, stopwatch))
    }
    print(out.output)
  }

  private func apply(
    _ input: PhaseInput, _ processor: PhaseProcessor, _ file: NetworkFile, _ folder: String
  ) throws {
    let path = input.path
    let folder = input.folder.map { "\(folder)/\($0)" } ?? folder
    try AtomicFolder.makeFolders(folder)
    #if GDAL
      if PhaseStackFile.isOne(path) {
        guard reading.coherence.isEmpty else {
          throw ValidationError("\(path) has its own coherence: leave out --coherence.")
        }
        let stack = try PhaseStackFile(path)
        let progress = ProgressReporter(
          input.name, total: stack.interferograms, unit: "interferograms")
        try stack.write(to: "\(folder)/\(input.name).h5", network: file.sha256) {
          phase, coherence in
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
    let given = try InterferogramFile(input, options: options)
    for note in given.notes { printNote("Note: \(path): \(note)") }
    let result = try processor.process(
      given.phase.values, coherence: given.coherence, width: given.phase.width,
      height: given.phase.height, interruption: Interruption.check)
    let results = PhaseResults(
      result, of: given, in: folder, limitRadians: out.maxUncertainty, network: file.sha256)
    for format in out.format.choices {
      switch format {
      case .same: try results.writeAsInput()
      case .tif: try results.write(as: .tif)
      case .npy: try results.write(as: .npy)
      }
    }
    try result.writePicture(
      given.phase.values, label: input.name, to: "\(folder)/\(input.name).png")
  }
}

/// Formats of results.
enum PhaseFormat: String, CaseIterable, ChoiceArgument {
  case same, tif, npy
}
