import ArgumentParser
import Commands
import DurableFiles
import Foundation
import GANModel
import GANSampling

struct ExportCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: TorchPart.export.abstract,
    discussion: """
      The file is half as large and works with 'ganinsar generate' like the original; rates differ by \
      about one part in a thousand. It contains the generator, its description and the names of the \
      training scenes, but not the optimizers.
      """.withExamples(
        "ganinsar export runs/00000-small -o model.safetensors",
        "ganinsar export runs/00000-small/model-best.safetensors -o best.safetensors --full-precision"
      ))

  @Argument(help: "A run folder, or a model.safetensors or model-best.safetensors in it.")
  var model: String
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The .safetensors file to write.", valueName: "file"))
    var output: String
    @Flag(help: "Keep float32.")
    var fullPrecision = false
    @Flag(help: "Replace an existing file.")
    var overwrite = false
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let output = out.output
    let claim = try AtomicFile.claim(output, overwrite: out.overwrite)
    defer { withExtendedLifetime(claim) {} }
    let model = try ModelFile.read(SampleGeneration.modelFile(self.model))
    try ModelFile.write(
      model.generator, model.description, halfPrecision: !out.fullPrecision, to: output)
    let written = try ModelFile.read(output)
    let bytes = FileSystem.size(output) ?? 0
    if messages.json {
      return try printJSON(Exported(path: output, bytes: bytes, sha256: written.sha256))
    }
    print(
      "\(output): \((Double(bytes) / 1_048_576).decimals(2)) MiB, "
        + "\(model.description.architecture.sizePixels) px, \(model.description.iterations) "
        + "iterations on \(model.description.scenes.joined(separator: ", "))")
    print("sha256 \(written.sha256)")
  }
}

/// What `export --json` prints.
private struct Exported: Encodable {
  var path: String
  var bytes: Int
  var sha256: String
}
