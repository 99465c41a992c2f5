import Kernel

/// Wrapped interferograms for machine learning, with every component kept.
///
/// Sample *i* depends on the seed, the settings, its rate map and *i* alone, so threads may share a
/// composer and make samples in any order.
/// Source: paper GANInSAR, equation 1.
public struct SampleComposer: Sendable {
  public let settings: SampleSettings
  public let seed: UInt64

  private let radar: RadarGeometry
  private let turbulence: RandomField?
  private let demError: RandomField?
  private let groundCover: CoherenceMap.Fields?
  /// Pixel centers from -1/2 in the west to 1/2 in the east.
  private let places: [Float]

  /// - Throws: `InSARPhaseError.settings` with all faults; `InSARPhaseError.outOfMemory`.
  public init(_ settings: SampleSettings = SampleSettings(), seed: UInt64) throws {
    try settings.validate()
    self.settings = settings
    self.seed = seed
    let radar = RadarGeometry(settings.sensor)
    self.radar = radar
    let model = settings.model
    func field(
      _ component: PhaseComponent, _ spectrum: TurbulenceSpectrum, _ scale: RandomField.Scale
    ) throws -> RandomField? {
      guard model.has(component) else { return nil }
      return try RandomField(
        width: settings.size, height: settings.size, pixelSizeMeters: settings.pixelSizeMeters,
        spectrum: spectrum, scale: scale, padding: settings.padding)
    }
    turbulence = try field(
      .turbulence, model.turbulence.spectrum, model.turbulence.scale(radar))
    demError = try field(
      .topographicError, model.heightError.spectrum, model.heightError.scale)
    groundCover =
      model.has(.decorrelation) && model.coherence.source == .drawn
      ? try CoherenceMap.Fields(
        model.coherence, width: settings.size, height: settings.size,
        pixelSizeMeters: settings.pixelSizeMeters) : nil
    let size = Double(settings.size)
    places = (0..<settings.size).map { Float((Double($0) + 0.5) / size - 0.5) }
  }

  /// Sample `index` of a rate map.
  ///
  /// - Parameters:
  ///   - rateCMPerYear: [size x size], LOS, positive toward the satellite.
  ///   - heights: of [size x size] pixels, for stratification, and for water and slopes in the
  ///     coherence.
  ///   - cover: the ground cover of the map, from `groundCover`; drawn for this sample alone if `nil`.
  /// - Throws: `InSARPhaseError.sizesDiffer` for a map of another size, `.missing` for stratification
  ///   without heights, `.outOfRange` for a negative index, `.outOfMemory`.
  public func sample(
    _ index: Int, rateCMPerYear: [Float], heights: RelativeHeights? = nil,
    cover: CoherenceMap? = nil
  ) throws -> ComposedSample {
    guard index >= 0 else {
      throw InSARPhaseError.outOfRange(
        quantity: "the index of a sample", value: Double(index), expected: "0 or more")
    }
    let count = settings.size * settings.size
    for (name, plane) in [("the rate map", rateCMPerYear), ("the DEM", heights?.meters)] {
      guard let plane, plane.count != count else { continue }
      throw InSARPhaseError.sizesDiffer(quantity: name, expected: count, got: plane.count)
    }
    let parameters = draw(index)
    func key(_ stream: RandomStream, date: UInt64 = 0) -> CounterRandom {
      CounterRandom(seed, stream, UInt64(index), date)
    }
    let model = settings.model
    let demErrorMeters = try demError?.field(key(.sampleDEMError))
    var dates = (reference: DatePhase(), secondary: DatePhase())
    if let turbulence {
      func delay(_ date: UInt64, day: Double) throws -> [Float] {
        try turbulence.field(
          key(.sampleTurbulence, date: date),
          times: model.turbulence.strength(day: day, key(.sampleTurbulenceStrength, date: date)))
      }
      let day = parameters.dayOfYear
      dates.reference.components[.turbulence] = try delay(0, day: day)
      dates.secondary.components[.turbulence] = try delay(1, day: day + parameters.days)
    }
    var differences: [PhaseComponent: [Float]] = [:]
    if model.has(.stratification) {
      guard let heights else {
        throw InSARPhaseError.missing(what: "a DEM", neededFor: "the component stratification")
      }
      differences[.stratification] = Planes.scaled(
        heights.meters, by: Float(parameters.stratificationRadiansPerKilometer / 1000))
    }
    if model.has(.orbitalRamp) {
      differences[.orbitalRamp] = ramp(parameters.rampRadians.map { Float($0) })
    }
    let coherence =
      try (cover ?? groundCover(index, heights: heights))?.coherence(
        days: parameters.days,
        perpendicularBaselineMeters: parameters.perpendicularBaselineMeters,
        day: parameters.dayOfYear + parameters.days / 2)
      ?? [Float](repeating: Float(parameters.coherence), count: count)
    if model.has(.decorrelation) {
      differences[.decorrelation] = model.decorrelation.noiseRadians(
        coherence: coherence, key(.sampleNoise))
    }
    return ComposedSample(
      parameters: parameters,
      interferogram: try Interferogram(
        index: index, width: settings.size, height: settings.size, model: model, radar: radar,
        days: parameters.days, perpendicularBaselineMeters: parameters.perpendicularBaselineMeters,
        rateCMPerYear: rateCMPerYear, demErrorMeters: demErrorMeters, dates: dates,
        differences: differences, coherence: coherence),
      turbulenceOfDates: dates.reference.components[.turbulence].flatMap { reference in
        dates.secondary.components[.turbulence].map { (reference, $0) }
      },
      demErrorMeters: demErrorMeters)
  }

  /// The ground cover of a rate map, for all of its samples; `nil` if the model draws none.
  ///
  /// - Parameters:
  ///   - map: the number of the map; the same number gives the same cover.
  ///   - heights: of the map's pixels.
  /// - Throws: `InSARPhaseError.outOfMemory`.
  public func groundCover(_ map: Int, heights: RelativeHeights? = nil) throws -> CoherenceMap? {
    try groundCover.map {
      try CoherenceMap(
        settings.model.coherence, ground: settings.model.decorrelation, fields: $0,
        width: settings.size, height: settings.size, pixelSizeMeters: settings.pixelSizeMeters,
        radar: radar, heightMeters: heights?.meters,
        key: { CounterRandom(seed, .sampleCoherence, UInt64(map), $0) })
    }
  }

  /// The surface of `OrbitalRamp`, [size x size] in rad, from its two or five coefficients, in single
  /// precision.
  private func ramp(_ coefficients: [Float]) -> [Float] {
    let size = settings.size
    let isQuadratic = coefficients.count > 2
    let east = places.map { x in
      isQuadratic ? x * coefficients[0] + x * x * coefficients[2] : x * coefficients[0]
    }
    let product = isQuadratic ? places.map { $0 * coefficients[3] } : []
    return Planes.filled(size * size) { out in
      for row in 0..<size {
        let y = places[size - 1 - row]
        let line = out + row * size
        guard isQuadratic else {
          let north = y * coefficients[1]
          for column in 0..<size { line[column] = east[column] + north }
          continue
        }
        let north = y * coefficients[1] + y * y * coefficients[4]
        for column in 0..<size { line[column] = east[column] + north + product[column] * y }
      }
    }
  }

  private func draw(_ index: Int) -> SampleParameters {
    var random = CounterRandom(seed, .sampleParameters, UInt64(index))
    let model = settings.model
    let days =
      Double(random.integer(in: 1...settings.maximumIntervals) * settings.sensor.repeatIntervalDays)
    let baseline = settings.baselineDeviationMeters * random.normal()
    let side = Double(settings.size) * settings.pixelSizeMeters
    let dayOfYear = random.uniform() * 365.25
    func dates<Value>(
      _ stream: RandomStream, _ value: (Double, CounterRandom) -> Value
    ) -> (Value, Value) {
      func key(_ date: UInt64) -> CounterRandom {
        CounterRandom(seed, stream, UInt64(index), date)
      }
      return (value(dayOfYear, key(0)), value(dayOfYear + days, key(1)))
    }
    let layers = dates(.sampleStratification) {
      model.stratification.draw(day: $0, $1).radiansPerKilometer
    }
    let ramps = dates(.sampleOrbitalRamp) {
      model.orbitalRamp.coefficients($1, widthMeters: side, heightMeters: side)
    }
    return SampleParameters(
      index: index, dayOfYear: dayOfYear, days: days, perpendicularBaselineMeters: baseline,
      coherence: model.has(.decorrelation)
        ? model.decorrelation.coherence(
          days: days, perpendicularBaselineMeters: baseline,
          criticalBaselineMeters: radar.criticalBaselineMeters) : 1,
      stratificationRadiansPerKilometer: layers.1 - layers.0,
      rampRadians: zip(ramps.1, ramps.0).map { $0 - $1 })
  }
}

/// Heights relative to the mean of a DEM, prepared once for many samples.
public struct RelativeHeights: Sendable, Equatable {
  /// Height above the mean of the finite heights, in m, [height x width]; NaN where the DEM has none.
  public let meters: [Float]

  public init(demMeters: [Float]) {
    let mean = Float(Stratification.mean(demMeters))
    meters = demMeters.map { $0 - mean }
  }
}

/// An interferogram and everything that it was made of.
public struct ComposedSample: Sendable {
  public let parameters: SampleParameters
  public let interferogram: Interferogram
  /// Delays of the reference and of the secondary in rad, [height x width]; `nil` without turbulence.
  public let turbulenceOfDates: (reference: [Float], secondary: [Float])?
  /// [height x width] in m; `nil` without topographic error.
  public let demErrorMeters: [Float]?
}
