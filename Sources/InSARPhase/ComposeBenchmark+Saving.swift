import TorchCore

extension ComposeBenchmark {
  /// Writes the first samples that the benchmark makes, so that other code may check them.
  ///
  /// Tensors [count, 1, size, size] by the names `rate`, `dem`, `unwrapped`, `wrapped`, `coherence`,
  /// `turbulence.reference`, `turbulence.secondary` and the components' own; `days` [count].
  /// - Throws: what `SampleComposer` and writing throw.
  public static func save(
    _ settings: SampleSettings, count: Int, device: Device = .cpu, to path: String
  ) throws {
    let composer = try SampleComposer(settings, seed: 1, device: device)
    let rates = try PointSourceRates().maps(
      count: count, size: settings.size, pixelSizeMeters: settings.pixelSizeMeters,
      radar: RadarGeometry(settings.sensor), seed: 1, firstIndex: 0, device: device)
    let dem = try dem(settings, device: device)
    let samples = try composer.compose(rateCMPerYear: rates, demMeters: dem)
    var tensors = [
      "rate": rates, "dem": dem, "unwrapped": samples.unwrapped, "wrapped": samples.wrapped,
      "coherence": samples.coherence,
      "days": try Tensor(samples.parameters.map { Float($0.days) }, shape: [count]),
    ]
    if let dates = samples.turbulenceOfDates {
      tensors["turbulence.reference"] = dates.reference
      tensors["turbulence.secondary"] = dates.secondary
    }
    for (component, plane) in samples.components { tensors[component.rawValue] = plane }
    try Safetensors.write(
      tensors.mapValues { try $0.clone() },
      metadata: ["wavelengthMeters": "\(settings.sensor.wavelengthMeters)"], to: path)
  }
}
