import Commands
import InSARPhase
import TorchCore

extension ComposeBenchmark {
  /// Writes the first samples of the benchmark, so that other programs can check them.
  ///
  /// Tensors [count, 1, size, size] by the names `rate`, `unwrapped`, `wrapped`, `coherence`,
  /// `turbulence.reference`, `turbulence.secondary` and the components' own; `dem` [1, 1, size, size];
  /// `days` [count].
  /// - Throws: the errors of `SampleComposer` and of writing.
  static func save(_ settings: SampleSettings, count: Int, to path: String) throws {
    let composer = try SampleComposer(settings, seed: 1)
    let dem = try dem(settings)
    let heights = RelativeHeights(demMeters: dem)
    var planes: [String: [Float]] = [:]
    var days: [Float] = []
    for index in 0..<count {
      let rate = try rateMap(index, settings)
      let sample = try composer.sample(index, rateCMPerYear: rate, heights: heights)
      let interferogram = sample.interferogram
      planes["rate", default: []] += rate
      planes["unwrapped", default: []] += interferogram.unwrappedRadians
      planes["wrapped", default: []] += interferogram.wrappedRadians
      planes["coherence", default: []] += interferogram.coherence
      if let dates = sample.turbulenceOfDates {
        planes["turbulence.reference", default: []] += dates.reference
        planes["turbulence.secondary", default: []] += dates.secondary
      }
      for (component, plane) in interferogram.componentsRadians {
        planes[component.rawValue, default: []] += plane
      }
      days.append(Float(sample.parameters.days))
    }
    let size = settings.size
    var tensors = try planes.mapValues { try Tensor($0, shape: [count, 1, size, size]) }
    tensors["dem"] = try Tensor(dem, shape: [1, 1, size, size])
    tensors["days"] = try Tensor(days, shape: [count])
    try Safetensors.write(
      tensors, metadata: ["wavelengthMeters": "\(settings.sensor.wavelengthMeters)"], to: path)
  }
}
