import DurableFiles
import InSARPhase

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
    var arrays = planes.mapValues {
      (type: SafetensorsFile.ElementType.float32, shape: [count, 1, size, size], values: $0)
    }
    arrays["dem"] = (.float32, [1, 1, size, size], dem)
    arrays["days"] = (.float32, [count], days)
    try SafetensorsFile.write(
      arrays.mapValues { ($0.type, $0.shape) },
      metadata: ["wavelengthMeters": "\(settings.sensor.wavelengthMeters)"], to: path
    ) { name, body in
      try arrays[name]?.values.withUnsafeBytes(body)
    }
  }
}
