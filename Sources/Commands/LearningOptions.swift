import ArgumentParser
import Jobs
import RasterIO
import Simulators

/// Measured maps for presets that learn from them.
struct LearningOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: .init(
      "A measured rate map, or a folder of them, that the presets rongier-sgs, rongier-ds and lefebvre-hoppe learn from; repeatable.",
      valueName: "file"))
  var trainingImage: [String] = []
  @Option(
    help: .init(
      "A rate map of --size pixels: rongier-sgs and rongier-ds keep its pixels with data.",
      valueName: "file"))
  var given: String?

  var isEmpty: Bool { trainingImage.isEmpty && given == nil }

  /// - Throws: `ValidationError` for maps to a preset that learns from none; `SimulatorError` for none to
  ///   a preset that does.
  func check(_ preset: ScenePreset) throws {
    if preset.needsTrainingImages {
      if trainingImage.isEmpty { throw SimulatorError.noTrainingImage(preset: preset.name) }
    } else if !isEmpty {
      throw ValidationError(
        "--training-image and --given are for presets that learn from maps: "
          + ScenePreset.all.filter(\.needsTrainingImages).map(\.name).joined(separator: ", ") + ".")
    }
  }

  /// - Throws: as `SceneInputs.read`.
  func inputs(dem: String?, units: UnitOptions) throws -> SceneInputs {
    try SceneInputs.read(
      dem: dem, trainingImages: trainingImage, given: given,
      options: RasterReadOptions(unit: units.unit, losConvention: units.losSign))
  }
}
