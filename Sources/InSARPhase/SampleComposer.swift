import Foundation
import RunSupport
import TorchCore

/// Wrapped interferograms for machine learning by the batch, with every component kept.
///
/// Sample *i* is a function of the seed, the settings, its rate map and *i* alone, whatever the batch
/// or thread. Random fields and noise are made on the CPU; all else is on `device`. One
/// composer serves one thread; make one for each.
/// Source: paper GANInSAR, equation 1.
public final class SampleComposer {
  public let settings: SampleSettings
  public let seed: UInt64
  public let device: Device

  private let radar: RadarGeometry
  private let turbulence: RandomField?
  private let heightError: RandomField?
  /// -1/2 to 1/2 to the east and to the north: [1, 1, 1, W] and [1, 1, H, 1].
  private let axes: (x: Tensor, y: Tensor)

  /// - Throws: `InSARPhaseError.settings` with all faults.
  public init(_ settings: SampleSettings = SampleSettings(), seed: UInt64, device: Device = .cpu)
    throws
  {
    try settings.validate()
    self.settings = settings
    self.seed = seed
    self.device = device
    let radar = RadarGeometry(settings.sensor)
    self.radar = radar
    let model = settings.model
    func field(
      _ component: PhaseComponent, _ spectrum: TurbulenceSpectrum, deviation: Double
    ) throws -> RandomField? {
      guard model.has(component) else { return nil }
      return try RandomField(
        width: settings.size, height: settings.size, pixelSizeMeters: settings.pixelSizeMeters,
        spectrum: spectrum, deviation: deviation, padding: settings.padding)
    }
    // A longer delay looks like motion away from the satellite.
    turbulence = try field(
      .turbulence, model.turbulence.spectrum,
      deviation: -DeformationPhase(radar).radiansPerMeter * model.turbulence.deviationMeters)
    heightError = try field(
      .topographicError, model.heightError.spectrum,
      deviation: model.heightError.deviationMeters)
    let size = settings.size
    let places = (0..<size).map { Float((Double($0) + 0.5) / Double(size) - 0.5) }
    axes = (
      x: try Tensor(places, shape: [1, 1, 1, size], device: device),
      y: try Tensor(Array(places.reversed()), shape: [1, 1, size, 1], device: device)
    )
  }

  /// Samples `firstIndex`, `firstIndex + 1`, ... of as many rate maps.
  ///
  /// - Parameters:
  ///   - rateCMPerYear: [N, 1, size, size], LOS, positive toward the satellite.
  ///   - demMeters: [N or 1, 1, size, size], for stratification.
  /// - Throws: `TorchError.shape` for another shape; `InSARPhaseError.missing` for stratification
  ///   without a DEM; `TorchError` when memory runs out.
  public func compose(rateCMPerYear: Tensor, demMeters: Tensor? = nil, firstIndex: Int = 0) throws
    -> SampleBatch
  {
    let size = settings.size
    let shape = rateCMPerYear.shape
    guard shape.count == 4, shape[0] > 0, Array(shape[1...]) == [1, size, size] else {
      throw TorchError.shape("rate maps", expected: "[N, 1, \(size), \(size)]", got: shape)
    }
    guard firstIndex >= 0 else {
      throw InSARPhaseError.outOfRange(
        quantity: "firstIndex", value: Double(firstIndex), expected: "0 or more")
    }
    let parameters = (0..<shape[0]).map { draw(firstIndex + $0) }
    func perSample(_ value: (SampleParameters) -> Double) throws -> Tensor {
      try Tensor(parameters.map { Float(value($0)) }, shape: [shape[0], 1, 1, 1], device: device)
    }
    func keys(_ stream: RandomStream, date: UInt64 = 0) -> [CounterRandom] {
      parameters.map { CounterRandom(seed, stream, UInt64($0.index), date) }
    }
    var components: [PhaseComponent: Tensor] = [:]
    var heightErrorMeters: Tensor?
    var turbulenceOfDates: (reference: Tensor, secondary: Tensor)?
    let model = settings.model
    if model.has(.deformation) {
      let radiansPerDay = DeformationPhase(radar).radiansPerCMPerYearDay
      components[.deformation] =
        try rateCMPerYear.to(device: device) * perSample { radiansPerDay * $0.days }
    }
    if let heightError {
      let meters = try heightError.fields(keys(.sampleHeightError), device: device)
        .unsqueeze(1)
      let radians = TopographicError(radar).radiansPerSquareMeter
      heightErrorMeters = meters
      components[.topographicError] =
        try meters * perSample { radians * $0.perpendicularBaselineMeters }
    }
    if let turbulence {
      // The two dates' delays, one after the other.
      let both = try turbulence.fields(
        keys(.sampleTurbulence, date: 0) + keys(.sampleTurbulence, date: 1), device: device
      ).unsqueeze(1).split(0, parts: 2)
      turbulenceOfDates = (both[0], both[1])
      components[.turbulence] = try both[1] - both[0]
    }
    if model.has(.stratification) {
      guard let demMeters else {
        throw InSARPhaseError.missing(what: "a DEM", neededFor: "the component stratification")
      }
      let heights = try demMeters.to(device: device)
      let relative = try heights - heights.mean([1, 2, 3], keepDims: true)
      components[.stratification] =
        try relative * perSample { $0.stratificationRadiansPerKilometer / 1000 }
    }
    if model.has(.orbitalRamp) {
      components[.orbitalRamp] = try ramp(model.orbitalRamp.shape) { term in
        try perSample { $0.rampRadians[term] }
      }
    }
    if model.has(.decorrelation) {
      let pixels = size * size
      let keys = keys(.sampleNoise)
      components[.decorrelation] = try Tensor.filled([shape[0], 1, size, size]) { buffer in
        for (index, key) in keys.enumerated() {
          let plane = UnsafeMutableBufferPointer(
            rebasing: buffer[index * pixels..<(index + 1) * pixels])
          plane.update(repeating: Float(parameters[index].coherence))
          model.decorrelation.replaceByNoise(plane, key)
        }
      }.to(device: device)
    }
    let unwrapped = try Self.sum(components, shape: shape, device: device)
    return SampleBatch(
      parameters: parameters, components: components, turbulenceOfDates: turbulenceOfDates,
      heightErrorMeters: heightErrorMeters, unwrapped: unwrapped,
      wrapped: try unwrapped.wrappedPhase(),
      coherence: try perSample(\.coherence).expand([-1, -1, size, size]))
  }

  /// The surface of `OrbitalRamp` from its coefficients, each [N, 1, 1, 1].
  private func ramp(
    _ shape: OrbitalRamp.Shape, _ coefficient: (_ term: Int) throws -> Tensor
  ) throws -> Tensor {
    let (x, y) = axes
    let plane = (x: try x * coefficient(0), y: try y * coefficient(1))
    guard shape == .quadratic else { return try plane.x + plane.y }
    let east = try plane.x + x.square() * coefficient(2)
    let north = try plane.y + y.square() * coefficient(4)
    let product = try (x * coefficient(3)) * y
    return try east + north + product
  }

  private static func sum(
    _ components: [PhaseComponent: Tensor], shape: [Int], device: Device
  ) throws -> Tensor {
    let planes = PhaseComponent.allCases.compactMap { components[$0] }
    guard let first = planes.first else { return try Tensor.zeros(shape, device: device) }
    guard planes.count > 1 else { return try first.clone() }
    let sum = try first + planes[1]
    for plane in planes.dropFirst(2) { try sum.add_(plane) }
    return sum
  }

  private func draw(_ index: Int) -> SampleParameters {
    var random = CounterRandom(seed, .sampleParameters, UInt64(index))
    let model = settings.model
    let days =
      Double(random.integer(in: 1...settings.maximumIntervals) * settings.sensor.repeatIntervalDays)
    let baseline = settings.baselineDeviationMeters * random.normal()
    func dates<Value>(_ stream: RandomStream, _ value: (CounterRandom) -> Value) -> (Value, Value) {
      func key(_ date: UInt64) -> CounterRandom {
        CounterRandom(seed, stream, UInt64(index), date)
      }
      return (value(key(0)), value(key(1)))
    }
    let layers = dates(.sampleStratification) {
      model.stratification.draw($0).radiansPerKilometer
    }
    let ramps = dates(.sampleOrbitalRamp) { model.orbitalRamp.coefficients($0) }
    return SampleParameters(
      index: index, days: days, perpendicularBaselineMeters: baseline,
      coherence: model.has(.decorrelation)
        ? model.decorrelation.coherence(
          days: days, perpendicularBaselineMeters: baseline,
          criticalBaselineMeters: radar.criticalBaselineMeters) : 1,
      stratificationRadiansPerKilometer: layers.1 - layers.0,
      rampRadians: zip(ramps.1, ramps.0).map { $0 - $1 })
  }
}

/// Interferograms as tensors of [N, 1, H, W], and everything that they were made of, in rad.
public struct SampleBatch {
  public let parameters: [SampleParameters]
  public let components: [PhaseComponent: Tensor]
  /// Delays of the reference and of the secondary; `nil` without turbulence.
  public let turbulenceOfDates: (reference: Tensor, secondary: Tensor)?
  /// In m; `nil` without topographic error.
  public let heightErrorMeters: Tensor?
  /// The components' sum in the order of `PhaseComponent.allCases`.
  public let unwrapped: Tensor
  /// `unwrapped` in [-pi, pi), bit for bit what `wrapped(_:)` makes of it.
  public let wrapped: Tensor
  /// In [0, 1].
  public let coherence: Tensor
}
