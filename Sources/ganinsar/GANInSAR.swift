import ArgumentParser
import Commands

/// The program that users start. It answers what needs no LibTorch itself, and becomes `ganinsar-torch` for
/// the rest.
@main
struct GANInSAR: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganinsar", abstract: Program.abstract,
    version: Program.version(libTorch: TorchPart.libTorchVersion),
    subcommands: LightCommands.ordered { part in
      switch part {
      case .train: Train.self
      case .generate: Generate.self
      case .studio: Studio.self
      case .export: Export.self
      case .evaluate: Evaluate.self
      case .network: Network.self
      }
    })

  static func main() {
    if TorchPart.isNeeded(for: Program.arguments) { Program.becomeTorchPart(GANInSAR.self) }
    Program.run(GANInSAR.self)
  }
}

/// A subcommand of `ganinsar-torch`, here only to be listed by `ganinsar --help`.
private protocol Listed: ParsableCommand {
  static var part: TorchPart { get }
}

extension Listed {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: part.rawValue, abstract: part.abstract)
  }
  func run() throws { try TorchPart.start() }
}

private struct Train: Listed { static let part = TorchPart.train }
private struct Generate: Listed { static let part = TorchPart.generate }
private struct Studio: Listed { static let part = TorchPart.studio }
private struct Export: Listed { static let part = TorchPart.export }
private struct Evaluate: Listed { static let part = TorchPart.evaluate }
private struct Network: Listed { static let part = TorchPart.network }
