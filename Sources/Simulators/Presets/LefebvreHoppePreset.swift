import Geostatistics
import Kernel

extension ScenePreset {
  /// Texture synthesis from a training image, by places from coarse to fine.
  public static let lefebvreHoppe = ScenePreset(
    name: "lefebvre-hoppe",
    summary: "whole features of a measured map, its training image, put together anew",
    source: "Lefebvre and Hoppe, Parallel controllable texture synthesis, ACM TOG 24(3), 2005",
    pixelSizeMeters: 90, settings: TextureSynthesis.Settings(), needsTrainingImages: true
  ) { grid, inputs, random in
    guard inputs.given == nil else {
      throw GeostatisticsError.conditioning(
        reason: "lefebvre-hoppe puts whole features together and cannot keep single pixels; "
          + "rongier-ds and rongier-sgs do")
    }
    let training = inputs.training!
    let image = training.imageByPixels(&random)
    // One of the eight symmetries of the square, as training patches are turned and mirrored.
    let (isTurned, mirrorsRows, mirrorsColumns) = (
      random.integer(below: 2) == 1, random.integer(below: 2) == 1, random.integer(below: 2) == 1
    )
    let (width, height) = isTurned ? (grid.height, grid.width) : (grid.width, grid.height)
    let map = try training.textureSynthesis(image)
      .map(width: width, height: height, random: &random)
    let rates = (0..<grid.count).map { pixel -> Float in
      var (row, column) = pixel.quotientAndRemainder(dividingBy: grid.width)
      if isTurned { (row, column) = (column, row) }
      if mirrorsRows { row = height - 1 - row }
      if mirrorsColumns { column = width - 1 - column }
      return map.values[row * width + column]
    }
    return SimulatedSample(
      grid: grid, rateCMPerYear: rates,
      record: TrainingImageRecord(
        trainingImage: training.images[image].name, largestCopyPixels: map.largestCopyPixels,
        copiedFraction: map.copiedFraction))
  }
}

extension TrainingImages {
  /// An image, as often as it has pixels with data: large images have more to show.
  fileprivate func imageByPixels(_ random: inout CounterRandom) -> Int {
    var rest = random.integer(below: images.reduce(0) { $0 + $1.dataCount })
    for (index, image) in images.enumerated() {
      if rest < image.dataCount { return index }
      rest -= image.dataCount
    }
    return images.count - 1
  }
}
