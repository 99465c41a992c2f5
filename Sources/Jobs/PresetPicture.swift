import Datasets
import Foundation
import InSARPhase
import Kernel
import Pictures
import Rasters
import Simulators

/// An image of samples of every preset (those that learn only with training images) on one color scale, as rates or as the wrapped phases that a
/// sensor would measure, with measured maps above them.
package struct PresetPicture: Sendable {
  package var sizePixels: Int
  package var seed: UInt64
  package var columns: Int
  package var inputs: SceneInputs
  /// Measured rate maps with their labels.
  package var measured: [(label: String, maps: [Raster])]

  package init(
    sizePixels: Int = 256, seed: UInt64 = 0, columns: Int = 5, inputs: SceneInputs = SceneInputs(),
    measured: [(label: String, maps: [Raster])] = []
  ) {
    self.sizePixels = sizePixels
    self.seed = seed
    self.columns = columns
    self.inputs = inputs
    self.measured = measured
  }

  /// The rates within +-15 cm/yr, and their wrapped phase for `sensor` over `days`.
  package func render(
    sensor: Sensor = .sentinel1, days: Double = 60
  ) throws -> (rates: PNGImage, wrapped: PNGImage) {
    let groups = try groups()
    let phase = DeformationPhase(sensor)
    let wrappedGroups = groups.map { group in
      ContactSheet.Group(
        label: group.label,
        patches: group.patches.map { patch in
          var wrapped = patch
          wrapped.values = InSARPhase.wrapped(
            phase.radians(rateCMPerYear: patch.values, days: days))
          wrapped.unit = .radians
          return wrapped
        })
    }
    return (
      try ContactSheet.render(
        groups, columns: columns, limit: 15, title: "Rate toward the satellite"),
      try ContactSheet.render(
        wrappedGroups, columns: columns, limit: .pi,
        title: "Wrapped phase, \(sensor.rawValue), \(Int(days)) days")
    )
  }

  private func groups() throws -> [ContactSheet.Group] {
    var groups = try measured.map { name, maps in
      ContactSheet.Group(
        label: name, patches: try maps.map { try center(of: $0.converted(to: .centimetersPerYear)) }
      )
    }
    for preset in ScenePreset.all where !preset.needsTrainingImages || inputs.training != nil {
      let grid = try SceneGrid(
        width: sizePixels, height: sizePixels, pixelSizeMeters: preset.pixelSizeMeters)
      let maps = Parallel.results(0..<columns) { index in
        try preset.sample(grid: grid, seed: seed, index: index, inputs: inputs).rateCMPerYear
      }
      groups.append(
        ContactSheet.Group(
          label: preset.name,
          patches: try maps.map {
            Raster(
              width: sizePixels, height: sizePixels, values: try $0.get(),
              unit: .centimetersPerYear)
          }))
    }
    return groups
  }

  /// The central part of a map, at most as large as the samples.
  private func center(of raster: Raster) -> Raster {
    let width = min(raster.width, sizePixels)
    let height = min(raster.height, sizePixels)
    let left = (raster.width - width) / 2
    let top = (raster.height - height) / 2
    let values = (top..<top + height).flatMap { row in
      raster.values[row * raster.width + left..<row * raster.width + left + width]
    }
    return Raster(width: width, height: height, values: values, unit: raster.unit)
  }

  /// A map as `prepare` harmonizes it: its 99.5th percentile of |rate| is 25 cm/yr, as in the
  /// paper's scenes.
  package static func harmonized(_ raster: Raster) throws -> Raster {
    var result = try raster.converted(to: .centimetersPerYear)
    let harmonization = ScenePreparation.Harmonization()
    guard let (median, reach) = harmonization.reach(of: result.values), reach > 0 else {
      return result
    }
    harmonization.apply(to: &result.values, median: median, reach: reach)
    return result
  }
}
