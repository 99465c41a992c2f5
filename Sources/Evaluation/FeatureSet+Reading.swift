import DurableFiles
import FeatureMetrics
import RasterIO

extension FeatureSet {
  /// Reads features [N, dimension] from an `.npy` file or an entry of the feature cache.
  /// - Throws: `RasterError`, `RunError.damaged`; `EvaluationError.file` for another shape and for
  ///   values that are not finite.
  public static func read(_ path: String) throws -> FeatureSet {
    let shape: [Int]
    let values: [Float]
    if path.hasSuffix(".npy") {
      let array = try NpyArray.read(path)
      (shape, values) = (array.shape, array.values)
    } else {
      let file = try SafetensorsFile(path: path)
      values = try file.floats(FeatureCache.name)
      shape = file.entry(FeatureCache.name)?.shape ?? []
    }
    guard shape.count == 2 else {
      throw EvaluationError.file(
        path: path, reason: "its shape is \(shape), and features are a table [N, dimension].")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw EvaluationError.file(
        path: path,
        reason: "it contains NaN or infinite values: compute the features again.")
    }
    return FeatureSet(count: shape[0], dimension: shape[1], values: values)
  }
}
