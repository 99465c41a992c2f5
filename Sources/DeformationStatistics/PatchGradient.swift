/// Gradients between neighboring pixels.
enum PatchGradient {
  /// |gradient| in cm/yr per pixel, [(size - 1) * (size - 1)]: forward differences along rows and
  /// columns at every pixel that has both neighbors.
  static func magnitudes(_ patch: [Float], size: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity((size - 1) * (size - 1))
    for row in 0..<size - 1 {
      for column in 0..<size - 1 {
        let place = row * size + column
        let right = patch[place + 1] - patch[place]
        let down = patch[place + size] - patch[place]
        result.append((right * right + down * down).squareRoot())
      }
    }
    return result
  }
}
