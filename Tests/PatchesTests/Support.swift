import Datasets
import Foundation
import Kernel
import Patches

/// A smooth field of bumps, some strong, with optional holes; deterministic.
func syntheticGrid(
  width: Int, height: Int, seed: UInt64 = 1, amplitude: Double = 20, holeShare: Double = 0
) -> RateGrid {
  var random = CounterRandom(seed, .testInput, 4)
  let bumps = (0..<6).map { _ in
    (
      x: random.uniform() * Double(width), y: random.uniform() * Double(height),
      radius: (0.1 + 0.2 * random.uniform()) * Double(min(width, height)),
      height: random.uniform(-amplitude...amplitude)
    )
  }
  var values: [Float] = []
  for row in 0..<height {
    for column in 0..<width {
      var rate = 0.0
      for bump in bumps {
        let square = pow(Double(column) - bump.x, 2) + pow(Double(row) - bump.y, 2)
        rate += bump.height * exp(-square / (2 * bump.radius * bump.radius))
      }
      let isHole = holeShare > 0 && random.uniform() < holeShare
      values.append(isHole ? .nan : Float(rate))
    }
  }
  return RateGrid(width: width, height: height, values: values)
}

/// A configuration under which everything passes and nothing is changed.
func plainConfiguration() -> PatchLoaderConfiguration {
  var configuration = PatchLoaderConfiguration()
  configuration.filter.epochs = .never
  configuration.offset.epochs = .never
  configuration.multiScale.mix = [MultiScale.Scale(factor: 1, weight: 1)]
  configuration.augmentation.flips = false
  configuration.augmentation.rightAngleRotations = false
  return configuration
}
