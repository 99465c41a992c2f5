import Geostatistics
import Kernel

/// Numbers of the preset `rongier-sgs`.
public struct RongierGaussianSettings: Codable, Sendable, Equatable {
  public var neighbors = SequentialGaussianSimulation.neighborLimit
  public var variogram = "fitted to the training image's normal scores"
}

/// The draws of one map of the presets that learn from training images.
public struct TrainingImageRecord: Codable, Sendable, Equatable {
  public var trainingImage: String
  /// The variogram of standard scores, of sequential Gaussian simulation.
  public var variogram: VariogramModel?
  /// Pixels of the largest piece that is a verbatim copy, of presets that copy pixels.
  public var largestCopyPixels: Int?
  /// The fraction of pixels that belong to such pieces.
  public var copiedFraction: Double?
}

extension ScenePreset {
  private static let rongierSource =
    "Rongier, Rude, Herring and Pankratius, Generative modeling of InSAR interferograms, Earth and "
    + "Space Science 6, 2019"

  /// Sequential Gaussian simulation with the variogram and the distribution of a training image.
  public static let rongierSGS = ScenePreset(
    name: "rongier-sgs",
    summary: "fields with the variogram and values of a measured map, its training image",
    source: rongierSource, pixelSizeMeters: 90, settings: RongierGaussianSettings(),
    needsTrainingImages: true
  ) { grid, inputs, random in
    let training = inputs.training!
    let image = random.integer(below: training.images.count)
    let given = try fitting(inputs.given, grid)
    let model = try training.gaussianModel(image, grid: grid, given: given)
    var rates = model.simulation.field(&random).map(model.scores.value)
    // Exactly, not only as near as scores and back.
    for (pixel, rate) in (given?.values ?? []).enumerated() where !rate.isNaN {
      rates[pixel] = rate
    }
    return SimulatedSample(
      grid: grid, rateCMPerYear: rates,
      record: TrainingImageRecord(
        trainingImage: training.images[image].name, variogram: model.simulation.model))
  }

  /// Direct sampling: multiple-point statistics, pixel by pixel from a training image.
  public static let rongierDS = ScenePreset(
    name: "rongier-ds",
    summary: "pixels copied from a measured map, its training image, where it looks alike",
    source: rongierSource + "; Mariethoz, Renard and Straubhaar, Water Resources Research 46, 2010",
    pixelSizeMeters: 90, settings: DirectSampling.Settings(), needsTrainingImages: true
  ) { grid, inputs, random in
    let training = inputs.training!
    let image = random.integer(below: training.images.count)
    let map = try training.directSampling(image).map(
      width: grid.width, height: grid.height, given: fitting(inputs.given, grid), random: &random)
    return SimulatedSample(
      grid: grid, rateCMPerYear: map.values,
      record: TrainingImageRecord(
        trainingImage: training.images[image].name, largestCopyPixels: map.largestCopyPixels,
        copiedFraction: map.copiedFraction))
  }

  private static func fitting(_ given: Conditioning?, _ grid: SceneGrid) throws -> Conditioning? {
    guard let given else { return nil }
    guard given.width == grid.width, given.height == grid.height else {
      throw GeostatisticsError.conditioning(
        reason: "they are on \(given.width) x \(given.height) pixels, and the map has "
          + "\(grid.width) x \(grid.height); give \(OptionName.size) or another raster")
    }
    return given
  }
}
