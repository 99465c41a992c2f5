import ArgumentParser
import Datasets
import DurableFiles
import Foundation
import Jobs
import Kernel
import Rasters
import RunSupport

/// Where the components of interferograms come from besides the settings.
struct ComponentOptions: ParsableArguments {
  @Option(
    help: .init(
      "Delays of the atmosphere (m, cm, mm or rad) in place of drawn turbulence: a map, a folder of maps, or a model.",
      valueName: "path"))
  var atmosphere: String?
  @Option(
    help: .init(
      "Factors from 0 to 1 for the coherence; a folder of maps is cropped at random; or a model.",
      valueName: "path"))
  var coherence: String?
  @Option(
    parsing: .unconditional,
    help: .init(
      "Heights in m from a folder of maps, cropped at random, or a model; instead of --dem.",
      valueName: "path"))
  var height: String?
  @Option(
    help: .init(
      "Number of maps that each of these models draws (default: 256).", valueName: "number"))
  var componentMaps: Int?

  func validate() throws {
    try require("--component-maps", componentMaps, in: 1...1_000_000)
    guard componentMaps == nil || [atmosphere, coherence, height].contains(where: Self.isModel)
    else {
      throw ValidationError(
        "--component-maps is for models of --atmosphere, --coherence and --height.")
    }
  }

  private static func isModel(_ path: String?) -> Bool { path.map(ModelSummary.isModel) ?? false }

  var hasModels: Bool { [atmosphere, coherence, height].contains(where: Self.isModel) }

  /// The rasters of a composition, for models the folders of their maps, which are drawn here.
  ///
  /// - Parameters:
  ///   - output: the maps of a model lie beside it, in `OUT.atmosphere` and so on.
  ///   - width, height: what a map must have at least.
  /// - Throws: `RunError` for a model that cannot be read or draws something else; `ExitCode` where it
  ///   failed.
  func rasters(
    dem: String?, heightError: String?, output: String, seed: UInt64, width: Int, height: Int
  ) throws -> StackComposition.Rasters {
    var rasters = StackComposition.Rasters(dem: dem, heightError: heightError, coherence: coherence)
    rasters.atmosphere = atmosphere
    rasters.height = self.height
    let components: [(WritableKeyPath<StackComposition.Rasters, String?>, Quantity)] = [
      (\.atmosphere, .atmosphere), (\.coherence, .coherence), (\.height, .height),
    ]
    for (number, (key, quantity)) in components.enumerated() {
      guard let path = rasters[keyPath: key], ModelSummary.isModel(path) else { continue }
      let model = try ModelSummary(path)
      guard model.quantity == quantity else {
        throw RunError.cannotRead(
          path: model.path,
          reason: "it draws \(model.quantity.words), and \(quantity.words) are needed here")
      }
      let side = model.sizePixels ?? 0
      guard model.drawsAnySize || (side >= width && side >= height) else {
        throw RunError.cannotRead(
          path: model.path,
          reason: "it draws maps of \(side) x \(side) pixels, and the rate "
            + "maps have \(width) x \(height): give smaller rate maps, or a model of larger ones")
      }
      var random = CounterRandom(seed, .componentMaps, UInt64(number))
      rasters[keyPath: key] = try GeneratedMaps(
        model: path, folder: "\(FilePath.trimmed(output)).\(quantity.rawValue)",
        count: componentMaps ?? 256, seed: random.next(),
        size: model.drawsAnySize ? "\(width)x\(height)" : nil
      ).written(for: quantity.words)
    }
    return rasters
  }
}

/// The folder of maps of a generator, which the part of the program with LibTorch writes, continues,
/// or leaves as it is if it holds the same maps.
struct GeneratedMaps {
  var model: String
  var folder: String
  var count: Int
  var seed: UInt64
  /// As `generate` takes it; `nil`: the model's own.
  var size: String?

  /// Writes what is missing; another process that does so at this moment is waited for.
  /// - Returns: the folder.
  /// - Throws: `ExitCode` where the generator failed.
  func written(for words: String) throws -> String {
    let claim = try waitingClaim()
    defer { withExtendedLifetime(claim) {} }
    let isThere = FileSystem.exists(folder)
    var arguments = [
      TorchPart.generate.rawValue, model, "-o", folder, "--count", "\(count)", "--seed", "\(seed)",
      "--format", "npy",
    ]
    if let size { arguments += ["--size", size] }
    if Messages.level == .quiet { arguments.append("--quiet") }
    do {
      try TorchPart.runBeside(arguments)
    } catch let code as ExitCode where isThere {
      printNote("Note: \(words) are taken from \(folder): delete it to generate others.")
      throw code
    }
    return folder
  }

  private func waitingClaim() throws -> OutputClaim {
    while true {
      do { return try OutputClaim(folder) } catch RunError.inUse {
        try Interruption.check()
        Thread.sleep(forTimeInterval: 0.5)
      }
    }
  }
}
