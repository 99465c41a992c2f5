/// Connected areas of a patch that deform faster than a threshold.
public struct Blobs: Sendable, Equatable {
  public struct Blob: Sendable, Equatable {
    public var areaPixels: Int
    /// The rate of largest magnitude, with its sign, in cm/yr.
    public var peakCMPerYear: Float
  }

  /// Sorted by their first pixel.
  public let blobs: [Blob]

  /// Pixels above +threshold and pixels below -threshold are connected separately, each with its
  /// eight neighbors; areas smaller than `minimumAreaPixels` are left out.
  /// - Throws: `DeformationStatisticsError.invalidSetting` unless both are positive.
  public init(
    _ patch: [Float], size: Int, thresholdCMPerYear: Float, minimumAreaPixels: Int
  ) throws {
    guard thresholdCMPerYear > 0, thresholdCMPerYear.isFinite else {
      throw DeformationStatisticsError.invalidSetting(
        name: "blob threshold", value: "\(thresholdCMPerYear) cm/yr",
        remedy: "give a positive rate.")
    }
    guard minimumAreaPixels >= 1 else {
      throw DeformationStatisticsError.invalidSetting(
        name: "smallest blob", value: "\(minimumAreaPixels) pixels", remedy: "give 1 or more.")
    }
    // 0 where quiet or visited, else the side of zero that the pixel is on.
    var side = patch.map { (value: Float) -> Int8 in
      value > thresholdCMPerYear ? 1 : value < -thresholdCMPerYear ? -1 : 0
    }
    var found: [Blob] = []
    var waiting: [Int] = []
    for seed in side.indices where side[seed] != 0 {
      let sign = side[seed]
      var blob = Blob(areaPixels: 0, peakCMPerYear: patch[seed])
      side[seed] = 0
      waiting.append(seed)
      while let place = waiting.popLast() {
        blob.areaPixels += 1
        if abs(patch[place]) > abs(blob.peakCMPerYear) { blob.peakCMPerYear = patch[place] }
        let (row, column) = (place / size, place % size)
        for r in max(0, row - 1)...min(size - 1, row + 1) {
          for c in max(0, column - 1)...min(size - 1, column + 1)
          where side[r * size + c] == sign {
            side[r * size + c] = 0
            waiting.append(r * size + c)
          }
        }
      }
      if blob.areaPixels >= minimumAreaPixels { found.append(blob) }
    }
    blobs = found
  }
}
