import FeatureMetrics
import InceptionFeatures
import RasterIO
import TorchCore

extension FeatureSet {
  /// Reads features [N, dimension] from an `.npy` file or an entry of the feature cache.
  /// - Throws: `RasterError`, `TorchError.file`, `EvaluationError.sets` for another shape,
  ///   `.notFinite`.
  public static func read(_ path: String) throws -> FeatureSet {
    let shape: [Int]
    let values: [Float]
    if path.hasSuffix(".npy") {
      let array = try NpyArray.read(path)
      (shape, values) = (array.shape, array.values)
    } else {
      let tensor = try Safetensors(path: path).tensor("features")
      (shape, values) = (tensor.shape, try tensor.floats())
    }
    guard shape.count == 2 else {
      throw EvaluationError.sets(
        "\(path): its shape is \(shape), and features are a table [N, dimension].")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw EvaluationError.notFinite("a value of \(path)")
    }
    return FeatureSet(count: shape[0], dimension: shape[1], values: values)
  }
}
