import Pictures

@testable import Evaluation
@testable import FeatureMetrics

/// A network in place of Inception: the means of the four quarters of an image, of its first row and
/// of its first column.
struct QuarterMeans: FeatureExtractor {
  let mode: PreprocessingMode
  let network = EvaluationRecord.Network(
    name: "quarters", file: "none", fileSHA256: "00ff", isVerified: false, preprocessing: "none")

  func features(of images: ImageSet, _ progress: (Int) -> Void) -> FeatureSet {
    let (width, height) = (images.width, images.height)
    var values: [Float] = []
    for index in 0..<images.count {
      let image = images.part(index..<index + 1).pixels.map(Float.init)
      func mean(_ rows: Range<Int>, _ columns: Range<Int>) -> Float {
        var sum: Float = 0
        for row in rows { for column in columns { sum += image[row * width + column] } }
        return sum / Float(rows.count * columns.count)
      }
      for rows in [0..<height / 2, height / 2..<height] {
        for columns in [0..<width / 2, width / 2..<width] { values.append(mean(rows, columns)) }
      }
      values += [mean(0..<1, 0..<width), mean(0..<height, 0..<1)]
      progress(index + 1)
    }
    return FeatureSet(count: images.count, dimension: 6, values: values)
  }

  static let backend = FeatureBackend(algebra: PlainAlgebra(threads: 2)) { mode in
    .extractor(QuarterMeans(mode: mode))
  }
}
