import RasterIO
import Rasters
import Simulators
import StackFiles

/// The rate maps of a preset, simulated when they are needed.
struct PresetMaps: SampleGroundSource {
  let preset: ScenePreset
  let grid: SceneGrid
  let seed: UInt64
  let inputs: SceneInputs
  let count: Int

  func map(_ index: Int) throws -> SampleGround {
    let sample = try preset.sample(grid: grid, seed: seed, index: index, inputs: inputs)
    guard sample.isFinite else {
      throw SimulatorError.notFinite(preset: preset.name, sample: index)
    }
    let rate = Raster(
      width: grid.width, height: grid.height, values: sample.rateCMPerYear,
      unit: .centimetersPerYear, georeference: .simulated(grid))
    return SampleGround(
      name: "\(preset.name)_\(index.zeroPadded(6))",
      ground: StackComposition.Ground(
        rate: rate, dem: nil, demError: nil, coherence: nil,
        reading: RateReading(RasterReadOptions())))
  }
}
